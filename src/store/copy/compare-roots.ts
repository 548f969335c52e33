import { sha256 } from '../../../events/sha256.js'
import { Frontier } from '../../audit/merkle.js'
import { appError } from '../../errors.js'
import type { EventStore } from '../event-store.js'
import type { Sizes } from './compare-streams.js'

/** Root over what the store says of its hashes. */
const rootOfHashes = async (store: EventStore, stream: string, size: number): Promise<string> => {
  const tree = new Frontier()
  for await (const batch of store.readHashes(stream, { to: size - 1 })) for (const one of batch) tree.append(one.sha256)
  return tree.root().toString('hex')
}

/** Root over what stands there: each event is hashed again. */
const rootOfBodies = async (store: EventStore, stream: string, size: number): Promise<string> => {
  const tree = new Frontier()
  for await (const batch of store.readStream(stream, { to: size - 1 })) {
    for (const one of batch) tree.append(sha256(one.body))
  }
  return tree.root().toString('hex')
}

/**
 * Compares the Merkle root of every stream: as the source has recorded it, and as it comes out of the texts in the target.
 * Answers how many. Throws CHECK_FAILED, which names the first stream that differs.
 */
export const compareRoots = async (
  from: EventStore,
  to: EventStore,
  sizes: Sizes,
  onProgress?: (done: number, of: number) => void,
): Promise<number> => {
  let compared = 0
  for (const [stream, size] of sizes) {
    const [source, target] = await Promise.all([rootOfHashes(from, stream, size), rootOfBodies(to, stream, size)])
    if (source !== target) {
      throw appError('CHECK_FAILED', `stream ${stream} has another root in the target: ${target} for ${source}`, {
        ...{ stream, size, source, target },
      })
    }
    onProgress?.(++compared, sizes.size)
  }
  return compared
}

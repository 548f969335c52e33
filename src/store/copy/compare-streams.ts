import { type AppError, appError, orThrow } from '../../errors.js'
import type { EventStore, HashedRevision } from '../event-store.js'

/** Streams by name, each with its number of events. */
export type Sizes = ReadonlyMap<string, number>

export const sizesOf = async (store: EventStore): Promise<Sizes> => {
  const { streams } = await orThrow(store.sizes())
  return new Map(streams.map(({ stream, size }) => [stream, size]))
}

const differs = (stream: string, revision: number, why: string): AppError =>
  appError(
    'TARGET_DIFFERS',
    `The target holds other events: stream ${stream}, revision ${revision}: ${why}. Copy into an empty store, or go on with one that this store was copied to.`,
    { stream, revision },
  )

async function* each(batches: AsyncIterable<readonly HashedRevision[]>): AsyncGenerator<HashedRevision> {
  for await (const batch of batches) yield* batch
}

/** Throws TARGET_DIFFERS, which names the first event of the stream that differs. */
const compareStream = async (from: EventStore, to: EventStore, stream: string, size: number): Promise<void> => {
  const source = each(from.readHashes(stream, { to: size - 1 }))
  try {
    for await (const { revision, sha256 } of each(to.readHashes(stream))) {
      const { value, done } = await source.next()
      if (done === true) throw differs(stream, revision, 'it is not in the source')
      if (!value.sha256.equals(sha256)) throw differs(stream, revision, 'it is another one than in the source')
    }
  } finally {
    // the target may hold less: a reading that nobody ends is waited for when its store is closed
    await source.return(undefined)
  }
}

/**
 * Refuses a target that holds what the source doesn't: what it has of each stream must be how that stream begins in the
 * source. Reads the hashes of what the target has. Throws TARGET_DIFFERS.
 */
export const refuseOther = async (from: EventStore, to: EventStore, source: Sizes, target: Sizes): Promise<void> => {
  for (const [stream, size] of target) {
    if (!source.has(stream)) throw differs(stream, 0, 'the source has no such stream')
    await compareStream(from, to, stream, size)
  }
}

import type { EventStore } from '../store/event-store.js'
import { Frontier } from './merkle.js'

/**
 * Size and root (hex) of the Merkle tree over a stream as it stands. Reads hashes alone, 32 bytes an event. Throws the
 * store's AppErrors.
 */
export const streamRoot = async (
  store: Pick<EventStore, 'readHashes'>,
  stream: string,
): Promise<{ readonly size: number; readonly root: string }> => {
  const tree = new Frontier()
  for await (const batch of store.readHashes(stream)) {
    for (const { sha256 } of batch) tree.append(sha256)
  }
  return { size: tree.size, root: tree.root().toString('hex') }
}

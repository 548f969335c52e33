import { decodeStored } from '../src/store/decode-stored.js'
import type { EventStore, ReadAllOptions, StoredEvent } from '../src/store/event-store.js'
import { readAhead } from '../src/store/read-ahead.js'
import type { Placed } from './family.js'

/** A stored event decoded, in its place. Throws BAD_EVENT. */
export const placed = (stored: StoredEvent): Placed => {
  const { position, stream, revision } = stored
  return { event: decodeStored(stored), position, stream, revision }
}

/** Decoded batches in position order, the next one read and decoded while the caller works on this one. Throws BAD_EVENT. */
export const readEvents = (store: EventStore, options: ReadAllOptions): AsyncGenerator<readonly Placed[]> =>
  readAhead(decodedBatches(store, options))

async function* decodedBatches(store: EventStore, options: ReadAllOptions): AsyncGenerator<readonly Placed[]> {
  for await (const batch of store.readAll(options)) {
    yield batch.map(placed)
  }
}

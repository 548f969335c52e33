import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js'
import { defaultBatchSize, maxBatchBytes, type StoredEvent } from '../event-store.js'
import { recordedIn, storedEvent } from './stored-event.js'

interface Bounds {
  /** the place of an event that the bounds are of: its position or its revision */
  readonly placeOf: (event: StoredEvent) => number
  readonly from: number
  readonly to: number
  readonly batchSize?: number | undefined
}

/** Events from..to of a read, in batches of the port. Ends the read at `to`. */
export async function* batchesOf(
  reading: AsyncIterable<readonly ReadResp[]>,
  { placeOf, from, to, batchSize = defaultBatchSize }: Bounds,
): AsyncGenerator<readonly StoredEvent[], void, undefined> {
  let batch: StoredEvent[] = []
  let bytes = 0
  for await (const messages of reading) {
    for (const message of messages) {
      const recorded = recordedIn(message)
      if (recorded === undefined) continue
      const event = storedEvent(recorded)
      const place = placeOf(event)
      if (place < from) continue
      const size = recorded.getData_asU8().length
      if (place > to || batch.length === batchSize || (batch.length > 0 && bytes + size > maxBatchBytes)) {
        if (batch.length > 0) yield batch
        batch = []
        bytes = 0
      }
      if (place > to) return
      batch.push(event)
      bytes += size
      if (place === to) {
        yield batch
        return
      }
    }
  }
  if (batch.length > 0) yield batch
}

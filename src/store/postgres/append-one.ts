import type { EncodedEvent } from '../../../events/encode.js'
import type { Client } from '../../postgres/connect.js'
import type { Appended, ExpectedRevision } from '../event-store.js'

/** Undefined when the stream does not end at the expected revision. One round trip. */
export const appendOne = async (
  client: Client,
  stream: string,
  event: EncodedEvent,
  expected: ExpectedRevision,
): Promise<Appended | undefined> => {
  const result = await client.query<{ ends: readonly [number, number] | null }>({
    name: 'store.append_one',
    text: 'select store.append_one($1, $2, $3, $4, $5, $6, $7) as ends',
    values: [
      stream,
      expected === 'any' ? null : expected,
      event.id,
      event.type,
      event.body,
      event.sha256,
      event.recordedAt,
    ],
  })
  const ends = result.rows[0]!.ends
  return ends === null ? undefined : { revision: ends[0], position: ends[1], written: true }
}

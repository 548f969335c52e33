import type { EncodedEvent } from '../../../events/encode.js'
import type { Client } from '../../postgres/connect.js'
import type { Appended, ExpectedRevision } from '../event-store.js'

/** As appendOne for a few hundred events, also in one round trip. */
export const appendMany = async (
  client: Client,
  stream: string,
  events: readonly EncodedEvent[],
  expected: ExpectedRevision,
): Promise<Appended | undefined> => {
  const result = await client.query<{ ends: readonly [number, number] | null }>({
    name: 'store.append_many',
    text: 'select store.append_many($1, $2, $3, $4, $5, $6, $7) as ends',
    values: [
      stream,
      expected === 'any' ? null : expected,
      events.map((event) => event.id),
      events.map((event) => event.type),
      events.map((event) => event.body),
      events.map((event) => event.sha256),
      events.map((event) => event.recordedAt),
    ],
  })
  const ends = result.rows[0]!.ends
  return ends === null ? undefined : { revision: ends[0], position: ends[1], written: true }
}

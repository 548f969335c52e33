import type { EncodedEvent } from '../../../events/encode.js'
import type { Client } from '../../postgres/connect.js'
import type { Appended, ExpectedRevision } from '../event-store.js'

/** As `Appended`; when not written, where the stream ends instead. One round trip for a few hundred events. */
export const appendMany = async (
  client: Client,
  stream: string,
  events: readonly EncodedEvent[],
  expected: ExpectedRevision,
): Promise<Appended> => {
  const result = await client.query<Appended>({
    name: 'store.append_many',
    text: 'select revision, position, written from store.append_many($1, $2, $3, $4, $5, $6, $7)',
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
  return result.rows[0]!
}

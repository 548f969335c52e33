import type { EncodedEvent } from '../../../events/encode.js'
import type { Client } from '../../postgres/connect.js'
import type { Appended, ExpectedRevision } from '../event-store.js'

/** As `Appended`; when not written, where the stream ends instead. */
export const appendOne = async (
  client: Client,
  stream: string,
  event: EncodedEvent,
  expected: ExpectedRevision,
): Promise<Appended> => {
  const result = await client.query<Appended>({
    name: 'store.append_one',
    text: 'select revision, position, written from store.append_one($1, $2, $3, $4, $5, $6, $7)',
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
  return result.rows[0]!
}

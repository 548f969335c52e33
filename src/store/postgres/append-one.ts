import type { EncodedEvent } from '../../../events/encode.js'
import type { Client } from '../../postgres/connect.js'
import type { Appended, ExpectedRevision } from '../event-store.js'
import type { StreamEnd } from './find-end.js'

/** Undefined when the stream does not end at the expected revision. One round trip. */
export const appendOne = async (
  client: Client,
  stream: string,
  event: EncodedEvent,
  expected: ExpectedRevision,
): Promise<Appended | undefined> => {
  const result = await client.query<StreamEnd | { revision: null }>({
    name: 'store.append_one',
    text: 'select revision, position from store.append_one($1, $2, $3, $4, $5, $6, $7)',
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
  const end = result.rows[0]!
  return end.revision === null ? undefined : { ...end, written: true }
}

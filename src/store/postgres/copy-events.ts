import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { from as copyFrom } from 'pg-copy-streams'
import type { EncodedEvent } from '../../../events/encode.js'
import type { Client } from '../../postgres/connect.js'
import type { Appended, ExpectedRevision } from '../event-store.js'
import { encodeCopy } from './encode-copy.js'

const copyIn =
  'copy store.event (position, stream, revision, id, type, body, sha256, recorded_at) from stdin (format binary)'

interface Ends {
  readonly revision: number
  /** position of the store's last event */
  readonly head: number
}

/** As appendOne for any number of events, by COPY. For use inside a transaction, to whose end the lock is held. */
export const copyEvents = async (
  client: Client,
  stream: string,
  events: readonly EncodedEvent[],
  expected: ExpectedRevision,
): Promise<Appended | undefined> => {
  const ends = await client.query<Ends>('select revision, head from store.begin_append($1)', [stream])
  const { revision, head } = ends.rows[0]!
  if (expected !== 'any' && expected !== revision) return undefined
  const rows = encodeCopy(events, stream, head + 1, revision + 1)
  await pipeline(Readable.from(rows, { objectMode: false }), client.query(copyFrom(copyIn)))
  await client.query(`select pg_notify('store_event', '')`)
  return { revision: revision + events.length, position: head + events.length, written: true }
}

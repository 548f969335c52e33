import type { Client } from '../src/postgres/connect.js'
import { quoteName } from '../src/postgres/quote-name.js'
import { columnsOf, type Table } from './table.js'

/**
 * Where the live tables stand: one row, `live`, as they all move in one transaction. `version` is of this table's form.
 * `event_id` names the event at that position where positions alone don't say which store they are of; null: a gapless
 * store, which is in the same database as the tables.
 */
export const checkpoint: Table = {
  name: 'checkpoint',
  version: 2,
  columns: columnsOf({
    name: 'text not null',
    position: 'bigint not null',
    version: 'int not null',
    updated_at: 'timestamptz not null',
    event_id: 'text',
  }),
  key: ['name'],
}

/** One process at a time writes projections. Held to the transaction's end; the number is 'matchbook' to nobody else. */
export const lockProjections = async (client: Client): Promise<void> => {
  await client.query(`select pg_advisory_xact_lock(hashtextextended('matchbook projections', 0))`)
}

/** The position of the last event that the tables in `schema` hold; −1: none. */
export const readCheckpoint = async (client: Client, schema: string): Promise<number> => {
  const { rows } = await client.query<{ position: number }>(
    `select position from ${quoteName(schema)}.checkpoint where name = 'live'`,
  )
  return rows[0]?.position ?? -1
}

export const moveCheckpoint = async (
  client: Client,
  schema: string,
  position: number,
  eventId: string | null = null,
): Promise<void> => {
  await client.query(
    `insert into ${quoteName(schema)}.checkpoint (name, position, version, updated_at, event_id)
     values ('live', $1, $2, now(), $3)
     on conflict (name) do update set
       position = excluded.position, version = excluded.version, updated_at = now(), event_id = excluded.event_id`,
    [position, checkpoint.version, eventId],
  )
}

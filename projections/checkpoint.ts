import type { Client } from '../src/postgres/connect.js'
import { quoteName } from '../src/postgres/quote-name.js'
import { columnsOf, type Table } from './table.js'

/** Where the live tables stand: one row, `live`, as they all move in one transaction. `version` is of this table's form. */
export const checkpoint: Table = {
  name: 'checkpoint',
  version: 1,
  columns: columnsOf({
    name: 'text not null',
    position: 'bigint not null',
    version: 'int not null',
    updated_at: 'timestamptz not null',
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

export const moveCheckpoint = async (client: Client, schema: string, position: number): Promise<void> => {
  await client.query(
    `insert into ${quoteName(schema)}.checkpoint (name, position, version, updated_at) values ('live', $1, $2, now())
     on conflict (name) do update set position = excluded.position, version = excluded.version, updated_at = now()`,
    [position, checkpoint.version],
  )
}

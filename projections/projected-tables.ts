import type { Client } from '../src/postgres/connect.js'
import { columnsOf, liveSchema, type Table } from './table.js'

/** The code version that filled each table; 0 while it waits to be rebuilt. */
export const projectedTable: Table = {
  name: 'projected_table',
  version: 1,
  columns: columnsOf({ name: 'text not null', version: 'int not null' }),
  key: ['name'],
}

export const recordedVersions = async (client: Client): Promise<ReadonlyMap<string, number>> => {
  const { rows } = await client.query<{ name: string; version: number }>(
    `select name, version from ${liveSchema}.projected_table`,
  )
  return new Map(rows.map(({ name, version }) => [name, version]))
}

export const recordVersion = async (client: Client, table: Table, version: number): Promise<void> => {
  await client.query(
    `insert into ${liveSchema}.projected_table (name, version) values ($1, $2)
     on conflict (name) do update set version = excluded.version`,
    [table.name, version],
  )
}

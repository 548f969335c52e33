import type { Client } from '../src/postgres/connect.js'
import type { Family } from './family.js'
import { createViewSql } from './person-svid.js'
import { recordVersion } from './projected-tables.js'
import { liveSchema, tableName } from './table.js'

/** Where a rebuild's tables stand until they are swapped in; seen by its own transaction alone. */
export const nextSchema = 'matchbook_next'

export const dropSchema = async (client: Client): Promise<void> => {
  await client.query(`drop schema if exists ${nextSchema} cascade`)
}

/** Puts the tables of `matchbook_next` in the place of the live ones, for which it waits until nobody reads those. */
export const swapTables = async (client: Client, families: readonly Family[]): Promise<void> => {
  await client.query(`drop view if exists ${liveSchema}.person_svid`)
  const tables = families.flatMap((family) => family.tables)
  for (const table of tables) {
    await client.query(`drop table ${tableName(liveSchema, table)}`)
    await client.query(`alter table ${tableName(nextSchema, table)} set schema ${liveSchema}`)
    await recordVersion(client, table, table.version)
  }
  await client.query(createViewSql)
  await dropSchema(client)
}

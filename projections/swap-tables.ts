import type { Client } from '../src/postgres/connect.js'
import { createViewSql } from './person-svid.js'
import { recordVersion } from './projected-tables.js'
import { liveSchema, type Table, tableName } from './table.js'

/** Where a rebuild's tables stand until they are swapped in. */
export const nextSchema = 'matchbook_next'

/** Where the old tables go, to be thrown away when nobody waits for it. */
const oldSchema = 'matchbook_old'

/** Throws away what a rebuild leaves, or left when it was cut off. */
export const dropSchemas = async (client: Client): Promise<void> => {
  await client.query(`drop schema if exists ${nextSchema} cascade; drop schema if exists ${oldSchema} cascade`)
}

/** Waits for what else works on tables, autovacuum among it, which gives way after a second; readers go on. */
const claimTables = async (client: Client, tables: readonly Table[]): Promise<void> => {
  const names = (schema: string): string => tables.map((table) => tableName(schema, table)).join(', ')
  await client.query(`lock table ${names(nextSchema)} in access exclusive mode`)
  await client.query(`lock table ${names(liveSchema)} in share update exclusive mode`)
}

/**
 * Puts the tables of `matchbook_next` in the place of the live ones, for which it waits until nobody reads those. Readers
 * wait from the first of the moves to the end of the transaction: they go in one message, nothing else holds a table by
 * then, and nothing is dropped, as a transaction that drops tables ends only when the disk has it. Measured without the
 * claim: autovacuum, which came to the tables just filled, held readers up for 3.6 s.
 */
export const swapTables = async (client: Client, tables: readonly Table[]): Promise<void> => {
  for (const table of tables) await recordVersion(client, table, table.version)
  await client.query(`create schema ${oldSchema}`)
  await claimTables(client, tables)
  const moves = tables.flatMap((table) => [
    `alter table ${tableName(liveSchema, table)} set schema ${oldSchema}`,
    `alter table ${tableName(nextSchema, table)} set schema ${liveSchema}`,
  ])
  await client.query([`drop view if exists ${liveSchema}.person_svid`, ...moves, createViewSql].join(';'))
}

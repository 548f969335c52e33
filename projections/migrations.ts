import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { AppError } from '../src/errors.js'
import type { Client, Database } from '../src/postgres/connect.js'
import { quoteName } from '../src/postgres/quote-name.js'
import { checkpoint, lockProjections, readCheckpoint } from './checkpoint.js'
import { tables } from './families.js'
import { createViewSql } from './person-svid.js'
import { projectedTable, recordedVersions, recordVersion } from './projected-tables.js'
import { createIndexesSql, createTableSql, liveSchema, type Table } from './table.js'

const presentTables = async (client: Client): Promise<ReadonlySet<string>> => {
  const { rows } = await client.query<{ name: string }>(
    'select table_name as name from information_schema.tables where table_schema = $1',
    [liveSchema],
  )
  return new Set(rows.map(({ name }) => name))
}

const createTable = async (client: Client, table: Table): Promise<void> => {
  await client.query(createTableSql(liveSchema, table))
  await client.query(createIndexesSql(liveSchema, table))
}

/** True when the table has the form that this code knows, so that it can be read. */
const isOfOurForm = async (client: Client, { name, columns }: Table): Promise<boolean> => {
  const { rows } = await client.query<{ name: string }>(
    'select column_name as name from information_schema.columns where table_schema = $1 and table_name = $2',
    [liveSchema, name],
  )
  return columns.every((column) => rows.some((row) => row.name === column.name))
}

/** Only where it is missing: to replace it would wait for everybody who reads it. A swap makes it anew. */
const createMissingView = async (client: Client): Promise<void> => {
  const { rows } = await client.query<{ there: boolean }>(
    `select to_regclass('${liveSchema}.person_svid') is not null as there`,
  )
  if (rows[0]?.there !== true) await client.query(createViewSql)
}

/** Without its checkpoint nobody can say what the tables hold: they are emptied and filled from the first event on. */
const dropUnplaced = async (client: Client, present: ReadonlySet<string>): Promise<void> => {
  await client.query(`drop view if exists ${liveSchema}.person_svid`)
  for (const { name } of [projectedTable, ...tables]) {
    if (present.has(name)) await client.query(`drop table ${liveSchema}.${quoteName(name)}`)
  }
}

/**
 * Creates what is missing in the schema `matchbook`. Tables are views of the events, so no migration ever alters one: a
 * table that was filled by other code, or that went missing while the checkpoint stood, is named in the answer, to be
 * rebuilt before anybody relies on it.
 */
export const migrateProjections = (db: Database): TaskEither<AppError, readonly string[]> =>
  db.transaction(async (client) => {
    await lockProjections(client)
    // read first: a server process that waited for the lock may remember that there is no schema, until it opens a table
    let present = await presentTables(client)
    await client.query(`create schema if not exists ${liveSchema}`)
    if (!present.has(checkpoint.name) || !(await isOfOurForm(client, checkpoint))) {
      await dropUnplaced(client, present)
      await client.query(`drop table if exists ${liveSchema}.${checkpoint.name}`)
      present = new Set()
      await createTable(client, checkpoint)
    }
    if (!present.has(projectedTable.name)) await createTable(client, projectedTable)
    const position = await readCheckpoint(client, liveSchema)
    const versions = await recordedVersions(client)
    const stale: string[] = []
    for (const table of tables) {
      const isPresent = present.has(table.name)
      if (!isPresent) await createTable(client, table)
      const isCurrent = isPresent ? versions.get(table.name) === table.version : position < 0
      if (!isCurrent) stale.push(table.name)
      await recordVersion(client, table, isCurrent ? table.version : 0)
    }
    // over a table of another version it may not be possible; the rebuild makes it
    if (stale.length === 0) await createMissingView(client)
    return stale
  })

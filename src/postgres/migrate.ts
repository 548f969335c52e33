import { createHash } from 'node:crypto'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type AppError, appError, attempt, orThrow } from '../errors.js'
import type { Client, Database } from './connect.js'
import { quoteName } from './quote-name.js'

/** One step of a schema. Numbers count from 1 without gaps; what was released is never changed, only added to. */
export interface Migration {
  readonly number: number
  readonly name: string
  readonly sql: string
}

interface Applied {
  readonly number: number
  readonly sha256: string
}

const checksum = (migration: Migration): string => createHash('sha256').update(migration.sql).digest('hex')

/** Held to the end of the transaction: of several commands that start at once, one migrates and the others wait. */
const takeMigrationLock = (client: Client, schema: string) =>
  client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`migrate ${schema}`])

const createMigrationTable = async (client: Client, schema: string): Promise<void> => {
  await client.query(`create schema if not exists ${quoteName(schema)}`)
  await client.query(
    `create table if not exists ${quoteName(schema)}.migration (
       number integer primary key,
       name text not null,
       sha256 text not null,
       applied_at timestamptz not null default now()
     )`,
  )
}

const selectApplied = async (client: Client, schema: string): Promise<readonly Applied[]> => {
  const { rows } = await client.query<Applied>(
    `select number, sha256 from ${quoteName(schema)}.migration order by number`,
  )
  return rows
}

const recordMigration = (client: Client, schema: string, migration: Migration) =>
  client.query(`insert into ${quoteName(schema)}.migration (number, name, sha256) values ($1, $2, $3)`, [
    migration.number,
    migration.name,
    checksum(migration),
  ])

const checkNumbers = (migrations: readonly Migration[]): void => {
  const wrong = migrations.find(({ number }, i) => number !== i + 1)
  if (wrong !== undefined) throw new Error(`Migration ${wrong.number} ${wrong.name} breaks the count from 1`)
}

/** Throws when the database holds a migration that differs from ours, or one that we don't know. */
const checkApplied = (schema: string, migrations: readonly Migration[], applied: readonly Applied[]): void => {
  for (const { number, sha256 } of applied) {
    const ours = migrations[number - 1]
    if (ours === undefined)
      throw appError('WRONG_SERVER_VERSION', `Schema ${schema} has migration ${number}, made by a newer Matchbook`, {
        schema,
        number,
      })
    if (checksum(ours) !== sha256)
      throw appError('CHECK_FAILED', `Migration ${number} ${ours.name} of ${schema} was changed after it was applied`, {
        schema,
        number,
      })
  }
}

const applyNext = (db: Database, schema: string, migrations: readonly Migration[]): TaskEither<AppError, boolean> =>
  db.transaction(async (client) => {
    await takeMigrationLock(client, schema)
    await createMigrationTable(client, schema)
    const applied = await selectApplied(client, schema)
    checkApplied(schema, migrations, applied)
    const next = migrations[applied.length]
    if (next === undefined) return false
    await client.query(next.sql)
    await recordMigration(client, schema, next)
    return true
  })

/**
 * Brings `schema` up to date, one transaction a migration, and records each with its SHA-256 in `<schema>.migration`.
 * Answers how many were applied. Failures: CHECK_FAILED (an applied migration was changed), WRONG_SERVER_VERSION (made
 * by a newer version), those of the database. SQL that fails is a bug and throws; its transaction leaves nothing.
 */
export const migrate = (db: Database, schema: string, migrations: readonly Migration[]): TaskEither<AppError, number> =>
  attempt(async () => {
    checkNumbers(migrations)
    let count = 0
    while (await orThrow(applyNext(db, schema, migrations))) count++
    return count
  })

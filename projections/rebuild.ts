import { appError, orThrow } from '../src/errors.js'
import type { Client, Database } from '../src/postgres/connect.js'
import type { EventStore } from '../src/store/event-store.js'
import { lockProjections, moveCheckpoint, readCheckpoint } from './checkpoint.js'
import { type Difference, differencesOf } from './compare-tables.js'
import { digestTable, type TableDigest } from './digest.js'
import { families } from './families.js'
import type { Family } from './family.js'
import { foldBatch, prepareTransaction } from './fold-batch.js'
import { migrateProjections } from './migrations.js'
import { readEvents } from './read-events.js'
import { dropSchemas, nextSchema, swapTables } from './swap-tables.js'
import { createIndexesSql, createTableSql, liveSchema } from './table.js'

export interface RebuildOptions {
  readonly db: Database
  readonly store: EventStore
  /** these tables and those folded with them; all unless given */
  readonly tables?: readonly string[]
  readonly onProgress?: (done: number, total: number) => void
}

export interface Rebuilt {
  readonly events: number
  readonly seconds: number
  readonly tables: readonly TableDigest[]
}

export interface Checked extends Rebuilt {
  readonly differences: readonly Difference[]
}

const batchSize = 10_000

const familiesOf = (names: readonly string[] | undefined): readonly Family[] => {
  if (names === undefined) return families
  for (const name of names) {
    if (!families.some(({ tables }) => tables.some((table) => table.name === name))) {
      const known = families.flatMap(({ tables }) => tables.map((table) => table.name)).join(', ')
      throw appError('BAD_USAGE', `there is no table ${JSON.stringify(name)}; the tables are ${known}`, { table: name })
    }
  }
  return families.filter(({ tables }) => tables.some(({ name }) => names.includes(name)))
}

interface Filling {
  readonly client: Client
  readonly options: RebuildOptions
  readonly chosen: readonly Family[]
  /** to the store's end, even where the live tables lag behind it */
  readonly ahead: boolean
}

/** Where fresh tables stand, and how many events that took. */
interface Filled {
  readonly position: number
  readonly events: number
  /** see `checkpoint` */
  readonly eventId: string | null
}

/** Folds the events up to `to` into the fresh tables. Progress is told in positions. */
const fill = async ({ client, options, chosen }: Filling, filled: Filled, to: number): Promise<Filled> => {
  const from = filled.position + 1
  if (to < from) return filled
  let { events, eventId } = filled
  for await (const batch of readEvents(options.store, { from, to, batchSize })) {
    await foldBatch(client, nextSchema, chosen, batch)
    events += batch.length
    const last = batch[batch.length - 1]!
    if (!options.store.gapless) eventId = last.event.id
    options.onProgress?.(last.position + 1, to + 1)
  }
  return { position: to, events, eventId }
}

/** One rebuild at a time, over several transactions: another one holds the lock all the while. */
const alone = async <A>({ db }: RebuildOptions, work: () => Promise<A>): Promise<A> =>
  orThrow(
    db.transaction(async (client) => {
      await client.query(`select pg_advisory_xact_lock(hashtextextended('matchbook rebuild', 0))`)
      return work()
    }),
  )

const createNext = async (client: Client, chosen: readonly Family[]): Promise<void> => {
  await dropSchemas(client)
  await client.query(`create schema ${nextSchema}`)
  for (const { tables } of chosen) for (const table of tables) await client.query(createTableSql(nextSchema, table))
}

/** Fresh tables beside the live ones, filled up to where the live ones stand. */
const fillNext = async (filling: Filling): Promise<Filled> => {
  const { client, options, chosen, ahead } = filling
  await prepareTransaction(client)
  await createNext(client, chosen)
  const live = await readCheckpoint(client, liveSchema)
  // all tables at once may run ahead of the live ones, which then need not catch up
  const reached = ahead ? Math.max(live, await orThrow(options.store.head())) : live
  const filled = await fill(filling, { position: -1, events: 0, eventId: null }, reached)
  for (const { tables } of chosen) for (const table of tables) await client.query(createIndexesSql(nextSchema, table))
  return filled
}

/** Folds what the live tables have taken in since, the projector waiting from here to the end of the transaction. */
const fillTail = async (filling: Filling, reached: Filled): Promise<Filled> => {
  const { client } = filling
  await lockProjections(client)
  return fill(filling, reached, Math.max(reached.position, await readCheckpoint(client, liveSchema)))
}

const digestAll = async (client: Client, schema: string, chosen: readonly Family[]): Promise<TableDigest[]> => {
  const digests: TableDigest[] = []
  for (const { tables } of chosen) for (const table of tables) digests.push(await digestTable(client, schema, table))
  return digests
}

const secondsSince = (start: number): number => Math.round(performance.now() - start) / 1000

/**
 * Fills fresh tables from the first event on and puts them in the place of the old ones, which serve meanwhile. A COPY into
 * a table that the same transaction made writes no WAL where nobody replicates, so that its end waits for the disk; readers
 * must not wait with it (six seconds for 200,000 persons): the swap is a transaction of its own, which is short, and what
 * is old goes behind it. Whatever
 * cuts either off leaves the old tables as they were. Throws AppErrors: BAD_USAGE (no such table), BAD_EVENT and what
 * database and store say.
 */
export const rebuild = async (options: RebuildOptions): Promise<Rebuilt> => {
  const start = performance.now()
  const chosen = familiesOf(options.tables)
  const ahead = chosen.length === families.length
  await orThrow(migrateProjections(options.db))
  return alone(options, async () => {
    const reached = await orThrow(options.db.transaction((client) => fillNext({ client, options, chosen, ahead })))
    const rebuilt = await orThrow(
      options.db.transaction(async (client) => {
        const filling = { client, options, chosen, ahead }
        await prepareTransaction(client)
        const { position, events, eventId } = await fillTail(filling, reached)
        const tables = await digestAll(client, nextSchema, chosen)
        await swapTables(client, chosen)
        await moveCheckpoint(client, liveSchema, position, eventId)
        return { events, seconds: secondsSince(start), tables }
      }),
    )
    await orThrow(options.db.transaction(dropSchemas))
    return rebuilt
  })
}

/**
 * As `rebuild`, but compares the fresh tables with the live ones and leaves everything as it was. The projector waits
 * while they are compared. `tables` are the digests of what the events say.
 */
export const check = async (options: RebuildOptions): Promise<Checked> => {
  const start = performance.now()
  const chosen = familiesOf(options.tables)
  await orThrow(migrateProjections(options.db))
  return alone(options, () =>
    orThrow(
      options.db.transaction(async (client) => {
        const filling = { client, options, chosen, ahead: false }
        const { events } = await fillTail(filling, await fillNext(filling))
        const tables = await digestAll(client, nextSchema, chosen)
        const live = await digestAll(client, liveSchema, chosen)
        const differences = await differencesOf(client, chosen, live, tables)
        await dropSchemas(client)
        return { events, seconds: secondsSince(start), tables, differences }
      }),
    ),
  )
}

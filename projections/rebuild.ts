import { appError, orThrow } from '../src/errors.js'
import type { Client, Database } from '../src/postgres/connect.js'
import type { EventStore } from '../src/store/event-store.js'
import { lockProjections, moveCheckpoint, readCheckpoint } from './checkpoint.js'
import { type Difference, differencesOf } from './compare-tables.js'
import { digestTables, type TableDigest } from './digest.js'
import { families } from './families.js'
import type { Family, Placed } from './family.js'
import { foldBatches, prepareTransaction } from './fold-batch.js'
import { freshTables } from './fresh-rows.js'
import type { SharedClient } from './in-turn.js'
import { migrateProjections } from './migrations.js'
import { readEvents } from './read-events.js'
import type { Rows } from './rows.js'
import { storedRows } from './stored-rows.js'
import { dropSchemas, nextSchema, swapTables } from './swap-tables.js'
import { liveSchema, type Table } from './table.js'

export interface RebuildOptions {
  readonly db: Database
  readonly store: EventStore
  /** these tables and those folded with them; all unless given */
  readonly tables?: readonly string[]
  /** ends it between two batches, the live tables as they were */
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
  /** events folded at once; 2,500 unless given */
  readonly batchSize?: number
  /** rows of a table that memory holds at most; 1,000,000 unless given */
  readonly mostHeld?: number
}

interface Folded {
  readonly events: number
  readonly seconds: number
}

export interface Rebuilt extends Folded {
  /** the tables that were filled anew */
  readonly tables: readonly Table[]
}

export interface Checked extends Folded {
  /** what the events say */
  readonly tables: readonly TableDigest[]
  readonly differences: readonly Difference[]
}

/** Three batches are in memory: one read, one folded, one written. 10,000 took as long and 300 MB more. */
const defaultBatchSize = 2_500

/** 350 MB */
const defaultMostHeld = 1_000_000

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
  readonly tables: readonly Table[]
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
const fill = async (
  { client, options, chosen }: Filling,
  rows: (client: SharedClient) => Rows,
  filled: Filled,
  to: number,
): Promise<Filled> => {
  const from = filled.position + 1
  if (to < from) return filled
  const { batchSize = defaultBatchSize, store, signal, onProgress } = options
  let { events, eventId } = filled
  async function* batches(): AsyncGenerator<readonly Placed[]> {
    for await (const batch of readEvents(store, { from, to, batchSize })) {
      if (signal?.aborted === true) throw appError('INTERRUPTED', 'interrupted while replaying')
      yield batch
      events += batch.length
      const last = batch[batch.length - 1]!
      if (!store.gapless) eventId = last.event.id
      onProgress?.(last.position + 1, to + 1)
    }
  }
  await foldBatches(client, rows, chosen, batches())
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

/** Fresh tables beside the live ones, filled up to where the live ones stand. */
const fillNext = async (filling: Filling): Promise<Filled> => {
  const { client, options, tables, ahead } = filling
  await prepareTransaction(client)
  await dropSchemas(client)
  await client.query(`create schema ${nextSchema}`)
  const fresh = freshTables(nextSchema, tables, options.mostHeld ?? defaultMostHeld)
  await fresh.create(client)
  const live = await readCheckpoint(client, liveSchema)
  // all tables at once may run ahead of the live ones, which then need not catch up
  const reached = ahead ? Math.max(live, await orThrow(options.store.head())) : live
  const filled = await fill(filling, fresh.rows, { position: -1, events: 0, eventId: null }, reached)
  await fresh.finish(client)
  return filled
}

/** Folds what the live tables have taken in since, the projector waiting from here to the end of the transaction. */
const fillTail = async (filling: Filling, reached: Filled): Promise<Filled> => {
  const { client } = filling
  await lockProjections(client)
  const to = Math.max(reached.position, await readCheckpoint(client, liveSchema))
  return fill(filling, storedRows(nextSchema), reached, to)
}

const secondsSince = (start: number): number => Math.round(performance.now() - start) / 1000

/**
 * Fills fresh tables from the first event on and puts them in the place of the old ones, which serve meanwhile. A COPY into
 * a table that the same transaction made writes no WAL where nobody replicates, so that its end waits for the disk; readers
 * must not wait with it (six seconds for 200,000 persons): the swap is a transaction of its own, which is short, and what
 * is old goes behind it. Whatever
 * cuts either off leaves the old tables as they were. Throws AppErrors: BAD_USAGE (no such table), BAD_EVENT,
 * INTERRUPTED and what database and store say.
 */
export const rebuild = async (options: RebuildOptions): Promise<Rebuilt> => {
  const start = performance.now()
  const chosen = familiesOf(options.tables)
  const tables = chosen.flatMap((family) => family.tables)
  const ahead = chosen.length === families.length
  await orThrow(migrateProjections(options.db))
  return alone(options, async () => {
    const fillingBy = (client: Client): Filling => ({ client, options, chosen, tables, ahead })
    const reached = await orThrow(options.db.transaction((client) => fillNext(fillingBy(client))))
    const { events } = await orThrow(
      options.db.transaction(async (client) => {
        await prepareTransaction(client)
        const moved = await fillTail(fillingBy(client), reached)
        await swapTables(client, tables)
        await moveCheckpoint(client, liveSchema, moved.position, moved.eventId)
        return moved
      }),
    )
    await orThrow(options.db.transaction(dropSchemas))
    return { events, seconds: secondsSince(start), tables }
  })
}

/**
 * As `rebuild`, but compares the fresh tables with the live ones and leaves everything as it was. The projector waits
 * while they are compared.
 */
export const check = async (options: RebuildOptions): Promise<Checked> => {
  const start = performance.now()
  const chosen = familiesOf(options.tables)
  const tables = chosen.flatMap((family) => family.tables)
  await orThrow(migrateProjections(options.db))
  return alone(options, () =>
    orThrow(
      options.db.transaction(async (client) => {
        const filling = { client, options, chosen, tables, ahead: false }
        const { events } = await fillTail(filling, await fillNext(filling))
        const said = await digestTables(client, nextSchema, tables)
        const live = await digestTables(client, liveSchema, tables)
        const differences = await differencesOf(client, tables, live, said)
        await dropSchemas(client)
        return { events, seconds: secondsSince(start), tables: said, differences }
      }),
    ),
  )
}

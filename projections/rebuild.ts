import { appError, orThrow } from '../src/errors.js'
import type { Client, Database } from '../src/postgres/connect.js'
import type { EventStore } from '../src/store/event-store.js'
import { lockProjections, moveCheckpoint, readCheckpoint } from './checkpoint.js'
import { type Difference, differencesOf } from './compare-tables.js'
import { digestTables, type TableDigest } from './digest.js'
import { families, lanes, typesOfOthers } from './families.js'
import type { Family } from './family.js'
import { fillAside } from './fill-aside.js'
import { type Counts, fillTables } from './fill-tables.js'
import { foldBatches, prepareTransaction } from './fold-batch.js'
import { migrateProjections } from './migrations.js'
import { readEvents } from './read-events.js'
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
  /** positions below which threads are not worth their start; 20,000 unless given */
  readonly fewEvents?: number
}

interface Folded {
  /** those that any of the tables is folded from */
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
const defaultBatchSize = 1_000

/** 350 MB */
const defaultMostHeld = 1_000_000

const defaultFewEvents = 20_000

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

/** One rebuild at a time, over several transactions: another one holds the lock all the while. */
const alone = async <A>({ db }: RebuildOptions, work: () => Promise<A>): Promise<A> =>
  orThrow(
    db.transaction(async (client) => {
      await client.query(`select pg_advisory_xact_lock(hashtextextended('matchbook rebuild', 0))`)
      return work()
    }),
  )

/** Where fresh tables stand, and how many events that took. */
interface Filled {
  readonly position: number
  readonly events: number
}

const countOf = (counts: Counts): number => [...counts.values()].reduce((sum, count) => sum + count, 0)

/**
 * Fresh tables beside the live ones, filled up to where the live ones stand, or `ahead` of them to the store's end. Progress
 * is told in positions.
 */
const fillNext = async (options: RebuildOptions, chosen: readonly Family[], ahead: boolean): Promise<Filled> => {
  const { db, store, signal, onProgress, fewEvents = defaultFewEvents } = options
  const { batchSize = defaultBatchSize, mostHeld = defaultMostHeld } = options
  const live = await orThrow(
    db.transaction(async (client) => {
      await dropSchemas(client)
      await client.query(`create schema ${nextSchema}`)
      return readCheckpoint(client, liveSchema)
    }),
  )
  const to = ahead ? Math.max(live, await orThrow(store.head())) : live
  const filling = { to, batchSize, mostHeld }
  const watch = { signal, onProgress: (position: number) => onProgress?.(position + 1, to + 1) }
  const together = lanes
    .map((lane) => lane.filter((family) => chosen.includes(family)))
    .filter(({ length }) => length > 0)
  const counts =
    store.url === undefined || together.length === 1 || to < fewEvents
      ? await fillTables(db, store, chosen, { ...filling, without: typesOfOthers(chosen) }, watch)
      : await fillAside({ url: db.url, storeUrl: store.url }, together, filling, watch)
  return { position: to, events: countOf(counts) }
}

/** Folds what the live tables have taken in since, the projector waiting from here to the end of the transaction. */
const fillTail = async (
  client: Client,
  { store, batchSize = defaultBatchSize }: RebuildOptions,
  chosen: readonly Family[],
  { position, events }: Filled,
): Promise<Filled> => {
  await prepareTransaction(client)
  await lockProjections(client)
  const to = Math.max(position, await readCheckpoint(client, liveSchema))
  const counted = { position: to, events }
  async function* batches() {
    for await (const batch of readEvents(store, {
      from: position + 1,
      to,
      batchSize,
      without: typesOfOthers(chosen),
    })) {
      yield batch
      counted.events += batch.length
    }
  }
  await foldBatches(client, storedRows(nextSchema), chosen, batches())
  return counted
}

/** What names the event at a position of a store whose positions don't: see `checkpoint`. */
const eventIdAt = async (store: EventStore, position: number): Promise<string | null> => {
  if (store.gapless) return null
  const [event] = await orThrow(store.readEvents([position]))
  return event?.id ?? null
}

const secondsSince = (start: number): number => Math.round(performance.now() - start) / 1000

/** Fills fresh tables, hands them on, and leaves none behind, whatever happens. */
const withNext = <A>(
  options: RebuildOptions,
  chosen: readonly Family[],
  ahead: boolean,
  work: (client: Client, filled: Filled) => Promise<A>,
): Promise<A> =>
  alone(options, async () => {
    const { db } = options
    try {
      const filled = await fillNext(options, chosen, ahead)
      return await orThrow(
        db.transaction(async (client) => work(client, await fillTail(client, options, chosen, filled))),
      )
    } finally {
      await db.transaction(dropSchemas)()
    }
  })

/**
 * Fills fresh tables from the first event on and puts them in the place of the old ones, which serve meanwhile. Filling
 * ends when the disk has the tables; readers must not wait with it (six seconds for 200,000 persons): the swap is a
 * transaction of its own, which is short, and what is old goes behind it. Whatever cuts either off leaves the old tables
 * as they were. Throws AppErrors: BAD_USAGE (no such table), BAD_EVENT, INTERRUPTED and what database and store say.
 */
export const rebuild = async (options: RebuildOptions): Promise<Rebuilt> => {
  const start = performance.now()
  const chosen = familiesOf(options.tables)
  const tables = chosen.flatMap((family) => family.tables)
  await orThrow(migrateProjections(options.db))
  // all tables at once may run ahead of the live ones, which then need not catch up
  const ahead = chosen.length === families.length
  const events = await withNext(options, chosen, ahead, async (client, { position, events }) => {
    await swapTables(client, tables)
    await moveCheckpoint(client, liveSchema, position, await eventIdAt(options.store, position))
    return events
  })
  return { events, seconds: secondsSince(start), tables }
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
  const checked = await withNext(options, chosen, false, async (client, { events }) => {
    const said = await digestTables(client, nextSchema, tables)
    const live = await digestTables(client, liveSchema, tables)
    return { events, tables: said, differences: await differencesOf(client, tables, live, said) }
  })
  return { ...checked, seconds: secondsSince(start) }
}

import { setTimeout } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bookFamily } from '../../../projections/book/family.js'
import { lockProjections, moveCheckpoint, readCheckpoint } from '../../../projections/checkpoint.js'
import { families, tables } from '../../../projections/families.js'
import { foldBatches, prepareTransaction } from '../../../projections/fold-batch.js'
import { createProjector } from '../../../projections/project.js'
import { check, rebuild } from '../../../projections/rebuild.js'
import { storedRows } from '../../../projections/stored-rows.js'
import { orThrow } from '../../../src/errors.js'
import type { EventStore } from '../../../src/store/event-store.js'
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.js'
import { append, type Bench, openBench, storeWith } from './harness.js'
import { happenings, historyOf } from './random-history.js'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.close())
beforeEach(() => bench.fresh())

/** Enough events of every kind, the same every time. */
const [long] = fc.sample(
  fc.array(happenings, { minLength: 8, maxLength: 8 }).map((all) => all.flat()),
  { numRuns: 1, seed: 7 },
)
const history = historyOf(long!)

const caughtUp = async (store: EventStore, batchSize: number): Promise<void> => {
  await bench.fresh()
  await createProjector({ db: bench.db, store, batchSize }).catchUp()
}

const position = (): Promise<number> => orThrow(bench.db.withClient((client) => readCheckpoint(client, 'matchbook')))

describe('invariant 1: drop every table, replay: the same rows', () => {
  it('for tables that are dropped one and all', async () => {
    const store = await storeWith(history)
    await createProjector({ db: bench.db, store }).catchUp()
    const before = await bench.digests()
    expect(before.every(({ rows }) => rows > 0)).toBe(true)
    for (const { name } of tables) await orThrow(bench.db.query(`drop table matchbook.${name} cascade`))
    await rebuild({ db: bench.db, store })
    expect(await bench.digests()).toEqual(before)
    await orThrow(bench.db.query('drop schema matchbook cascade'))
    await rebuild({ db: bench.db, store })
    expect(await bench.digests()).toEqual(before)
    expect((await bench.rows('select count(svid) > 0 as some from matchbook.person_svid'))[0]).toEqual({ some: true })
  })

  it('for any history and any batch size', async () => {
    await fc.assert(
      fc.asyncProperty(happenings, async (all) => {
        const store = await storeWith(historyOf(all))
        await caughtUp(store, 10_000)
        const whole = await bench.digests()
        for (const batchSize of [1, 7]) {
          await caughtUp(store, batchSize)
          expect(await bench.digests()).toEqual(whole)
        }
        for (const [batchSize, mostHeld] of [
          [10_000, 1_000],
          [7, 1_000],
          [1, 1_000],
          [7, 5],
        ] as const) {
          await rebuild({ db: bench.db, store, batchSize, mostHeld })
          expect(await bench.digests()).toEqual(whole)
        }
      }),
      { numRuns: 8 },
    )
  })

  it('from the Postgres store as from the one in memory', async () => {
    await caughtUp(await storeWith(history), 10_000)
    const before = await bench.digests()
    const store = await orThrow(openPostgresStore(bench.db))
    await append(store, history)
    await caughtUp(store, 100)
    expect(await bench.digests()).toEqual(before)
    await rebuild({ db: bench.db, store })
    expect(await bench.digests()).toEqual(before)
    expect((await check({ db: bench.db, store })).differences).toEqual([])
    await store.close()
  })

  it('in lanes of their own as one after the other, and as often', async () => {
    const store = await orThrow(openPostgresStore(bench.db))
    const own = await append(store, history)
    const here = await rebuild({ db: bench.db, store })
    const before = await bench.digests()
    const reached: number[] = []
    for (const batchSize of [1, 50, 1_000]) {
      const onProgress = (done: number, total: number) => reached.push(done / total)
      const aside = await rebuild({ db: bench.db, store, batchSize, fewEvents: 0, onProgress })
      expect(await bench.digests()).toEqual(before)
      expect(aside.events).toBe(here.events)
    }
    expect(here.events).toBe(own.length)
    expect(Math.max(...reached)).toBe(1)
    expect((await check({ db: bench.db, store, fewEvents: 0 })).differences).toEqual([])
    await store.close()
  })

  it('or leaves the tables as they were, and nothing beside them, when a lane fails or is interrupted', async () => {
    const store = await orThrow(openPostgresStore(bench.db))
    await append(store, history)
    const options = { db: bench.db, store, batchSize: 10, fewEvents: 0 }
    await rebuild(options)
    const before = await bench.digests()
    const left = () => bench.rows(`select nspname from pg_namespace where nspname like 'matchbook\\_%'`)
    const interrupts = new AbortController()
    const interrupted = rebuild({ ...options, signal: interrupts.signal, onProgress: () => interrupts.abort() })
    await expect(interrupted).rejects.toMatchObject({ code: 'INTERRUPTED' })
    expect(await left()).toEqual([])
    await orThrow(
      bench.db.query(`update store.event set body = replace(body, '"isNew":true', '"isNew":"yes"')
        where position = (select max(position) from store.event where type = 'ContactImported')`),
    )
    await expect(rebuild(options)).rejects.toMatchObject({ code: 'BAD_EVENT' })
    expect(await left()).toEqual([])
    expect(await bench.digests()).toEqual(before)
    await store.close()
  })

  it('and for the same history at another time, but for the times', async () => {
    await caughtUp(await storeWith(history), 100)
    const before = await bench.digests()
    await caughtUp(await storeWith(historyOf(long!, Date.UTC(2027, 5, 5))), 100)
    const after = await bench.digests()
    expect(after.map(({ digest }) => digest)).toEqual(before.map(({ digest }) => digest))
    expect(after.map(({ exact }) => exact)).not.toEqual(before.map(({ exact }) => exact))
  })
})

describe('invariant 2: a voter has at most one person of a tenant', () => {
  it('after every single event, also while two persons change places', async () => {
    const store = await storeWith(history)
    const projector = createProjector({ db: bench.db, store, batchSize: 1 })
    for (let to = 0; to < history.length; to += 5) await projector.catchUp({ to })
    const twice = 'select 1 from matchbook.person_voter group by tenant, state, svid having count(*) > 1'
    expect(await bench.rows(twice)).toEqual([])
    const second = `insert into matchbook.person_voter
      select tenant, '00000000-0000-8000-8000-000000000000', state, svid, match_type, match_score, match_details,
             matched_at, matched_by from matchbook.person_voter limit 1`
    await expect(bench.rows(second)).rejects.toThrow(/unique/)
  })
})

describe('invariant 6: a batch and its checkpoint are one transaction', () => {
  it('loses nothing and doubles nothing when it is cut off anywhere in a batch', async () => {
    const store = await storeWith(history)
    await caughtUp(store, 50)
    const whole = await bench.digests()
    await bench.fresh()
    const projector = createProjector({ db: bench.db, store, batchSize: 50 })
    for (let to = 49; to < history.length - 50; to += 50) {
      await projector.catchUp({ to })
      const events = historyOf(long!)
        .slice(to + 1, to + 51)
        .map(({ event, stream }, i) => ({ event, stream, position: to + 1 + i, revision: 0 }))
      const cutOff = bench.db.transaction(async (client) => {
        await prepareTransaction(client)
        await lockProjections(client)
        await foldBatches(client, storedRows('matchbook'), families, [events])
        await moveCheckpoint(client, 'matchbook', to + 50)
        throw new Error('cut off')
      })
      await expect(cutOff()).rejects.toThrow('cut off')
      expect(await position()).toBe(to)
    }
    await projector.catchUp()
    expect(await bench.digests()).toEqual(whole)
  })

  it('folds each event once when several projectors work at once', async () => {
    const store = await storeWith(history)
    await caughtUp(store, 10_000)
    const whole = await bench.digests()
    await bench.fresh()
    const projectors = [3, 20, 20].map((batchSize) => createProjector({ db: bench.db, store, batchSize }))
    const results = await Promise.all(projectors.map((projector) => projector.catchUp()))
    expect(results.map((result) => result.position)).toEqual(Array(3).fill(history.length - 1))
    expect(results.reduce((sum, result) => sum + result.events, 0)).toBe(history.length)
    expect(await bench.digests()).toEqual(whole)
  })

  it('folds what is offered as it folds what is read', async () => {
    const store = await storeWith([])
    const projector = createProjector({ db: bench.db, store, batchSize: 40 })
    const other = createProjector({ db: bench.db, store })
    for (let at = 0; at < history.length; at += 90) {
      const recorded = await append(store, history.slice(at, at + 90))
      // now and then somebody was faster, or the events before were never offered
      if (at % 270 === 90) await other.catchUp({ to: at + 30 })
      if (at % 270 === 0) continue
      const { position: reached } = await projector.offer(recorded)
      expect(reached).toBe(recorded.at(-1)!.position)
    }
    await projector.catchUp()
    const offered = await bench.digests()
    await caughtUp(store, 10_000)
    expect(await bench.digests()).toEqual(offered)
  })

  it('does nothing when there is nothing new', async () => {
    const store = await storeWith(history)
    const projector = createProjector({ db: bench.db, store })
    await projector.catchUp()
    const before = await bench.digests()
    expect(await projector.catchUp()).toEqual({ position: history.length - 1, events: 0 })
    expect(await bench.digests()).toEqual(before)
  })
})

describe('rebuild', () => {
  it('of one table leaves the others and the checkpoint as they are', async () => {
    const store = await storeWith(history)
    await createProjector({ db: bench.db, store }).catchUp({ to: 200 })
    const before = await bench.digests()
    const { tables: rebuilt, events } = await rebuild({ db: bench.db, store, tables: ['review'] })
    expect(events).toBe(history.slice(0, 201).filter(({ event }) => bookFamily.types.has(event.type)).length)
    expect(rebuilt).toEqual(bookFamily.tables)
    expect(await bench.digests()).toEqual(before)
  })

  it('is compared without a swap, and names what differs', async () => {
    const store = await storeWith(history)
    await createProjector({ db: bench.db, store }).catchUp()
    expect((await check({ db: bench.db, store })).differences).toEqual([])
    await orThrow(
      bench.db.query(
        `update matchbook.person set last_name = 'Edited' where pid = (select min(pid) from matchbook.person where tenant = 'a')`,
      ),
    )
    await orThrow(bench.db.query('delete from matchbook.review'))
    const { differences } = await check({ db: bench.db, store })
    expect(differences.map(({ table }) => table)).toEqual(['person', 'review'])
    expect(differences[0]!.rows).toMatchObject([{ kind: 'changed', columns: ['last_name'], key: { tenant: 'a' } }])
    expect(differences[1]!.rows[0]).toMatchObject({ kind: 'missing' })
    expect((await bench.rows(`select count(*)::int as n from matchbook.person where last_name = 'Edited'`))[0]).toEqual(
      { n: 1 },
    )
    expect(await bench.rows(`select 1 from pg_namespace where nspname = 'matchbook_next'`)).toEqual([])
  })

  it('is compared up to where the live tables stand, not to the store’s end', async () => {
    const store = await storeWith(history)
    await createProjector({ db: bench.db, store }).catchUp({ to: 200 })
    expect((await check({ db: bench.db, store })).differences).toEqual([])
  })

  it('interrupted leaves the live tables as they were, and nothing beside them', async () => {
    const store = await storeWith(history)
    await createProjector({ db: bench.db, store }).catchUp()
    const before = await bench.digests()
    for (const work of [rebuild, check]) {
      const interruption = new AbortController()
      const onProgress = () => interruption.abort()
      const options = { db: bench.db, store, batchSize: 50, signal: interruption.signal, onProgress }
      await expect(work(options)).rejects.toMatchObject({ code: 'INTERRUPTED' })
      expect(await bench.digests()).toEqual(before)
      expect(await bench.rows(`select 1 from pg_namespace where nspname = 'matchbook_next'`)).toEqual([])
    }
  })

  it('takes in what was projected while it waited for its turn', async () => {
    const store = await storeWith(history.slice(0, 300))
    await createProjector({ db: bench.db, store }).catchUp()
    const waiting = `select 1 from pg_locks where locktype = 'advisory' and not granted
      and database = (select oid from pg_database where datname = current_database())`
    let tellLocked = (): void => undefined
    const locked = new Promise<void>((resolve) => {
      tellLocked = resolve
    })
    const projectMeanwhile = bench.db.transaction(async (client) => {
      await prepareTransaction(client)
      await lockProjections(client)
      tellLocked()
      while ((await bench.rows(waiting)).length === 0) await setTimeout(20)
      await foldBatches(client, storedRows('matchbook'), families, [await append(store, history.slice(300, 350))])
      await moveCheckpoint(client, 'matchbook', 349)
    })
    // asked for once, when the rebuild starts to fill its tables
    let projecting: Promise<unknown> | undefined
    const head = (): ReturnType<EventStore['head']> => async () => {
      projecting = projectMeanwhile()
      await locked
      return store.head()()
    }
    await rebuild({ db: bench.db, store: { ...store, head } })
    await projecting
    expect(await position()).toBe(349)
    const rebuilt = await bench.digests()
    await caughtUp(store, 10_000)
    expect(await bench.digests()).toEqual(rebuilt)
  })

  it('goes on while a projector writes, and both agree', async () => {
    const store = await storeWith(history.slice(0, 300))
    const projector = createProjector({ db: bench.db, store, batchSize: 10 })
    await projector.catchUp()
    await append(store, history.slice(300))
    await Promise.all([
      projector.catchUp(),
      rebuild({ db: bench.db, store }),
      rebuild({ db: bench.db, store, tables: ['pid'] }),
    ])
    await projector.catchUp()
    const live = await bench.digests()
    await caughtUp(store, 10_000)
    expect(await bench.digests()).toEqual(live)
  })
})

import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { personVoter } from '../../../projections/book/tables.js'
import type { Placed } from '../../../projections/family.js'
import { pid } from '../../../projections/pid/table.js'
import { createProjector } from '../../../projections/project.js'
import { readEvents } from '../../../projections/read-events.js'
import { rebuild } from '../../../projections/rebuild.js'
import type { RowSet } from '../../../projections/row-set.js'
import { type LinkTables, linkTables } from '../../../src/publish/link-tables.js'
import { rowMessages } from '../../../src/publish/row-message.js'
import type { EventStore } from '../../../src/store/event-store.js'
import { type Bench, openBench, storeWith } from '../projections/harness.js'
import { happenings, historyOf } from '../projections/random-history.js'
import { tableInPostgres } from './table-in-postgres.js'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.close())

type Topic = Map<string, unknown>

/** What a reader of the topic keeps. */
const consume = (topic: Topic, changes: RowSet): void => {
  for (const { key, value } of rowMessages(changes.table, 1_000_000).ofChanges(changes)) {
    if (value === null) topic.delete(key)
    else topic.set(key, JSON.parse(value))
  }
}

const eventsOf = async (store: EventStore): Promise<readonly Placed[]> => {
  const events: Placed[] = []
  for await (const batch of readEvents(store, {})) events.push(...batch)
  return events
}

interface Topics {
  readonly links: Topic
  readonly pids: Topic
}

const foldNext = async (tables: LinkTables, { links, pids }: Topics, after: number, batch: readonly Placed[]) => {
  await tables.fold(after, batch, async ({ personVoter: changedLinks, pid: changedPids }) => {
    consume(links, changedLinks)
    consume(pids, changedPids)
  })
}

const expectTables = async ({ links, pids }: Topics): Promise<void> => {
  expect(links).toEqual(await tableInPostgres(bench.db, personVoter))
  expect(pids).toEqual(await tableInPostgres(bench.db, pid))
}

it('after each published batch the state topics hold exactly the tables at that position, whatever the batches', async () => {
  await fc.assert(
    fc.asyncProperty(happenings, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), async (all, sizes) => {
      const store = await storeWith(historyOf(all))
      const events = await eventsOf(store)
      await bench.fresh()
      const projector = createProjector({ db: bench.db, store })
      const tables = linkTables(bench.db, '')
      expect(await tables.prepare(-2)).toBe(-1)
      const topics: Topics = { links: new Map(), pids: new Map() }
      for (let at = 0, turn = 0; at < events.length; turn++) {
        const batch = events.slice(at, at + sizes[turn % sizes.length]!)
        await foldNext(tables, topics, at - 1, batch)
        at += batch.length
        await projector.catchUp({ to: at - 1 })
        await expectTables(topics)
      }
      await rebuild({ db: bench.db, store })
      await expectTables(topics)
    }),
    { numRuns: 12 },
  )
}, 120_000)

it('all rows at once are the same tables', async () => {
  await fc.assert(
    fc.asyncProperty(happenings, async (all) => {
      const store = await storeWith(historyOf(all))
      await bench.fresh()
      await createProjector({ db: bench.db, store }).catchUp()
      const tables = linkTables(bench.db, '')
      await tables.prepare(-2)
      await tables.fold(-1, await eventsOf(store), async () => undefined)
      const topics: Topics = { links: new Map(), pids: new Map() }
      await tables.readRows(async (table, rows) => {
        const topic = table === pid ? topics.pids : topics.links
        for (const row of rows) {
          const { key, value } = rowMessages(table, 1_000_000).of(row)
          topic.set(key, JSON.parse(value!))
        }
      })
      await expectTables(topics)
    }),
    { numRuns: 5 },
  )
}, 60_000)

it('a batch that is not taken in leaves the copy where it was', async () => {
  const events = await eventsOf(await storeWith(historyOf(fc.sample(happenings, { seed: 7, numRuns: 1 })[0]!)))
  await bench.fresh()
  const tables = linkTables(bench.db, '')
  await tables.prepare(-2)
  const refused = tables.fold(-1, events, () => Promise.reject(new Error('refused')))
  await expect(refused).rejects.toThrow('refused')
  expect(await tables.prepare(1_000)).toBe(-1)
  await expect(tables.fold(4, events, async () => undefined)).rejects.toMatchObject({ code: 'FENCED' })
})

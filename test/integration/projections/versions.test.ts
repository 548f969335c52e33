import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { tables } from '../../../projections/families.js'
import { migrateProjections } from '../../../projections/migrations.js'
import { createProjector } from '../../../projections/project.js'
import { rebuild } from '../../../projections/rebuild.js'
import { orThrow } from '../../../src/errors.js'
import type { EventStore } from '../../../src/store/event-store.js'
import { memoryStore } from '../../../src/store/memory/memory-store.js'
import { append, type Bench, openBench, storeWith } from './harness.js'
import { linkedTo, World } from './world.js'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.close())
beforeEach(() => bench.fresh())

const smallWorld = (): World => {
  const world = new World()
  world.decide('t', world.importContact('t', { first_name: 'Ann', last_name: 'Lee' }), linkedTo('1'))
  return world
}

const migrated = (): Promise<readonly string[]> => orThrow(migrateProjections(bench.db))

describe('migrateProjections', () => {
  let store: EventStore
  beforeEach(async () => {
    store = await storeWith(smallWorld().written)
    await createProjector({ db: bench.db, store }).catchUp()
  })

  it('finds nothing to rebuild when nothing changed', async () => {
    const before = await bench.digests()
    expect(await migrated()).toEqual([])
    expect(await bench.digests()).toEqual(before)
  })

  it('names the tables that other code has filled, until they are rebuilt', async () => {
    const before = await bench.digests()
    await orThrow(bench.db.query(`update matchbook.projected_table set version = 99 where name = 'person'`))
    expect(await migrated()).toEqual(['person'])
    expect(await migrated()).toEqual(['person'])
    await rebuild({ db: bench.db, store, tables: ['person'] })
    expect(await migrated()).toEqual([])
    expect(await bench.digests()).toEqual(before)
  })

  it('names a table that went missing, until it is rebuilt', async () => {
    const before = await bench.digests()
    await orThrow(bench.db.query('drop table matchbook.review cascade'))
    expect(await migrated()).toEqual(['review'])
    expect(await migrated()).toEqual(['review'])
    await rebuild({ db: bench.db, store, tables: await migrated() })
    expect(await migrated()).toEqual([])
    expect(await bench.digests()).toEqual(before)
  })

  it('starts again from the first event when the checkpoint is lost', async () => {
    const before = await bench.digests()
    await orThrow(bench.db.query('drop table matchbook.checkpoint'))
    expect(await migrated()).toEqual([])
    await createProjector({ db: bench.db, store }).catchUp()
    expect(await bench.digests()).toEqual(before)
  })

  it('can be called by several commands at once on an empty database', async () => {
    await orThrow(bench.db.query('drop schema matchbook cascade'))
    expect(await Promise.all([migrated(), migrated(), migrated()])).toEqual([[], [], []])
    expect((await bench.digests()).map(({ table }) => table)).toEqual(tables.map(({ name }) => name))
  })
})

describe('an event that cannot be projected', () => {
  it('stops with BAD_EVENT that names stream, revision and path, and leaves the tables before it', async () => {
    const store = memoryStore()
    const recorded = await append(store, smallWorld().written)
    const broken = { ...recorded[1]!, id: '00000000-0000-8000-8000-000000000001' }
    const body = broken.body.replace('"row":1', '"row":0')
    await orThrow(store.append(broken.stream, [{ ...broken, body }], 'any'))
    const projector = createProjector({ db: bench.db, store, batchSize: 2 })
    await expect(projector.catchUp()).rejects.toMatchObject({
      code: 'BAD_EVENT',
      message: expect.stringMatching(/event 2 of stream import-t\.list-0 .*data\.row: 0/),
      details: { stream: 'import-t.list-0', revision: 2 },
    })
    expect(await bench.rows('select count(*)::int as n from matchbook.person')).toEqual([{ n: 1 }])
    await expect(rebuild({ db: bench.db, store })).rejects.toMatchObject({ code: 'BAD_EVENT' })
    expect(await bench.rows('select count(*)::int as n from matchbook.person')).toEqual([{ n: 1 }])
  })

  it.each([
    ['a contact of a list that never started', (world: World) => world.written.splice(0, 1), /no ImportStarted/],
    [
      'a further contact of somebody unknown',
      (world: World) => {
        const person = world.importContact('t', { first_name: 'Bo' })
        world.importContact('t', { first_name: 'Bo' }, person)
        world.written.splice(-2, 1)
      },
      /no earlier contact/,
    ],
  ])('is %s', async (_, damage, message) => {
    const world = smallWorld()
    damage(world)
    const projector = createProjector({ db: bench.db, store: await storeWith(world.written) })
    await expect(projector.catchUp()).rejects.toMatchObject({
      code: 'BAD_EVENT',
      message: expect.stringMatching(message),
    })
  })
})

describe('rebuild', () => {
  it('refuses a table that does not exist, naming those that do', async () => {
    const store = memoryStore()
    await expect(rebuild({ db: bench.db, store, tables: ['persons'] })).rejects.toMatchObject({
      code: 'BAD_USAGE',
      message: expect.stringMatching(/no table "persons".*person_custom_field/),
    })
  })
})

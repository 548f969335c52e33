import { afterAll, beforeAll, expect, test } from 'vitest'
import { orThrow } from '../../../src/errors.js'
import { type Database, openDatabase } from '../../../src/postgres/connect.js'
import { type Migration, migrate } from '../../../src/postgres/migrate.js'
import { postgresForTests } from '../../servers/postgres.js'

let server: Awaited<ReturnType<typeof postgresForTests>>
let database: Database

beforeAll(async () => {
  server = await postgresForTests()
  database = openDatabase({ url: server.url })
})

afterAll(async () => {
  await database.close()
  await server.drop()
})

const first: Migration = { number: 1, name: 'make', sql: 'create table a (n int); create table b (n int)' }
const inSchema = (schema: string): Migration[] => [
  { ...first, sql: `create table ${schema}.a (n int); insert into ${schema}.a values (1)` },
  { number: 2, name: 'widen', sql: `alter table ${schema}.a add column t text` },
]
const recorded = (schema: string) => orThrow(database.query(`select number, name from ${schema}.migration order by 1`))

test('given an empty database, then all are applied in order and recorded; given them applied, then none', async () => {
  expect(await orThrow(migrate(database, 'one', inSchema('one')))).toBe(2)
  expect(await orThrow(migrate(database, 'one', inSchema('one')))).toBe(0)
  expect(await recorded('one')).toEqual([
    { number: 1, name: 'make' },
    { number: 2, name: 'widen' },
  ])
})

test('given some applied, then only the new ones are', async () => {
  expect(await orThrow(migrate(database, 'two', inSchema('two').slice(0, 1)))).toBe(1)
  expect(await orThrow(migrate(database, 'two', inSchema('two')))).toBe(1)
  expect(await orThrow(database.query('select n, t from two.a'))).toEqual([{ n: 1, t: null }])
})

test('given eight that migrate at once, then each migration is applied once', async () => {
  const counts = await Promise.all(
    Array.from({ length: 8 }, () => orThrow(migrate(database, 'many', inSchema('many')))),
  )
  expect(counts.reduce((sum, count) => sum + count)).toBe(2)
  expect(await orThrow(database.query('select n from many.a'))).toEqual([{ n: 1 }])
})

test('given an applied migration that was changed since, then CHECK_FAILED that names it', async () => {
  await orThrow(migrate(database, 'changed', inSchema('changed')))
  const [one, two] = inSchema('changed')
  const result = await migrate(database, 'changed', [{ ...one!, sql: `${one!.sql} ` }, two!])()
  expect(result).toMatchObject({ left: { code: 'CHECK_FAILED', details: { schema: 'changed', number: 1 } } })
})

test('given a database of a newer version, then WRONG_SERVER_VERSION', async () => {
  await orThrow(migrate(database, 'newer', inSchema('newer')))
  const result = await migrate(database, 'newer', inSchema('newer').slice(0, 1))()
  expect(result).toMatchObject({ left: { code: 'WRONG_SERVER_VERSION', details: { number: 2 } } })
})

test('given a migration whose second statement fails, then it throws and leaves nothing of the first', async () => {
  const broken = [{ number: 1, name: 'broken', sql: 'create table broken.a (n int); select wrong' }]
  await expect(migrate(database, 'broken', broken)()).rejects.toThrow('wrong')
  expect(await orThrow(database.query(`select to_regclass('broken.a') as a`))).toEqual([{ a: null }])
})

test('given numbers with a gap, then it throws before anything is applied', async () => {
  await expect(migrate(database, 'gap', [{ ...first, number: 2 }])()).rejects.toThrow('count from 1')
  expect(await orThrow(database.query(`select to_regnamespace('gap') as gap`))).toEqual([{ gap: null }])
})

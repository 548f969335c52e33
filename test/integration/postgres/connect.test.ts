import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { appError, orThrow } from '../../../src/errors.js'
import { type Database, openDatabase } from '../../../src/postgres/connect.js'
import { postgresForTests } from '../../servers/postgres.js'

let server: Awaited<ReturnType<typeof postgresForTests>>
let database: Database

beforeAll(async () => {
  server = await postgresForTests()
  database = openDatabase({ url: server.url })
  await orThrow(database.query('create table note (id bigint primary key, body text)'))
})

afterAll(async () => {
  await database.close()
  await server.drop()
})

const notes = () => orThrow(database.query<{ id: number; body: string }>('select id, body from note order by id'))

describe('query', () => {
  test('int8 arrives as number, int8[] as numbers, a date as the text of that day', async () => {
    const [row] = await orThrow(
      database.query(`select 9007199254740991::int8 as n, array[1, null]::int8[] as ns, '2024-02-29'::date as d`),
    )
    expect(row).toEqual({ n: 9007199254740991, ns: [1, null], d: '2024-02-29' })
  })

  test('an int8 that a number cannot hold throws instead of being rounded', async () => {
    await expect(database.query('select 9007199254740993::int8 as n')()).rejects.toThrow('9007199254740993')
  })

  test('a wrong statement is a bug and throws', async () => {
    await expect(database.query('select nothing_of_the_kind')()).rejects.toThrow('nothing_of_the_kind')
  })

  test('a text with NUL is a Left, as the database can not hold it', async () => {
    expect(await database.query('select $1::text', ['a\0b'])()).toMatchObject({ left: { code: 'BAD_VALUE' } })
  })
})

describe('transaction', () => {
  test('given work that succeeds, then its rows stand', async () => {
    const result = await database.transaction(async (client) => {
      await client.query(`insert into note values (1, 'kept')`)
      return 'done'
    })()
    expect(result).toEqual({ _tag: 'Right', right: 'done' })
    expect(await notes()).toContainEqual({ id: 1, body: 'kept' })
  })

  test('given work that throws an AppError, then it comes out as Left and nothing of it stands', async () => {
    const conflict = appError('WRONG_REVISION', 'somebody was faster')
    const result = await database.transaction(async (client) => {
      await client.query(`insert into note values (2, 'undone')`)
      throw conflict
    })()
    expect(result).toEqual({ _tag: 'Left', left: conflict })
    expect((await notes()).map(({ id }) => id)).not.toContain(2)
  })

  test('given work that throws a bug, then it is thrown on and nothing of it stands', async () => {
    const task = database.transaction(async (client) => {
      await client.query(`insert into note values (3, 'undone')`)
      throw new TypeError('a bug')
    })
    await expect(task()).rejects.toThrow('a bug')
    expect((await notes()).map(({ id }) => id)).not.toContain(3)
  })

  test('given work that swallows a failed statement, then the silent rollback is thrown as a bug', async () => {
    const task = database.transaction(async (client) => {
      await client.query('select nothing_of_the_kind').catch(() => undefined)
    })
    await expect(task()).rejects.toThrow('swallowed')
  })

  test('given a connection that the server ends half-way, then Left, and the pool works on', async () => {
    const result = await database.transaction(async (client) => {
      await client.query('select pg_terminate_backend(pg_backend_pid())')
    })()
    expect(result).toMatchObject({
      left: { code: 'SERVER_UNREACHABLE', message: expect.stringMatching(/broke off; .*run it again$/) },
    })
    expect(await orThrow(database.query('select 1 as one'))).toEqual([{ one: 1 }])
  })

  test('given an idle connection that the server ends, then the process lives and the pool works on', async () => {
    await orThrow(
      database.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()',
      ),
    )
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await orThrow(database.query('select 1 as one'))).toEqual([{ one: 1 }])
  })
})

describe('a server that is not there', () => {
  test.each([
    ['nobody listens', 'postgres://u:secret@127.0.0.1:1/x'],
    ['no such host', 'postgres://u:secret@nowhere.invalid/x'],
  ])('%s: SERVER_UNREACHABLE that names the place and not the password', async (_, url) => {
    const absent = openDatabase({ url })
    const result = await absent.query('select 1')()
    await absent.close()
    expect(result).toMatchObject({ left: { code: 'SERVER_UNREACHABLE' } })
    expect(JSON.stringify(result)).toContain(new URL(url).hostname)
    expect(JSON.stringify(result)).not.toContain('secret')
  })

  test('a database that does not exist is SERVER_UNREACHABLE', async () => {
    const url = new URL(server.url)
    url.pathname = '/absent'
    const absent = openDatabase({ url: url.href })
    const result = await absent.query('select 1')()
    await absent.close()
    expect(result).toMatchObject({ left: { code: 'SERVER_UNREACHABLE', details: { sqlstate: '3D000' } } })
  })
})

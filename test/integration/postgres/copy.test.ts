import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { orThrow } from '../../../src/errors.js'
import { type Database, openDatabase } from '../../../src/postgres/connect.js'
import { type CopyValue, copyRows } from '../../../src/postgres/copy.js'
import { type CopiedRow, copyOut } from '../../../src/postgres/copy-out.js'
import { postgresForTests } from '../../servers/postgres.js'

let server: Awaited<ReturnType<typeof postgresForTests>>
let database: Database

beforeAll(async () => {
  server = await postgresForTests()
  database = openDatabase({ url: server.url })
  await orThrow(database.query('create schema "odd name"'))
  await orThrow(database.query('create table "odd name".item (n int8, t text, f float8, b boolean, x bytea, j jsonb)'))
})

afterAll(async () => {
  await database.close()
  await server.drop()
})

const table = 'odd name.item'
const copyTexts = (texts: Iterable<string | null>) =>
  database.transaction(async (client) => {
    await client.query('truncate "odd name".item')
    return copyRows(
      client,
      table,
      ['n', 't'],
      (function* () {
        let n = 0
        for (const text of texts) yield [n++, text]
      })(),
    )
  })

const storedTexts = async () =>
  (await orThrow(database.query<{ t: string | null }>('select t from "odd name".item order by n'))).map(({ t }) => t)

const copiedOut = (select: string) =>
  orThrow(
    database.withClient(async (client) => {
      const rows: CopiedRow[] = []
      for await (const batch of copyOut(client, select)) rows.push(...batch)
      return rows
    }),
  )

/** Texts that trip text-format COPY: its own escapes and markers, control characters, half a line, astral characters. */
const hostile = fc
  .array(
    fc.constantFrom(
      '\\',
      '\t',
      '\n',
      '\r',
      '\\N',
      '\\.',
      '\n\\.\n',
      '\b',
      '\v',
      '\f',
      '\x7f',
      "'",
      '"',
      '😀',
      'é',
      '\ufeff',
      '\u2028',
      'plain text',
      '',
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))
const anyText = fc.oneof(
  hostile,
  fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
)

describe('copyRows', () => {
  test('any text comes back as it was, by select and by copyOut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(anyText), { maxLength: 40 }), async (texts) => {
        expect(await orThrow(copyTexts(texts))).toBe(texts.length)
        expect(await storedTexts()).toEqual(texts)
        expect((await copiedOut('select t from "odd name".item order by n')).map(([t]) => t)).toEqual(texts)
      }),
      { numRuns: 60 },
    )
  })

  test('every kind of value arrives in its column', async () => {
    const rows: CopyValue[][] = [
      [Number.MAX_SAFE_INTEGER, 'é\\', -0.1, true, Uint8Array.of(0, 92, 255), '{"a":"\\\\ \\n"}'],
      [-1, '', Number.POSITIVE_INFINITY, false, new Uint8Array(0), '[]'],
      [null, null, null, null, null, null],
    ]
    await orThrow(database.query('truncate "odd name".item'))
    await orThrow(database.transaction((client) => copyRows(client, table, ['n', 't', 'f', 'b', 'x', 'j'], rows)))
    expect(await orThrow(database.query('select n, t, f, b, x, j from "odd name".item'))).toEqual([
      { n: Number.MAX_SAFE_INTEGER, t: 'é\\', f: -0.1, b: true, x: Buffer.of(0, 92, 255), j: { a: '\\ \n' } },
      { n: -1, t: '', f: Number.POSITIVE_INFINITY, b: false, x: Buffer.alloc(0), j: [] },
      { n: null, t: null, f: null, b: null, x: null, j: null },
    ])
  })

  test('a view into a larger buffer is copied as the view, not the buffer', async () => {
    await orThrow(database.query('truncate "odd name".item'))
    const view = Uint8Array.of(1, 2, 3, 4).subarray(1, 3)
    await orThrow(database.transaction((client) => copyRows(client, table, ['x'], [[view]])))
    expect(await orThrow(database.query('select x from "odd name".item'))).toEqual([{ x: Buffer.of(2, 3) }])
  })

  test.each([
    ['NUL', 'before\0after'],
    ['half a character', 'x\ud83d'],
  ])(
    'given a text with %s, then BAD_VALUE that names row and column, nothing is stored, the pool works on',
    async (_, text) => {
      await orThrow(copyTexts(['here before']))
      const fill = Array.from({ length: 5_000 }, (_, i) => `text ${i} ${'x'.repeat(100)}`)
      const result = await database.transaction(async (client) =>
        copyRows(
          client,
          table,
          ['t'],
          [...fill, text].map((value) => [value]),
        ),
      )()
      expect(result).toMatchObject({ left: { code: 'BAD_VALUE', details: { column: 't', row: 5_000 } } })
      expect(await storedTexts()).toEqual(['here before'])
    },
  )

  test('given a value that its column refuses, then the server says so and nothing is stored', async () => {
    await orThrow(copyTexts([]))
    const task = database.transaction((client) => copyRows(client, table, ['n'], [[1], ['no number']]))
    await expect(task()).rejects.toThrow('no number')
    expect(await storedTexts()).toEqual([])
  })

  test('given a source of rows that fails half-way, then its error comes out and nothing is stored', async () => {
    await orThrow(copyTexts([]))
    const task = database.transaction((client) =>
      copyRows(
        client,
        table,
        ['t'],
        (function* () {
          for (let i = 0; i < 10_000; i++) yield ['x'.repeat(50)]
          throw new Error('the source broke')
        })(),
      ),
    )
    await expect(task()).rejects.toThrow('the source broke')
    expect(await storedTexts()).toEqual([])
  })

  test('given a row of the wrong length, then it throws', async () => {
    const task = database.transaction((client) => copyRows(client, table, ['n', 't'], [[1]]))
    await expect(task()).rejects.toThrow('1 values for 2 columns')
  })

  test('given a connection that dies half-way, then SERVER_UNREACHABLE and nothing is stored', async () => {
    await orThrow(copyTexts([]))
    const result = await database.transaction(async (client) => {
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
      return copyRows(
        client,
        table,
        ['t'],
        (async function* () {
          for (let i = 0; i < 200_000; i++) {
            if (i === 20_000) await orThrow(database.query('select pg_terminate_backend($1)', [rows[0]?.pid]))
            yield ['x'.repeat(100)]
          }
        })(),
      )
    })()
    expect(result).toMatchObject({ left: { code: 'SERVER_UNREACHABLE' } })
    expect(await storedTexts()).toEqual([])
  })

  test('rows are pulled as the server takes them: a slow server holds the source back', async () => {
    await orThrow(copyTexts([]))
    let pulled = 0
    const locker = openDatabase({ url: server.url, connections: 1 })
    const copying = locker.withClient(async (holder) => {
      await holder.query('begin')
      await holder.query('lock table "odd name".item in access exclusive mode')
      const copy = database.transaction((client) =>
        copyRows(
          client,
          table,
          ['t'],
          (function* () {
            for (; pulled < 50_000; pulled++) yield ['x'.repeat(1_000)]
          })(),
        ),
      )()
      await new Promise((resolve) => setTimeout(resolve, 300))
      const pulledWhileHeld = pulled
      await holder.query('commit')
      return { pulledWhileHeld, copied: await copy }
    })
    const { pulledWhileHeld, copied } = await orThrow(copying)
    expect(copied).toEqual({ _tag: 'Right', right: 50_000 })
    expect(pulledWhileHeld).toBeLessThan(1_000)
    await locker.close()
  })
})

describe('copyOut', () => {
  test('a line longer than many network packets comes back whole', async () => {
    const long = `${'é\t\\'.repeat(300_000)}end`
    await orThrow(copyTexts(['first', long, 'last']))
    expect((await copiedOut('select t from "odd name".item order by n')).map(([t]) => t)).toEqual([
      'first',
      long,
      'last',
    ])
  })

  test('an empty result gives no batch', async () => {
    expect(await copiedOut('select 1 where false')).toEqual([])
  })

  test('a wrong statement throws and the pool works on', async () => {
    await expect(database.withClient(async (client) => copyOut(client, 'select wrong').next())()).rejects.toThrow(
      'wrong',
    )
    expect(await copiedOut('select 1')).toEqual([['1']])
  })
})

import { DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { foldHouseNumber, houseNumberPattern, splitHouseNumber } from '../../../src/normalise/address.js'

const pieces = fc.constantFrom(
  ...[
    '1',
    '23',
    '0',
    'A',
    'b',
    'TH',
    '-',
    '/',
    '1/2',
    '½',
    ' ',
    '  ',
    '\t',
    '\n',
    '\u00a0',
    ',',
    '.',
    '#',
    'MAIN ST',
    'Ñ',
  ],
)
const lines = fc.sample(
  fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join('')),
  { numRuns: 5000, seed: 7 },
)

it('parts lines in DuckDB, which matches with RE2, as it does here', async () => {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    await connection.run('create table line (n integer, text varchar)')
    const appender = await connection.createAppender('line')
    for (const [n, line] of lines.entries()) {
      appender.appendInteger(n)
      appender.appendVarchar(line)
      appender.endRow()
    }
    appender.closeSync()
    const parted = `regexp_extract(text, '${houseNumberPattern}', ['number', 'rest'])`
    const answer = await connection.runAndReadAll(
      `select p.number, p.rest, text from (select n, text, ${parted} as p from line) order by n`,
    )
    const rows = answer.getRows().map((row) => row.map(String)) as [string, string, string][]
    expect(rows.length).toBe(lines.length)
    expect(rows.filter(([number]) => number !== '').length).toBeGreaterThan(500)
    for (const [number, rest, text] of rows) {
      const found = number === '' ? { number: '', rest: text } : { number: foldHouseNumber(number), rest }
      expect(found, JSON.stringify(text)).toEqual(splitHouseNumber(text))
    }
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
})

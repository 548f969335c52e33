import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CsvRecord, recordOf, splitRecords } from '../../../src/lists/csv/split-records.js'
import { writeCsv } from './write-csv.js'

/** Cuts the text into pieces of these lengths, round and round, and splits it piece by piece. */
const split = (text: string, delimiter = ',', lineEnd = '\n', pieces: readonly number[] = [1_000_000]): CsvRecord[] => {
  const records: CsvRecord[] = []
  const dialect = { delimiter: delimiter.charCodeAt(0), lineEnd: lineEnd.charCodeAt(0) }
  const splitter = splitRecords(dialect, (...record) => records.push(recordOf(...record)))
  for (let at = 0, i = 0; at < text.length; i++) {
    const length = pieces[i % pieces.length]!
    splitter.write(text.slice(at, at + length))
    at += length
  }
  splitter.end()
  return records
}

const cellsOf = (records: readonly CsvRecord[]) => records.map(({ cells }) => cells)
const flawsOf = (records: readonly CsvRecord[]) => records.map(({ flaw }) => flaw?.kind.slice(0, 12))

const cell = fc.string({
  unit: fc.constantFrom('a', 'Ü', '"', ',', ';', '\t', '|', '\n', '\r', ' ', '😀'),
  maxLength: 8,
})
const style = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
  quoting: fc.constantFrom('needed' as const, 'all' as const),
  endsWithLineEnd: fc.boolean(),
})
const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 12 })
const pieces = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 })

describe('splitting CSV into records', () => {
  it('reads back what was written, whatever the delimiter, the line end and the cut of the pieces', () => {
    fc.assert(
      fc.property(table, style, pieces, (records, how, lengths) => {
        const lineEnd = how.lineEnd === '\r' ? '\r' : '\n'
        expect(cellsOf(split(writeCsv(records, how), how.delimiter, lineEnd, lengths))).toEqual(records)
      }),
      { numRuns: 500 },
    )
  })

  it('agrees with another parser on well-formed files', () => {
    fc.assert(
      fc.property(table, style, (records, how) => {
        const text = writeCsv(records, how)
        const options = { delimiter: how.delimiter, relax_column_count: true, skip_empty_lines: true }
        const theirs: string[][] = parse(text, { ...options, record_delimiter: how.lineEnd })
        expect(cellsOf(split(text, how.delimiter, how.lineEnd === '\r' ? '\r' : '\n'))).toEqual(theirs)
      }),
    )
  })

  it('finds the same records in any text at all, whatever the cut of the pieces', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', '"', ',', '\n', '\r', ' '), maxLength: 60 })
    fc.assert(
      fc.property(text, pieces, fc.constantFrom('\n', '\r'), (anything, lengths, lineEnd) => {
        expect(split(anything, ',', lineEnd, lengths)).toEqual(split(anything, ',', lineEnd))
      }),
      { numRuns: 2000 },
    )
  })

  it('loses no character of any text: every one is in a cell, in a flawed record or stands between them', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '"', ',', '\n'), maxLength: 60 })
    fc.assert(
      fc.property(text, (anything) => {
        const found = split(anything).map(({ cells, flaw }) => flaw?.text ?? cells.join(''))
        const letters = (s: string): string => s.replace(/[^ab]/g, '')
        expect(letters(found.join(''))).toBe(letters(anything))
      }),
      { numRuns: 2000 },
    )
  })

  it('skips lines of nothing or spaces, but not lines of delimiters or empty quotes', () => {
    expect(cellsOf(split('a,b\n\n   \r\n,\n""\n\nc,d'))).toEqual([['a', 'b'], ['', ''], [''], ['c', 'd']])
  })

  it('gives up one row for an open quote, not the rest of the file', () => {
    const records = split('1,"open,x\n2,"quoted, cell",y\n3,b,z\n')
    expect(flawsOf(records)).toEqual(['Text follows', undefined, undefined])
    expect(records[0]?.flaw?.text).toBe('1,"open,x')
    expect(cellsOf(records.slice(1))).toEqual([
      ['2', 'quoted, cell', 'y'],
      ['3', 'b', 'z'],
    ])
  })

  it('gives up the one row of a quote that is open at the end', () => {
    const records = split('1,a\n2,"open\n3,b\n')
    expect(flawsOf(records)).toEqual([undefined, 'A quote is o', undefined])
    expect(records[2]?.cells).toEqual(['3', 'b'])
  })

  it('gives up a row with a quote inside quotes that is not doubled', () => {
    expect(flawsOf(split('"Bob "Bobby" Lee",x\n"Ann ""Annie"" Fay",y\n'))).toEqual(['Text follows', undefined])
  })

  it('leaves quotes inside unquoted cells alone', () => {
    expect(cellsOf(split(`5' 10",O"Neil\n`))).toEqual([[`5' 10"`, 'O"Neil']])
  })

  const megabytes = (n: number): string => 'x'.repeat(n * 1_000_000)

  it.each([
    ['quoted', (cell: string) => `"${cell}"`],
    ['plain', (cell: string) => cell],
  ])('gives up a row whose %s cell has more than 10 million characters, and goes on after it', (_, written) => {
    const records = split(`1,a\n2,${written(megabytes(24))},c\n3,b\n`, ',', '\n', [262_144])
    expect(flawsOf(records)).toEqual([undefined, 'The row has ', undefined])
    expect(records[1]?.flaw?.text.length).toBe(10_000)
    expect(records[2]?.cells).toEqual(['3', 'b'])
  })

  it('keeps a row whose cell has just less than that', () => {
    const records = split(`1,a\n2,"${megabytes(9)}",c\n3,b\n`, ',', '\n', [262_144])
    expect(records.map(({ cells }) => cells.length)).toEqual([2, 3, 2])
  })

  it('passes a file of open quotes in time that grows with its length', () => {
    const lines = `"a,b\n${'""\n'.repeat(300_000)}`
    const began = performance.now()
    expect(split(lines, ',', '\n', [65_536]).length).toBe(300_001)
    expect(performance.now() - began).toBeLessThan(5_000)
  })
})

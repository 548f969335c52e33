import type { Dialect } from './scan-record.js'
import { type CsvRecord, recordOf, splitRecords } from './split-records.js'

const delimiters = [',', ';', '\t', '|'] as const
type Delimiter = (typeof delimiters)[number]

export interface SniffedDialect {
  readonly delimiter: Delimiter
  readonly lineEnd: '\n' | '\r'
  /** the file begins with Excel's line `sep=;`, which is no record of its own */
  readonly hasSepLine: boolean
}

export const codesOf = ({ delimiter, lineEnd }: Pick<SniffedDialect, 'delimiter' | 'lineEnd'>): Dialect => ({
  delimiter: delimiter.charCodeAt(0),
  lineEnd: lineEnd.charCodeAt(0),
})

const recordsLookedAt = 200
const sepLine = /^sep=([,;\t|])\r?(?:\n|\r|$)/i

/**
 * Delimiter and line end from the head of a file. Of the four delimiters the one whose header row holds most known
 * headers; then the one that gives most records as many cells as the header has; then the one that gives more columns.
 */
export const sniffDialect = (head: string, isKnownHeader: (header: string) => boolean): SniffedDialect => {
  const lineEnd = lineEndOf(head)
  const stated = sepLine.exec(head)?.[1] as Delimiter | undefined
  if (stated !== undefined) return { delimiter: stated, lineEnd, hasSepLine: true }
  let delimiter: Delimiter = ','
  let best = [-1, -1, -1]
  for (const candidate of delimiters) {
    const score = scoreOf(headRecords(head, candidate, lineEnd), candidate, isKnownHeader)
    if (isHigher(score, best)) {
      best = score
      delimiter = candidate
    }
  }
  return { delimiter, lineEnd, hasSepLine: false }
}

/** LF wherever one stands outside quotes; CR alone ended lines on the old Mac. */
const lineEndOf = (head: string): '\n' | '\r' => {
  let quoted = false
  let returns = 0
  for (let i = 0; i < head.length; i++) {
    const code = head.charCodeAt(i)
    if (code === 34) quoted = !quoted
    else if (!quoted && code === 10) return '\n'
    else if (!quoted && code === 13) returns++
  }
  return returns > 0 ? '\r' : '\n'
}

const headRecords = (head: string, delimiter: Delimiter, lineEnd: '\n' | '\r'): readonly CsvRecord[] => {
  const records: CsvRecord[] = []
  const splitter = splitRecords(codesOf({ delimiter, lineEnd }), (...record) => {
    if (records.length < recordsLookedAt) records.push(recordOf(...record))
  })
  splitter.write(head)
  if (records.length === 0) splitter.end()
  return records
}

const scoreOf = (
  [header, ...rows]: readonly CsvRecord[],
  delimiter: Delimiter,
  isKnownHeader: (header: string) => boolean,
): number[] => {
  // a header with an open quote tells its delimiter all the same
  const cells = header?.flaw?.text.split(delimiter) ?? header?.cells ?? []
  const columns = cells.length
  const known = cells.filter(isKnownHeader).length
  const even = columns > 1 ? rows.filter((row) => row.cells.length === columns).length / Math.max(1, rows.length) : 0
  return [known, even, columns]
}

const isHigher = (a: readonly number[], b: readonly number[]): boolean => {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! > b[i]!
  return false
}

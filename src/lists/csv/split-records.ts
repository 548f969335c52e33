import { type Dialect, type Flaw, RecordScan, scanRecord } from './scan-record.js'

/** Characters of a flawed record that are kept to show it. */
const keptOfFlawed = 10_000

/** A record's cells; a flawed one has its text instead, cut at 10,000 characters. */
export interface CsvRecord {
  readonly cells: readonly string[]
  readonly flaw?: { readonly kind: Flaw; readonly text: string }
}

/** `text` from `from` to `to` is the record that `scan` describes. */
export type OnRecord = (scan: RecordScan, text: string, from: number, to: number) => void

export interface RecordSplitter {
  /** Calls `onRecord` for each record that ends in the text so far; blank lines are no records. */
  readonly write: (text: string) => void
  /** The file ends here: what is left over is the last record. */
  readonly end: () => void
}

/** Splits text that comes in chunks; holds one chunk and one record of at most 10 million characters. */
export const splitRecords = (dialect: Dialect, onRecord: OnRecord): RecordSplitter => {
  const scan = new RecordScan()
  const lineEnd = String.fromCharCode(dialect.lineEnd)
  let left = ''
  let skipping = false
  // an unfinished record is scanned again only when the text is twice as long, so that a huge one costs no square
  let enough = 0
  const take = (text: string, isLast: boolean): void => {
    const stop = skipping ? text.indexOf(lineEnd) : -1
    let at = skipping ? (stop < 0 ? text.length + 1 : stop + 1) : 0
    while (at < text.length) {
      const next = scanRecord(text, at, isLast, dialect, scan)
      if (next < 0) break
      if (!scan.blank) onRecord(scan, text, at, next)
      at = next
    }
    skipping = at > text.length
    left = text.slice(at)
    enough = left.length * 2
  }
  return {
    write: (text) => {
      left += text
      if (left.length >= enough) take(left, false)
    },
    end: () => take(left, true),
  }
}

export const recordOf: (...record: Parameters<OnRecord>) => CsvRecord = (scan, text, from, to) => {
  const { bounds, doubled, cells: count, flaw } = scan
  if (flaw !== undefined) {
    const kept = text.slice(from, Math.min(to, from + keptOfFlawed)).replace(/[\r\n]+$/, '')
    return { cells: [], flaw: { kind: flaw, text: kept.toWellFormed() } }
  }
  const cells = new Array<string>(count)
  for (let i = 0; i < count; i++) {
    const cell = text.slice(bounds[2 * i], bounds[2 * i + 1])
    cells[i] = doubled[i] === 1 ? cell.replaceAll('""', '"') : cell
  }
  return { cells }
}

const maxCells = 16_384
/** Characters of one record; a longer one is no contact. */
const maxRecord = 10_000_000

/** What is wrong with a record's quotes or size; such a row is rejected, and the rows after it are read on. */
const flaws = {
  openQuote: 'A quote is opened and never closed',
  strayQuote: 'Text follows a closing quote (a quote inside a quoted cell must be doubled)',
  tooLong: 'The row has more than 10 million characters',
  tooManyCells: 'The row has more than 16384 cells',
} as const

export type Flaw = (typeof flaws)[keyof typeof flaws]

const quote = 34
const space = 32
const carriageReturn = 13

/**
 * One record's cells as found by `scanRecord`: cell i stands at `bounds[2 * i]` to `bounds[2 * i + 1]`, quotes left out;
 * `doubled[i]` is 1 when it holds doubled quotes.
 */
export class RecordScan {
  bounds = new Int32Array(256)
  doubled = new Uint8Array(128)
  cells = 0
  flaw: Flaw | undefined
  /** the line holds nothing but spaces */
  blank = false

  add(from: number, to: number, doubled: number): void {
    if (this.cells === this.doubled.length) this.grow()
    this.bounds[2 * this.cells] = from
    this.bounds[2 * this.cells + 1] = to
    this.doubled[this.cells++] = doubled
    if (this.cells > maxCells) {
      this.cells = maxCells
      this.flaw = flaws.tooManyCells
    }
  }

  private grow(): void {
    const bounds = new Int32Array(this.bounds.length * 2)
    bounds.set(this.bounds)
    this.bounds = bounds
    const doubled = new Uint8Array(this.doubled.length * 2)
    doubled.set(this.doubled)
    this.doubled = doubled
  }
}

/** Codes of the delimiter and of the character that ends a line (LF, which may follow a CR; or CR in old Mac files). */
export interface Dialect {
  readonly delimiter: number
  readonly lineEnd: number
}

/**
 * Finds the cells of the record that begins at `from` (RFC 4180) and answers where the next one begins; −1 when the text
 * ends before the record does and `isLast` does not say that it ends there; beyond the text's end for a record that is
 * too long and goes on to the next line end. Counting and reading both go by this one function, so they agree on every
 * file.
 *
 * A quote that never closes, or that closes before anything but a delimiter or a line end, makes the record end at the
 * first line end after that quote: one bad row, not a swallowed file. The search for a closing quote passes nothing but
 * quotes in pairs, which open no cell that would be searched from again, so no part of a file is passed more than twice.
 */
export const scanRecord = (text: string, from: number, isLast: boolean, dialect: Dialect, scan: RecordScan): number => {
  const { delimiter, lineEnd } = dialect
  const end = text.length
  scan.cells = 0
  scan.flaw = undefined
  scan.blank = false
  let blank = true
  let at = from
  for (;;) {
    const start = at
    if (at < end && text.charCodeAt(at) === quote) {
      let doubled = 0
      blank = false
      for (at++; ; at += 2) {
        at = text.indexOf('"', at)
        if (at < 0)
          return isLast || end - from > maxRecord
            ? cutOff(flaws.openQuote, text, from, start, isLast, dialect, scan)
            : -1
        if (at + 1 === end && !isLast) return -1
        if (text.charCodeAt(at + 1) !== quote) break
        doubled = 1
      }
      const closed = at++
      if (closed - from > maxRecord) return cutOff(flaws.tooLong, text, from, start, isLast, dialect, scan)
      if (at < end && text.charCodeAt(at) === carriageReturn && lineEnd !== carriageReturn) {
        if (at + 1 === end && !isLast) return -1
        if (at + 1 === end || text.charCodeAt(at + 1) === lineEnd) at++
      }
      const next = at < end ? text.charCodeAt(at) : lineEnd
      if (next !== delimiter && next !== lineEnd)
        return cutOff(flaws.strayQuote, text, from, start, isLast, dialect, scan)
      scan.add(start + 1, closed, doubled)
      if (next === lineEnd) return at < end ? at + 1 : end
      at++
    } else {
      let code = lineEnd
      while (at < end && (code = text.charCodeAt(at)) !== delimiter && code !== lineEnd) {
        if (code !== space && code !== carriageReturn) blank = false
        at++
      }
      if (at - from > maxRecord) return cutOff(flaws.tooLong, text, from, start, isLast, dialect, scan)
      if (at === end) {
        if (!isLast) return -1
        code = lineEnd
      }
      if (code === lineEnd) {
        const bare =
          at > start && lineEnd !== carriageReturn && text.charCodeAt(at - 1) === carriageReturn ? at - 1 : at
        scan.add(start, bare, 0)
        scan.blank = blank
        return at < end ? at + 1 : end
      }
      blank = false
      scan.add(start, at++, 0)
    }
  }
}

/** Ends a record at the first line end after `opened`, the start of the cell that is wrong. */
const cutOff = (
  flaw: Flaw,
  text: string,
  from: number,
  opened: number,
  isLast: boolean,
  { lineEnd }: Dialect,
  scan: RecordScan,
): number => {
  scan.flaw = flaw
  const stop = text.indexOf(String.fromCharCode(lineEnd), opened)
  if (stop >= 0) return stop + 1
  if (isLast) return text.length
  if (text.length - from <= maxRecord) return -1
  scan.flaw = flaws.tooLong
  return text.length + 1
}

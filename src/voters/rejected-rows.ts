import { writeFile } from 'node:fs/promises'
import { csvLine } from '../csv-line.js'
import { withFile } from '../file-failure.js'

/** A row that was left out. `row` is its line in the file, the header being line 1 (its record number in Parquet). */
export interface Rejected {
  readonly file: string
  readonly row: number
  /** '' when it is the whole row */
  readonly field: string
  readonly value: string
  readonly reason: string
}

/** Rows of one file at one line are one row, however many of its fields are wrong: the first stands for it. */
export const oncePerRow = (rejected: readonly Rejected[]): readonly Rejected[] => {
  const rows = new Map<string, Rejected>()
  for (const one of rejected) {
    const key = `${one.row}:${one.file}`
    if (!rows.has(key)) rows.set(key, one)
  }
  return [...rows.values()].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.row - b.row))
}

/** Longer values are cut in the report: a swallowed half of a file is of no use in a cell. */
const mostCharacters = 2_000

const cut = (value: string): string => (value.length > mostCharacters ? `${value.slice(0, mostCharacters)}…` : value)

/** Writes the report of rejected rows, a CSV: file, row, field, value, reason. */
export const writeRejected = async (to: string, rejected: readonly Rejected[]): Promise<void> =>
  withFile(to, async () => {
    const lines = rejected.map(({ file, row, field, value, reason }) =>
      csvLine([file, String(row), field, value, reason].map(cut)),
    )
    await writeFile(to, `file,row,field,value,reason\n${lines.join('')}`)
  })

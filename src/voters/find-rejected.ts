import type { SourceFile } from './list-sources.js'
import type { DuckDb } from './open-duckdb.js'
import { oncePerRow, type Rejected } from './rejected-rows.js'
import type { SourceColumn, SourceTable } from './source-table.js'
import type { BadSvids } from './svid-column.js'

const reasons: Readonly<Record<string, string>> = {
  'MISSING COLUMNS': 'too few columns',
  'TOO MANY COLUMNS': 'too many columns',
  'UNQUOTED VALUE': 'a quote that does not end, or text behind one',
  'LINE SIZE OVER MAXIMUM': 'longer than 2 MB',
  'INVALID ENCODING': 'no valid text',
  'INVALID STATE': 'a quote or line end out of place',
}

/** The lines that DuckDB could not cut into the table's columns. Only after a read with `store_rejects`. */
export const malformedLines = async (
  db: DuckDb,
  files: readonly SourceFile[],
  columns: readonly SourceColumn[],
): Promise<readonly Rejected[]> => {
  const names = new Map(files.map((file) => [file.readPath, file.name]))
  const rows = await db.rows(
    `select scan.file_path, e.line, coalesce(e.column_name, ''), e.error_type, e.csv_line, e.error_message
       from reject_errors e join reject_scans scan using (scan_id, file_id) order by scan.file_id, e.line, e.column_idx`,
  )
  const headers = new Map(columns.map(({ sql, header }) => [sql, header]))
  const lines = rows.map(([path, line, column, type, text, message]) => ({
    file: names.get(path!) ?? path!,
    row: Number(line),
    field: headers.get(column!) ?? '',
    value: text!.replace(/[\r\n]+$/, ''),
    reason: `malformed line: ${reasons[type!] ?? type!.toLowerCase()}${expected(message!)}`,
  }))
  return oncePerRow(lines)
}

const expected = (message: string): string => {
  const [, wanted, found] = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message) ?? []
  return wanted === undefined ? '' : `, ${found} for ${wanted}`
}

/** Where a file's rows begin among all rows of the source. */
interface Begin {
  readonly file: SourceFile
  readonly first: number
}

/**
 * Names file and line of rows that the index found without an SVID of their own, or that hold NUL. `malformed` lines
 * shift the lines behind them. Reads the source's line counts again: only files with such rows pay for it.
 */
export const locateRows = async (
  db: DuckDb,
  table: SourceTable,
  files: readonly SourceFile[],
  malformed: readonly Rejected[],
  bad: readonly Omit<Located, 'file' | 'line'>[],
): Promise<readonly Rejected[]> => {
  const begins = await fileBegins(db, table, files)
  const linesOf = new Map<string, number[]>()
  for (const { file, row } of malformed) linesOf.set(file, [...(linesOf.get(file) ?? []), row])
  return bad.map(({ row, field, value, reason }) => {
    const { file, first } = begins.findLast((begin) => begin.first <= row)!
    let line = row - first + 1 + Math.max(0, table.headerLines)
    for (const skipped of linesOf.get(file.name) ?? []) if (skipped <= line) line++
    return { file: file.name, row: line, field, value, reason }
  })
}

interface Located {
  readonly file: string
  readonly line: number
  /** place among the rows that DuckDB read, from 0 */
  readonly row: number
  readonly field: string
  readonly value: string
  readonly reason: string
}

const fileBegins = async (db: DuckDb, table: SourceTable, files: readonly SourceFile[]): Promise<readonly Begin[]> => {
  const begins: Begin[] = []
  let first = 0
  for (const file of files) {
    begins.push({ file, first })
    if (files.length === 1) break
    const [row] = await db.rows(`select count(*) from ${table.from([file])}`)
    first += Number(row![0])
  }
  return begins
}

/** Why rows can't stay: no SVID, or one that an earlier row has. */
export const badSvidRows = async (
  db: DuckDb,
  artifact: string,
  { missing, repeated }: BadSvids,
): Promise<readonly Omit<Located, 'file' | 'line'>[]> => {
  const values = new Map<number, string>()
  if (repeated.length > 0) {
    const rows = await db.rows(
      `select file_row_number, svid from read_parquet('${artifact.replaceAll("'", "''")}', file_row_number = true)
        where file_row_number in (select unnest([${repeated.join(', ')}]::bigint[]))`,
    )
    for (const [row, svid] of rows) values.set(Number(row), svid!)
  }
  return [
    ...missing.map((row) => ({ row, field: 'svid', value: '', reason: 'no SVID' })),
    ...repeated.map((row) => ({
      row,
      field: 'svid',
      value: values.get(row) ?? '',
      reason: 'an earlier row has this SVID',
    })),
  ]
}

/** Rows with a NUL in them, which neither Postgres nor JSON tools take. */
export const nulRows = async (
  db: DuckDb,
  artifact: string,
  columns: readonly string[],
): Promise<readonly Omit<Located, 'file' | 'line'>[]> => {
  const tests = columns.map((name) => `when contains(${quoted(name)}, chr(0)) then '${name.replaceAll("'", "''")}'`)
  const values = columns.map((name) => `when contains(${quoted(name)}, chr(0)) then ${quoted(name)}`)
  const rows = await db.rows(
    `select * from (select file_row_number, case ${tests.join(' ')} end as field, case ${values.join(' ')} end as value
       from read_parquet('${artifact.replaceAll("'", "''")}', file_row_number = true)) where field is not null`,
  )
  return rows.map(([row, field, value]) => ({
    row: Number(row),
    field: field!,
    value: value!.replaceAll('\0', '\\0'),
    reason: 'a NUL byte',
  }))
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

import { appError, shown } from '../errors.js'
import { floridaColumns } from './florida-columns.js'
import type { SourceFile } from './list-sources.js'
import { type DuckDb, identifier, literal } from './open-duckdb.js'
import { refuseTwins, sniffText } from './sniff-text.js'

export interface SourceColumn {
  readonly header: string
  /** its name inside `from` */
  readonly sql: string
  /** DuckDB's type */
  readonly type: string
}

/** A source as DuckDB reads it. */
export interface SourceTable {
  readonly columns: readonly SourceColumn[]
  /** FROM clause over the given files, each row once, in order */
  readonly from: (files: readonly SourceFile[]) => string
  /** lines before the first row of a text file; −1: rows are records, not lines */
  readonly headerLines: number
  readonly malformedRows: 'to reject_errors' | 'none'
}

export type SourceFormat = 'florida' | 'table'

const textOptions =
  "auto_detect = false, store_rejects = true, encoding = 'utf-8', parallel = true, max_line_size = 2097152"

const textTable = (
  columns: readonly SourceColumn[],
  layout: { readonly delimiter: string; readonly quote: string; readonly headerLines: 0 | 1 },
): SourceTable => {
  const types = columns.map(({ sql }) => `${literal(sql)}: 'VARCHAR'`).join(', ')
  const { delimiter, quote, headerLines } = layout
  const dialect = `delim = ${literal(delimiter)}, quote = ${literal(quote)}, escape = ${literal(quote)}`
  return {
    columns,
    from: (files) =>
      `read_csv([${files.map(({ readPath }) => literal(readPath)).join(', ')}], header = ${headerLines === 1}, ` +
      `${dialect}, columns = {${types}}, ${textOptions})`,
    headerLines,
    malformedRows: 'to reject_errors',
  }
}

/** Inside DuckDB columns are c0, c1 …, so that no header can clash with another or with a keyword. */
const textColumns = (headers: readonly string[]): readonly SourceColumn[] =>
  headers.map((header, i) => ({ header, sql: `c${i}`, type: 'VARCHAR' }))

export const floridaTable = (): SourceTable =>
  textTable(textColumns(floridaColumns), { delimiter: '\t', quote: '', headerLines: 0 })

/** Text files with a header, all with the same one. Throws BAD_FILE. */
export const delimitedTable = async (files: readonly SourceFile[]): Promise<SourceTable> => {
  const [first, ...others] = files as readonly [SourceFile, ...SourceFile[]]
  const layout = await sniffText(first.readPath, first.path)
  for (const file of others) {
    const other = await sniffText(file.readPath, file.path)
    const column = other.headers.findIndex((header, i) => header !== layout.headers[i])
    if (column >= 0 || other.headers.length !== layout.headers.length || other.delimiter !== layout.delimiter) {
      const message = `${shown(file.path)} has other columns than ${shown(first.path)}: ${shown(other.headers[column])}`
      throw appError('BAD_FILE', message, { file: file.path, row: 1 })
    }
  }
  return textTable(textColumns(layout.headers), { delimiter: layout.delimiter, quote: '"', headerLines: 1 })
}

const described = async (db: DuckDb, from: string): Promise<readonly SourceColumn[]> =>
  (await db.rows(`describe select * from ${from}`)).map(([header, type]) => ({
    header: header!,
    sql: identifier(header!),
    type: type!,
  }))

const fromParquet = (files: readonly SourceFile[]): string =>
  `read_parquet([${files.map(({ readPath }) => literal(readPath)).join(', ')}])`

export const parquetTable = async (db: DuckDb, files: readonly SourceFile[]): Promise<SourceTable> => {
  const columns = await described(db, fromParquet(files))
  refuseTwins(
    columns.map(({ header }) => header),
    files[0]!.path,
  )
  return { columns, from: fromParquet, headerLines: -1, malformedRows: 'none' }
}

/** One table of a DuckDB file; `table` may be left out when there is only one. Throws BAD_FILE, BAD_USAGE. */
export const duckDbTable = async (db: DuckDb, file: SourceFile, table: string | undefined): Promise<SourceTable> => {
  await db.run(`attach ${literal(file.path)} as source (read_only)`)
  const tables = await db.rows(
    `select schema_name, table_name from (select database_name, schema_name, table_name from duckdb_tables()
       union all select database_name, schema_name, view_name from duckdb_views() where not internal)
      where database_name = 'source' order by 1, 2`,
  )
  const wanted = table?.toLowerCase()
  const found = tables.filter(
    ([schema, name]) =>
      wanted === undefined || name!.toLowerCase() === wanted || `${schema}.${name}`.toLowerCase() === wanted,
  )
  const [one] = found
  if (one === undefined || found.length > 1) {
    const names = tables.map(([schema, name]) => (schema === 'main' ? name : `${schema}.${name}`)).join(', ')
    const message =
      table === undefined
        ? `${shown(file.path)} has ${tables.length} tables; say which with --table: ${names}`
        : `${shown(file.path)} has no table ${shown(table)} of its own; its tables: ${names}`
    throw appError(table === undefined ? 'BAD_USAGE' : 'BAD_FILE', message, { file: file.path })
  }
  const from = `source.${identifier(one[0]!)}.${identifier(one[1]!)}`
  return { columns: await described(db, from), from: () => from, headerLines: -1, malformedRows: 'none' }
}

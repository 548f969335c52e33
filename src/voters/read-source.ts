import { open } from 'node:fs/promises'
import path from 'node:path'
import { appError, isAppError, shown } from '../errors.js'
import { withFile } from '../file-failure.js'
import { parquetOptions } from './artifact.js'
import { artifactColumns, selectList } from './artifact-columns.js'
import type { IndexHelper } from './build-index.js'
import { malformedLines } from './find-rejected.js'
import { floridaColumns } from './florida-columns.js'
import type { SourceFile } from './list-sources.js'
import { type ColumnMap, mapColumns } from './map-columns.js'
import { type DuckDb, literal } from './open-duckdb.js'
import type { PublishRequest } from './publication.js'
import { type CopyOptions, readableCopy } from './readable-copy.js'
import { oncePerRow, type Rejected } from './rejected-rows.js'
import type { Scan } from './scan-source.js'
import {
  delimitedTable,
  duckDbTable,
  floridaTable,
  parquetTable,
  type SourceFormat,
  type SourceTable,
} from './source-table.js'

/** What making an artifact works with. */
export interface Making {
  readonly request: PublishRequest
  readonly sources: readonly SourceFile[]
  readonly scans: readonly Scan[]
  /** for what is not whole yet */
  readonly folder: string
  readonly helper: IndexHelper | undefined
}

/** A source as it came out of its first pass: every row that could be cut into columns, in an artifact's form. */
export interface ReadSource {
  readonly table: SourceTable
  readonly files: readonly SourceFile[]
  readonly format: SourceFormat
  readonly artifact: string
  readonly rows: number
  readonly columns: readonly string[]
  readonly malformed: readonly Rejected[]
}

/** Reads the source and writes the first form of the artifact, in one pass. Throws BAD_FILE, BAD_MAPPING, BAD_USAGE. */
export const readSource = async (db: DuckDb, making: Making): Promise<ReadSource> => {
  const { request, sources, scans } = making
  const readable: SourceFile[] = []
  for (const [i, source] of sources.entries()) {
    if (source.kind !== 'text' || scans[i]!.encoding === 'utf-8') readable.push(source)
    else readable.push((await copied(making, source, 'decoded', 'as they are')).file)
  }
  const format = await formatOf(request.format, readable)
  if (format === 'florida' && request.mapping !== undefined) {
    throw appError('BAD_USAGE', "Florida's extract has a fixed layout and takes no map")
  }
  const table = await openTable(db, making, readable, format)
  const first = await firstPass(db, making, table, readable, format, 'as given')
  if (first !== undefined) return first
  // Quotes or line ends out of place: once more over copies in which each line stands for itself.
  const repaired: SourceFile[] = []
  const rejected: Rejected[] = []
  for (const source of readable) {
    const copy = await copied(making, source, 'repaired', format === 'florida' ? 'as they are' : 'odd')
    repaired.push(copy.file)
    rejected.push(...copy.rejected)
  }
  const second = await firstPass(db, making, table, repaired, format, 'repaired')
  if (second === undefined) {
    throw appError('BAD_FILE', `The lines of ${shown(sources[0]!.path)} can't be cut into columns`)
  }
  return { ...second, malformed: oncePerRow([...rejected, ...shifted(second.malformed, rejected)]) }
}

/** Lines of a copy as lines of the file it was made from. */
const shifted = (malformed: readonly Rejected[], left: readonly Rejected[]): readonly Rejected[] =>
  malformed.map((one) => {
    let { row } = one
    for (const out of left) if (out.file === one.file && out.row <= row) row++
    return { ...one, row }
  })

const copied = async (
  { folder, request, sources }: Making,
  source: SourceFile,
  stage: 'decoded' | 'repaired',
  quotes: CopyOptions['quotes'],
): Promise<{ readonly file: SourceFile; readonly rejected: readonly Rejected[] }> => {
  const place = sources.findIndex((one) => one.path === source.path)
  const readPath = path.join(folder, `${stage}-${place}`)
  const rejected = await readableCopy(source.readPath, readPath, source.name, { quotes, signal: request.signal })
  return { file: { ...source, readPath }, rejected }
}

/** Florida's extract has no header: it is known by 38 columns, a county's three letters and a number of digits. */
const formatOf = async (format: 'auto' | SourceFormat, files: readonly SourceFile[]): Promise<SourceFormat> => {
  const [file] = files as readonly [SourceFile, ...SourceFile[]]
  if (format === 'florida' && file.kind !== 'text') {
    throw appError('BAD_FILE', `${shown(file.path)} is no text; Florida's extract is`, { file: file.path })
  }
  if (format !== 'auto') return format
  if (file.kind !== 'text') return 'table'
  return withFile(file.path, async () => {
    const handle = await open(file.readPath, 'r')
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(1 << 14), 0, 1 << 14, 0)
      const cells = buffer.toString('utf8', 0, bytesRead).split(/\r?\n/, 1)[0]!.split('\t')
      const isFlorida =
        cells.length === floridaColumns.length && /^[A-Z]{3}$/.test(cells[0]!) && /^\d+$/.test(cells[1]!)
      return isFlorida ? 'florida' : 'table'
    } finally {
      await handle.close()
    }
  })
}

const openTable = async (
  db: DuckDb,
  { request }: Making,
  files: readonly SourceFile[],
  format: SourceFormat,
): Promise<SourceTable> => {
  const [file] = files as readonly [SourceFile, ...SourceFile[]]
  if (format === 'florida') return floridaTable()
  if (file.kind === 'text') return delimitedTable(files)
  if (file.kind === 'parquet') return parquetTable(db, files)
  if (files.length > 1) throw appError('BAD_USAGE', 'Publish one DuckDB file at a time')
  return duckDbTable(db, file, request.table)
}

const mapOf = (table: SourceTable, format: SourceFormat, { request, sources }: Making): ColumnMap =>
  format === 'florida'
    ? new Map(table.columns.map(({ header }, place) => [header, [place]]))
    : mapColumns(table.columns, request.mapping ?? {}, sources[0]!.path, request.identifier)

/** undefined: the lines are not what they seem and must be read one by one. */
const firstPass = async (
  db: DuckDb,
  making: Making,
  table: SourceTable,
  files: readonly SourceFile[],
  format: SourceFormat,
  lines: 'as given' | 'repaired',
): Promise<ReadSource | undefined> => {
  const stars = making.scans.some(({ hasStar }) => hasStar) ? 'some' : 'none'
  const columns = artifactColumns(table.columns, mapOf(table, format, making), { format, stars })
  const artifact = path.join(making.folder, 'source.parquet')
  try {
    await db.run('drop table if exists reject_errors; drop table if exists reject_scans')
    await db.run(
      `copy (select ${selectList(columns)} from ${table.from(files)}) to ${literal(artifact)} (${parquetOptions})`,
    )
  } catch (error) {
    if (isAppError(error) && error.message.includes('invalid state') && lines === 'as given') return undefined
    throw error
  }
  const malformed = table.malformedRows === 'none' ? [] : await malformedLines(db, files, table.columns)
  if (malformed.some(({ value }) => value.includes('\n')) && lines === 'as given') return undefined
  const rows = await countRows(db, artifact)
  if (rows === 0) throw nothingLeft(making.sources, malformed)
  return { table, files, format, artifact, rows, columns: columns.map(({ name }) => name), malformed }
}

export const countRows = async (db: DuckDb, artifact: string): Promise<number> => {
  const [row] = await db.rows(`select count(*) from read_parquet(${literal(artifact)})`)
  return Number(row![0])
}

/** The error of a source of which no row is left, with the first reason. */
export const nothingLeft = (files: readonly SourceFile[], rejected: readonly Rejected[]) => {
  const [file] = files as readonly [SourceFile, ...SourceFile[]]
  const [first] = rejected
  if (first === undefined) {
    return appError('BAD_FILE', `The file ${shown(file.path)} has no rows, only a header`, { file: file.path })
  }
  const { row, field, value, reason } = first
  const message = `No row of ${shown(file.path)} can be used; line ${row}${field === '' ? '' : `, ${field}`}: ${reason}: ${shown(value)}`
  return appError('BAD_FILE', message, { file: file.path, row, field, value: value.slice(0, 200) })
}

import { open } from 'node:fs/promises'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type AppError, appError, attempt, rightOrThrow, shown } from '../errors.js'
import { openCsv } from './csv/open-csv.js'
import { type ListRow, rowDecoder } from './decode-row.js'
import { knownHeader } from './known-headers.js'
import { headBytes, type ListFile, openFile, readFailure } from './list-file.js'
import type { ListSource } from './list-source.js'
import type { FieldMap } from './parse-map.js'
import { resolveColumns } from './resolve-columns.js'
import { sniffKind } from './sniff-kind.js'
import { openXlsx } from './xlsx/open-xlsx.js'

export type { ListRow, Rejection } from './decode-row.js'

export interface OpenOptions {
  readonly file: string
  readonly mapping?: FieldMap
  /** sheet of a workbook; the first unless given */
  readonly sheet?: string
  /** state of the rows that give none, two letters */
  readonly defaultState?: string
  /** YYYY-MM-DD, what two-digit years of birth mean; the day of opening unless given */
  readonly today?: string
  /** what becomes of rows with a malformed value; see `DecodeSettings` */
  readonly malformed?: 'reject' | 'aside'
  readonly signal?: AbortSignal
}

/** A contact list, opened and counted; nothing of it stays in memory. */
export interface ContactList {
  readonly fileName: string
  /** SHA-256 of the file's bytes, in hex */
  readonly listHash: string
  readonly headers: readonly string[]
  /** field → header, or several headers joined by `+` */
  readonly mapping: FieldMap
  /** exact number of data rows */
  readonly rows: number
  readonly kind: 'csv' | 'xlsx'
  readonly encoding?: string
  readonly delimiter?: string
  /** what the user should know of how the file was read, in sentences */
  readonly notes: readonly string[]
  /**
   * The rows from `fromRow` (from 1) on, in order, in batches of 5,000 at most; as often as wanted. Throws AppErrors:
   * BAD_FILE (the file is gone, changed or damaged), INTERRUPTED.
   */
  readonly read: (fromRow: number) => AsyncIterable<readonly ListRow[]>
}

/**
 * Opens a CSV file or workbook: finds out what it is, passes through it once for hash and row count, maps its headers.
 * Left: FILE_NOT_FOUND, BAD_FILE, BAD_MAPPING, INTERRUPTED.
 */
export const openList = (options: OpenOptions): TaskEither<AppError, ContactList> =>
  attempt(async () => {
    const file = await openFile(options.file, options.signal)
    const source = await openSource(file, options)
    const columns = rightOrThrow(resolveColumns(file.path, source.header, options.mapping))
    if (source.rows === 0) throw refusal(file.path, 'has a header and no rows')
    const today = options.today ?? new Date().toISOString().slice(0, 10)
    const { malformed = 'reject' } = options
    const settings = {
      today,
      malformed,
      ...(options.defaultState === undefined ? {} : { defaultState: options.defaultState }),
    }
    const decode = rowDecoder(columns, settings)
    return {
      fileName: file.name,
      listHash: source.hash,
      headers: columns.headers,
      mapping: columns.mapping,
      rows: source.rows,
      kind: source.kind,
      ...(source.encoding === undefined ? {} : { encoding: source.encoding }),
      ...(source.delimiter === undefined ? {} : { delimiter: source.delimiter }),
      notes: source.notes,
      async *read(fromRow) {
        for await (const rows of source.read(fromRow)) yield rows.map(decode)
      },
    }
  })

const refusal = (file: string, what: string): AppError => appError('BAD_FILE', `${shown(file)} ${what}`, { file })

const openSource = async (file: ListFile, { mapping = {}, sheet, signal }: OpenOptions): Promise<ListSource> => {
  const refuse = (what: string): AppError => refusal(file.path, what)
  const head = await readHead(file.path)
  if (head.length === 0) throw refuse('is empty')
  const kind = sniffKind(head)
  if (typeof kind === 'object') throw refuse(`is ${kind.binary}, not a contact list`)
  if (kind === 'zip') return openXlsx(file, { sheet, signal })
  if (sheet !== undefined) throw refuse(`is no workbook, so it has no sheet ${shown(sheet)}`)
  const mapped = new Set(Object.values(mapping).flatMap((header) => [header, ...header.split('+')]))
  return openCsv(file, head, (header) => mapped.has(header.trim()) || knownHeader(header) !== undefined)
}

const readHead = async (path: string): Promise<Buffer> => {
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw readFailure(path, error, 'opened')
  })
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

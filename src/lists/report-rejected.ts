import { createWriteStream } from 'node:fs'
import { rename } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { importStream } from '../../events/streams.js'
import { csvLine } from '../csv-line.js'
import { appError } from '../errors.js'
import { withFile } from '../file-failure.js'
import { makeFolder } from '../make-folder.js'
import { decodeStored } from '../store/decode-stored.js'
import type { EventStore } from '../store/event-store.js'
import { readAhead } from '../store/read-ahead.js'

export interface RejectedRow {
  readonly row: number
  readonly field: string | null
  readonly reason: string
}

export interface RejectedReport {
  readonly rejectedFile: string
  /** the first of them */
  readonly rejections: readonly RejectedRow[]
}

export interface ReportRequest {
  readonly store: EventStore
  readonly dataDir: string
  readonly tenant: string
  readonly batch: string
  readonly signal: AbortSignal
}

/** Rejected rows that are named in the answer; the file has them all. */
const mostNamed = 100

const otherCells = 'other cells'

const reportPath = ({ dataDir, tenant, batch }: ReportRequest): string =>
  path.join(dataDir, 'imports', tenant, `${batch}.rejected.csv`)

/**
 * Writes the report of a batch's rejected rows, a CSV: row, field, reason, the row as it stood in the list, and
 * `other cells` for what stood under none of its headers. Made from the batch's events, so that it is whole however often
 * the import was cut off, page by page. For our eyes only (0600), as it lies outside the database and its password.
 * Throws DISK_FULL, BAD_FILE, INTERRUPTED, and what the store says.
 */
export const reportRejected = async (request: ReportRequest): Promise<RejectedReport> => {
  const rejectedFile = reportPath(request)
  const draft = `${rejectedFile}.draft`
  const rejections: RejectedRow[] = []
  const onRejected = (row: RejectedRow): void => {
    if (rejections.length < mostNamed) rejections.push(row)
  }
  await withFile(rejectedFile, async () => {
    await makeFolder(path.dirname(rejectedFile), 0o700)
    await pipeline(Readable.from(reportLines(request, onRejected)), createWriteStream(draft, { mode: 0o600 }))
    await rename(draft, rejectedFile)
  })
  return { rejectedFile, rejections }
}

async function* reportLines(
  { store, tenant, batch, signal }: ReportRequest,
  onRejected: (row: RejectedRow) => void,
): AsyncGenerator<string> {
  let headers: readonly string[] = []
  for await (const events of readAhead(store.readStream(importStream(tenant, batch)))) {
    if (signal.aborted) throw appError('INTERRUPTED', `interrupted while reporting on batch ${batch}`, { batch })
    for (const stored of events) {
      if (stored.type !== 'ImportStarted' && stored.type !== 'ContactRejected') continue
      const event = decodeStored(stored)
      if (event.type === 'ImportStarted') {
        headers = event.data.headers
        yield csvLine(['row', 'field', 'reason', ...headers, otherCells])
      } else if (event.type === 'ContactRejected') {
        const { data, pii } = event
        onRejected({ row: data.row, field: data.field ?? null, reason: pii.reason })
        yield csvLine([String(data.row), data.field ?? '', pii.reason, ...originalCells(headers, pii.original)])
      }
    }
  }
}

const originalCells = (headers: readonly string[], original: Readonly<Record<string, string>>): readonly string[] => {
  const known = new Set(headers)
  const others = Object.entries(original).flatMap(([header, cell]) => (known.has(header) ? [] : [cell]))
  return [...headers.map((header) => original[header] ?? ''), others.join(',')]
}

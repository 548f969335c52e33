import { open } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import { appError, shown } from '../errors.js'
import { withFile } from '../file-failure.js'

export interface TextLayout {
  readonly delimiter: string
  readonly headers: readonly string[]
}

const delimiters = [',', '\t', ';', '|']
const headBytes = 1 << 20

/**
 * Delimiter and headers of a text table, from its first record: the delimiter that cuts it into most columns. We look
 * ourselves because a sniffer that sees the rows may take a file's header for data, or skip its first lines.
 * Throws BAD_FILE: no delimiter in sight, a header that can't be cut, two columns of one name.
 */
export const sniffText = async (readPath: string, file: string): Promise<TextLayout> => {
  const head = await headOf(readPath)
  const records = delimiters.map((delimiter) => ({ delimiter, headers: recordOf(head, delimiter) }))
  const best = records.reduce((a, b) => (b.headers.length > a.headers.length ? b : a))
  if (best.headers.length < 2) {
    const [only] = best.headers
    const message =
      only === undefined
        ? `The header of ${shown(file)} can't be read: ${shown(head.slice(0, 200))}`
        : `The header of ${shown(file)} has one column only, ${shown(only)}: its delimiter is none of , ; tab |`
    throw appError('BAD_FILE', message, { file, row: 1 })
  }
  const headers = best.headers.map((header, i) => header.replace(/\s+/g, ' ').trim() || `column ${i + 1}`)
  refuseTwins(headers, file)
  return { delimiter: best.delimiter, headers }
}

/** Throws BAD_FILE when two columns have one name; DuckDB and Parquet do not tell case apart. */
export const refuseTwins = (headers: readonly string[], file: string): void => {
  const seen = new Map<string, number>()
  headers.forEach((header, i) => {
    const before = seen.get(header.toLowerCase())
    if (before !== undefined) {
      const places = `${before + 1} and ${i + 1}`
      const message = `${shown(file)} has two columns ${shown(header)}: ${places}. Rename one of them`
      throw appError('BAD_FILE', message, { file, row: 1, field: header })
    }
    seen.set(header.toLowerCase(), i)
  })
}

const headOf = async (file: string): Promise<string> =>
  withFile(file, async () => {
    const handle = await open(file, 'r')
    try {
      const buffer = Buffer.alloc(headBytes)
      const { bytesRead } = await handle.read(buffer, 0, headBytes, 0)
      return buffer.toString('utf8', 0, bytesRead).replace(/^\ufeff/, '')
    } finally {
      await handle.close()
    }
  })

const recordOf = (head: string, delimiter: string): readonly string[] => {
  try {
    const records = parse(head, { delimiter, to: 1, relax_quotes: true, skip_empty_lines: true }) as string[][]
    return records[0] ?? []
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_')) return []
    throw error
  }
}

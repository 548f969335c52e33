import { pipeline } from 'node:stream/promises'
import { from as copyFrom } from 'pg-copy-streams'
import { appError, shown } from '../errors.js'
import type { Client } from './connect.js'
import { quoteName, quoteTable } from './quote-name.js'

/** Uint8Array goes into a bytea column. Everything else as its text; a jsonb column takes JSON as string. */
export type CopyValue = string | number | boolean | null | Uint8Array

/**
 * Characters a chunk. 64 K measured best: 1.1 GB/s against 0.6 at 256 K for 1 KB texts, 220 MB/s against 170 for rows
 * of ten short texts (the growing rope falls out of the cache).
 */
const chunkLength = 65_536

const mustEscape = /[\\\t\n\r\0]/
const allToEscape = /[\\\t\n\r]/g
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

/** Five native searches beat the expression from some 24 characters on: 1.1 GB/s against 0.85 for texts of 1 KB. */
const isPlain = (text: string): boolean =>
  text.length < 24
    ? !mustEscape.test(text)
    : !(text.includes('\\') || text.includes('\t') || text.includes('\n') || text.includes('\r') || text.includes('\0'))

const escapeText = (text: string, column: string | undefined, row: number): string => {
  const refuse = (what: string) =>
    appError('BAD_VALUE', `Column ${column} of row ${row}: ${what} can't be stored: ${shown(text)}`, {
      column: column ?? '',
      row,
    })
  if (text.includes('\0')) throw refuse('a text with a NUL character')
  if (!text.isWellFormed()) throw refuse('a text with half a character (lone surrogate)')
  return text.replace(allToEscape, (character) => escapes[character]!)
}

/**
 * Rows as COPY's text format (PostgreSQL documentation, COPY, "Text Format"), UTF-8, in chunks of some 64 KB.
 * Throws the AppError BAD_VALUE for NUL and lone surrogates, an Error for a row of the wrong length.
 */
async function* encodeRows(
  columns: readonly string[],
  rows: Iterable<readonly CopyValue[]> | AsyncIterable<readonly CopyValue[]>,
): AsyncGenerator<Buffer> {
  const width = columns.length
  let out = ''
  let row = 0
  const encodeRow = (values: readonly CopyValue[]): void => {
    if (values.length !== width) throw new Error(`Row ${row} has ${values.length} values for ${width} columns`)
    for (let i = 0; i < width; i++) {
      const value = values[i]!
      if (i > 0) out += '\t'
      if (typeof value === 'string')
        out += isPlain(value) && value.isWellFormed() ? value : escapeText(value, columns[i], row)
      else if (value === null) out += '\\N'
      else if (typeof value === 'number') out += value
      else if (typeof value === 'boolean') out += value ? 't' : 'f'
      else out += `\\\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`
    }
    out += '\n'
    row++
  }
  const take = (): Buffer => {
    const chunk = Buffer.from(out, 'utf8')
    out = ''
    return chunk
  }
  // Two loops, as awaiting every row of a plain iterable would cost more than encoding it.
  if (Symbol.iterator in rows) {
    for (const values of rows) {
      encodeRow(values)
      if (out.length >= chunkLength) yield take()
    }
  } else {
    for await (const values of rows) {
      encodeRow(values)
      if (out.length >= chunkLength) yield take()
    }
  }
  if (out.length > 0) yield take()
}

/**
 * COPYs `rows` into `table` (`schema.table` or `table`) and answers their count. Pulls rows only as fast as the server
 * takes them. For use inside `Database.transaction`: throws pg's errors and the AppError BAD_VALUE (text with NUL),
 * which fail the transaction.
 * Measured with 200,000 event rows of 1.2 KB into a table with two unique indexes: 158 MB/s, 1.0 of COPYing the same
 * bytes from buffers made before (the server is the limit); 670 MB/s of our own processor time.
 */
export const copyRows = async (
  client: Client,
  table: string,
  columns: readonly string[],
  rows: Iterable<readonly CopyValue[]> | AsyncIterable<readonly CopyValue[]>,
): Promise<number> => {
  const target = client.query(copyFrom(`copy ${quoteTable(table)} (${columns.map(quoteName).join(', ')}) from stdin`))
  await pipeline(encodeRows(columns, rows), target)
  return target.rowCount
}

import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { appError, shown } from '../../errors.js'
import type { ListFile } from '../list-file.js'
import type { ListSource } from '../list-source.js'
import { looksBinary } from '../sniff-kind.js'
import { type CsvFormat, readRecords } from './read-records.js'
import { codesOf, sniffDialect } from './sniff-dialect.js'
import { judgeBroken, sniffEncoding, tallyUtf8 } from './sniff-encoding.js'
import { type CsvRecord, recordOf, splitRecords } from './split-records.js'
import { type Encoding, textDecoder } from './text-decoder.js'

/**
 * Finds out how a text file is written and passes through it once, for its hash and its exact number of rows. The same
 * splitter counts and reads. 0.5 µs a row of 15 columns, where reading and decoding the row takes ten times that.
 * Throws BAD_FILE, INTERRUPTED.
 */
export const openCsv = async (
  file: ListFile,
  head: Buffer,
  isKnownHeader: (header: string) => boolean,
): Promise<ListSource> => {
  const guess = sniffEncoding(head)
  const text = textDecoder(guess).write(head)
  if (looksBinary(text)) throw appError('BAD_FILE', `${shown(file.path)} is no text file`, { file: file.path })
  const dialect = sniffDialect(text, isKnownHeader)
  const counted = await countRecords(file, { encoding: guess, dialect })
  if (counted !== undefined) return csvSource(file, { encoding: guess, dialect }, counted, [])
  const { encoding, note } = await settleEncoding(file, head)
  const again = await countRecords(file, { encoding, dialect }, { acceptBroken: true })
  return csvSource(file, { encoding, dialect }, again!, [note])
}

interface Counted {
  readonly header: CsvRecord | undefined
  readonly rows: number
  readonly hash: string
}

/** undefined: the file claims to be UTF-8 and isn't. */
const countRecords = async (
  file: ListFile,
  { encoding, dialect }: CsvFormat,
  { acceptBroken } = { acceptBroken: false },
): Promise<Counted | undefined> => {
  const hash = createHash('sha256')
  let broken = false
  let records = dialect.hasSepLine ? -1 : 0
  let header: CsvRecord | undefined
  const splitter = splitRecords(codesOf(dialect), (...record) => {
    if (records++ === 0) header = recordOf(...record)
  })
  const decoder = textDecoder(encoding, (bytes) => {
    broken ||= encoding === 'utf-8' && !acceptBroken && !isUtf8(bytes)
  })
  for await (const chunk of file.chunks()) {
    hash.update(chunk)
    splitter.write(decoder.write(chunk))
    if (broken) return undefined
  }
  splitter.write(decoder.end())
  splitter.end()
  return broken ? undefined : { header, rows: Math.max(0, records - 1), hash: hash.digest('hex') }
}

const settleEncoding = async (file: ListFile, head: Buffer): Promise<{ encoding: Encoding; note: string }> => {
  const tally = { characters: 0, broken: 0, firstBroken: -1 }
  let offset = 0
  const decoder = textDecoder('utf-8', (bytes) => {
    tallyUtf8(tally, bytes, offset)
    offset += bytes.length
  })
  for await (const chunk of file.chunks()) decoder.write(chunk)
  decoder.end()
  const encoding = judgeBroken(tally, head)
  const found = `${file.name} is no valid UTF-8 (byte ${tally.firstBroken})`
  const what =
    encoding === 'utf-8' ? `${tally.broken} broken bytes were replaced by U+FFFD` : 'it was read as windows-1252'
  return { encoding, note: `${found}; ${what}` }
}

const csvSource = (file: ListFile, format: CsvFormat, { header, rows, hash }: Counted, notes: string[]): ListSource => {
  const { path } = file
  if (header === undefined) throw appError('BAD_FILE', `${shown(path)} is empty`, { file: path })
  if (header.flaw !== undefined) {
    const { kind, text } = header.flaw
    throw appError('BAD_FILE', `${shown(path)}, header row: ${kind}: ${shown(text)}`, { file: path })
  }
  return {
    kind: 'csv',
    encoding: format.encoding,
    delimiter: format.dialect.delimiter,
    hash,
    header: header.cells,
    rows,
    notes,
    read: (fromRow) => readRecords(file, format, fromRow, rows),
  }
}

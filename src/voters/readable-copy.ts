import { isUtf8 } from 'node:buffer'
import { createReadStream, createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { TextDecoder } from 'node:util'
import { withFile } from '../file-failure.js'
import { refuseInterrupted } from './interruption.js'
import type { Rejected } from './rejected-rows.js'
import { isUtf16 } from './scan-source.js'

export interface CopyOptions {
  /** `odd`: a line with an odd number of quotes is rejected, since it would swallow the lines behind it */
  readonly quotes: 'as they are' | 'odd'
  readonly signal: AbortSignal | undefined
}

/**
 * Copies a text file as UTF-8 with one kind of line end, and answers the lines it left out. A line that is no UTF-8 is
 * taken for Windows-1252, which every byte has a meaning in, so files of mixed origin keep their letters.
 */
export const readableCopy = async (
  from: string,
  to: string,
  file: string,
  { quotes, signal }: CopyOptions,
): Promise<readonly Rejected[]> =>
  withFile(from, async () => {
    const rejected: Rejected[] = []
    const refuse = (row: number, value: string): void => {
      rejected.push({ file, row, field: '', value, reason: 'a quote that does not end on its line' })
    }
    await pipeline(keptLines(from, quotes === 'odd' ? refuse : undefined, signal), createWriteStream(to))
    return rejected
  })

/** The lines that stay, in blocks of about 1 MB; `refuse` is told the lines with an odd number of quotes. */
async function* keptLines(
  from: string,
  refuse: ((row: number, line: string) => void) | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<string> {
  let row = 0
  let block: string[] = []
  let size = 0
  for await (const line of textLines(from)) {
    row++
    if (refuse !== undefined && hasOddQuotes(line)) {
      refuse(row, line)
      continue
    }
    block.push(line)
    size += line.length
    if (size < 1 << 20) continue
    refuseInterrupted(signal)
    yield `${block.join('\n')}\n`
    block = []
    size = 0
  }
  if (block.length > 0) yield `${block.join('\n')}\n`
}

const hasOddQuotes = (line: string): boolean => {
  let odd = false
  for (let at = line.indexOf('"'); at >= 0; at = line.indexOf('"', at + 1)) odd = !odd
  return odd
}

/** A file's lines without their ends (LF, CRLF, CR), whatever the encoding. */
async function* textLines(file: string): AsyncGenerator<string> {
  const utf16 = new TextDecoder('utf-16le')
  const windows = new TextDecoder('windows-1252')
  const textOf = (bytes: Buffer): string => (isUtf8(bytes) ? bytes.toString('utf8') : windows.decode(bytes))
  let wide: TextDecoder | undefined
  let rest = Buffer.alloc(0)
  let first = true
  for await (const read of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    if (first && isUtf16(read)) wide = read[0] === 0xfe ? new TextDecoder('utf-16be') : utf16
    first = false
    const block = wide === undefined ? read : Buffer.from(wide.decode(read, { stream: true }))
    const whole = rest.length === 0 ? block : Buffer.concat([rest, block])
    let start = 0
    for (let end = whole.indexOf(10); end >= 0; end = whole.indexOf(10, start)) {
      yield* splitAtReturns(textOf(whole.subarray(start, end)))
      start = end + 1
    }
    rest = Buffer.from(whole.subarray(start))
  }
  if (rest.length > 0) yield* splitAtReturns(textOf(rest))
}

const splitAtReturns = (text: string): readonly string[] => {
  const bare = text.endsWith('\r') ? text.slice(0, -1) : text
  return bare.includes('\r') ? bare.split('\r') : [bare]
}

import { to as copyTo } from 'pg-copy-streams'
import type { Client } from './connect.js'

/** A row as the server printed it: text of every column (bytea as `\x…`, boolean as `t` or `f`), null for null. */
export type CopiedRow = readonly (string | null)[]

const lineFeed = 0x0a
const escaped = /\\(.)/gs
const meanings: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

const decodeField = (field: string): string | null => {
  if (!field.includes('\\')) return field
  return field === '\\N' ? null : field.replace(escaped, (_, letter: string) => meanings[letter] ?? letter)
}

const decodeLines = (text: string): CopiedRow[] => {
  const lines = text.split('\n')
  const rows: CopiedRow[] = new Array(lines.length)
  for (let i = 0; i < lines.length; i++) {
    const fields: (string | null)[] = lines[i]!.split('\t')
    if (lines[i]!.includes('\\')) for (let j = 0; j < fields.length; j++) fields[j] = decodeField(fields[j]!)
    rows[i] = fields
  }
  return rows
}

/**
 * Reads `select` (SQL without parameters, written by us) by COPY, in batches of some 64 KB as the server sends them;
 * pulled, so memory does not grow. A caller that stops early ends the connection's use: let what surrounds it close
 * the connection, as `withClient` does on a throw. For use inside `transaction` or `withClient`: throws pg's errors.
 * Measured with 200,000 event rows of 1.2 KB: 0.5 s, as COPY TO without decoding; a cursor takes 1.0 s.
 */
export async function* copyOut(client: Client, select: string): AsyncGenerator<readonly CopiedRow[]> {
  const source = client.query(copyTo(`copy (${select}) to stdout`))
  let rest: Buffer[] = []
  for await (const bytes of source as AsyncIterable<Buffer>) {
    const end = bytes.lastIndexOf(lineFeed)
    if (end < 0) {
      rest.push(bytes)
      continue
    }
    const head = bytes.subarray(0, end)
    const text = rest.length === 0 ? head.toString('utf8') : Buffer.concat([...rest, head]).toString('utf8')
    rest = end + 1 < bytes.length ? [bytes.subarray(end + 1)] : []
    yield decodeLines(text)
  }
}

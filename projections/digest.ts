import { createHash } from 'node:crypto'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { to as copyTo } from 'pg-copy-streams'
import type { AppError } from '../src/errors.js'
import type { Client, Database } from '../src/postgres/connect.js'
import { quoteName } from '../src/postgres/quote-name.js'
import { liveSchema, type Table, tableName } from './table.js'

/** SHA-256 (hex) over a table's rows in primary-key order, as Postgres's COPY writes them. */
export interface TableDigest {
  readonly table: string
  readonly rows: number
  /** without times and places in the log: equal for two runs of one history at different times */
  readonly digest: string
  /** over all columns: equal for a table and its rebuild */
  readonly exact: string
}

/** The same text on every server, and a sort of the whole table rather than look-ups in key order all over it. */
const prepareDigest = async (client: Client): Promise<void> => {
  await client.query(`
    set local timezone = 'UTC';
    set local datestyle = 'ISO, YMD';
    set local bytea_output = 'hex';
    set local extra_float_digits = 1;
    set local enable_seqscan = on;
    set local work_mem = '256MB'`)
}

const list = (names: readonly string[]): string => names.map(quoteName).join(', ')

const tab = 9
const newline = 10

/** Takes the first `columns` of every line away, in place, and answers what is left. The bytes are whole lines. */
const withoutFirst = (bytes: Buffer, columns: number): Buffer => {
  let to = 0
  for (let from = 0; from < bytes.length; ) {
    for (let i = 0; i < columns; i++) from = bytes.indexOf(tab, from) + 1
    const end = bytes.indexOf(newline, from) + 1
    to += bytes.copy(bytes, to, from, end)
    from = end
  }
  return bytes.subarray(0, to)
}

/** Whole lines of what comes in any pieces. */
async function* wholeLines(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const piece of source) {
    const end = piece.lastIndexOf(newline) + 1
    if (end === 0) {
      rest = Buffer.concat([rest, piece])
      continue
    }
    yield rest.length === 0 ? piece.subarray(0, end) : Buffer.concat([rest, piece.subarray(0, end)])
    rest = Buffer.from(piece.subarray(end))
  }
}

/**
 * For use inside a transaction. The table is read once, what varies first, so that memory does not grow with it and both
 * digests come of one pass: 200,000 persons and all that hangs on them take half of the time that two passes took.
 */
const digestTable = async (client: Client, schema: string, table: Table): Promise<TableDigest> => {
  await prepareDigest(client)
  const varying = table.columns.filter(({ varies }) => varies === true)
  const columns = [...varying, ...table.columns.filter(({ varies }) => varies !== true)].map(({ name }) => name)
  const select = `select ${list(columns)} from ${tableName(schema, table)} order by ${list(table.key)}`
  const source = client.query(copyTo(`copy (${select}) to stdout`))
  const exact = createHash('sha256')
  const steady = createHash('sha256')
  for await (const lines of wholeLines(source as AsyncIterable<Buffer>)) {
    exact.update(lines)
    if (varying.length > 0) steady.update(withoutFirst(lines, varying.length))
  }
  const ofAll = exact.digest('hex')
  const digest = varying.length === 0 ? ofAll : steady.digest('hex')
  return { table: table.name, rows: source.rowCount, digest, exact: ofAll }
}

/** All at one moment of the transaction that it is for. */
export const digestTables = async (
  client: Client,
  schema: string,
  tables: readonly Table[],
): Promise<readonly TableDigest[]> => {
  const digests: TableDigest[] = []
  for (const table of tables) digests.push(await digestTable(client, schema, table))
  return digests
}

/** Of the live tables as they stand at one moment. */
export const digestNow = (db: Database, tables: readonly Table[]): TaskEither<AppError, readonly TableDigest[]> =>
  db.transaction(async (client) => {
    await client.query('set transaction isolation level repeatable read, read only')
    return digestTables(client, liveSchema, tables)
  })

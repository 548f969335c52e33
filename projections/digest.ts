import { createHash, type Hash } from 'node:crypto'
import { to as copyTo } from 'pg-copy-streams'
import type { Client } from '../src/postgres/connect.js'
import { quoteName } from '../src/postgres/quote-name.js'
import { type Table, tableName } from './table.js'

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
    set local work_mem = '64MB'`)
}

const list = (names: readonly string[]): string => names.map(quoteName).join(', ')

/** Counts rows and hashes bytes as they come, so memory does not grow with the table. */
const hashRows = async (client: Client, schema: string, table: Table, columns: readonly string[], hash: Hash) => {
  const select = `select ${list(columns)} from ${tableName(schema, table)} order by ${list(table.key)}`
  const source = client.query(copyTo(`copy (${select}) to stdout`))
  for await (const bytes of source as AsyncIterable<Buffer>) hash.update(bytes)
  return source.rowCount
}

/** For use inside a transaction. */
export const digestTable = async (client: Client, schema: string, table: Table): Promise<TableDigest> => {
  await prepareDigest(client)
  const all = table.columns.map(({ name }) => name)
  const steady = table.columns.filter(({ varies }) => varies !== true).map(({ name }) => name)
  const exact = createHash('sha256')
  const rows = await hashRows(client, schema, table, all, exact)
  const digest = createHash('sha256')
  await hashRows(client, schema, table, steady, digest)
  return { table: table.name, rows, digest: digest.digest('hex'), exact: exact.digest('hex') }
}

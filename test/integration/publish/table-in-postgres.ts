import type { Table } from '../../../projections/table.js'
import { orThrow } from '../../../src/errors.js'
import type { Database } from '../../../src/postgres/connect.js'

const isoTimes = (row: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value]),
  )

/** The live table as a state topic says it: its rows by key, slashes between the key's columns. */
export const tableInPostgres = async (db: Database, { name, key }: Table): Promise<ReadonlyMap<string, unknown>> => {
  const rows = await orThrow(db.query(`select * from matchbook.${name}`))
  return new Map(rows.map((row) => [key.map((column) => row[column]).join('/'), isoTimes(row)]))
}

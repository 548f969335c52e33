import type { DuckDBDataChunk } from '@duckdb/node-api'
import type { DuckDb } from './open-duckdb.js'
import { RawColumn } from './raw-column.js'
import type { SvidColumn } from './svid-column.js'

/** Text columns to dictionary-encode: name → SQL expression. */
export type Expressions = Readonly<Record<string, string>>

/**
 * One streaming pass over an artifact: each expression becomes a RawColumn. `prepared` is a FROM clause that yields what
 * the expressions name. Memory: 4 bytes a row and expression, and the distinct texts.
 */
export const readColumns = async (
  db: DuckDb,
  prepared: string,
  rows: number,
  expressions: Expressions,
  svids?: SvidColumn,
): Promise<ReadonlyMap<string, RawColumn>> => {
  const columns = new Map(Object.keys(expressions).map((name) => [name, new RawColumn(rows)]))
  const selected = Object.values(expressions).flatMap((sql) => [sql, `hash(${sql})`])
  if (svids !== undefined) selected.push('svid')
  const raws = [...columns.values()]
  const add = (chunk: DuckDBDataChunk): void => {
    raws.forEach((raw, i) => {
      raw.add(chunk, i * 2)
    })
    svids?.add(chunk, raws.length * 2)
  }
  if (selected.length > 0) await db.stream(`select ${selected.join(', ')} from ${prepared}`, add)
  return columns
}

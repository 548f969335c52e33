import { quoteName } from '../src/postgres/quote-name.js'
import { arrayLiteral } from './array-literal.js'
import type { Reader } from './in-turn.js'
import type { Row } from './row-set.js'
import { type Table, tableName, typeOf } from './table.js'

/** A stored row, every value in Postgres's text form: what was read can be written back by COPY as it is. */
export type TextRow = Readonly<Record<string, string | null>>

/** `2026-01-02 03:04:05.678+00` (a timestamptz under UTC) as events write it. */
export const isoTime = (text: string): string => new Date(`${text.slice(0, -3).replace(' ', 'T')}Z`).toISOString()

/** Keys as one array parameter per column, and the SQL that joins them as `k` to the table `t`. */
export const keyJoin = (table: Table, columns: readonly string[], keys: readonly Row[]) => {
  const arrays = columns.map((column) => arrayLiteral(keys, column))
  const unnest = columns.map((column, i) => `$${i + 1}::${typeOf(table, column)}[]`).join(', ')
  const names = columns.map((_, i) => `k${i}`).join(', ')
  const where = columns.map((column, i) => `t.${quoteName(column)} = k.k${i}`).join(' and ')
  return { arrays, from: `unnest(${unnest}) as k(${names})`, where }
}

/** The rows whose `by` columns equal those of one of `keys`; all columns unless `columns` names some. */
export const selectByKeys = async (
  reader: Reader,
  schema: string,
  table: Table,
  by: readonly string[],
  keys: readonly Row[],
  columns: readonly string[] = table.columns.map(({ name }) => name),
): Promise<readonly TextRow[]> => {
  if (keys.length === 0) return []
  const { arrays, from, where } = keyJoin(table, by, keys)
  const select = columns.map((column) => `t.${quoteName(column)}::text`).join(', ')
  const sql = `select ${select} from ${from} join ${tableName(schema, table)} as t on ${where}`
  return (await reader.query<TextRow>(sql, arrays)).rows
}

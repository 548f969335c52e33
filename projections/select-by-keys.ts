import type { Client } from '../src/postgres/connect.js'
import type { CopyValue } from '../src/postgres/copy.js'
import { quoteName } from '../src/postgres/quote-name.js'
import { type Table, tableName } from './table.js'
import { keyJoin } from './write-changes.js'

/** A stored row, every value in Postgres's text form: what was read can be written back by COPY as it is. */
export type TextRow = Readonly<Record<string, string | null>>

/** `2026-01-02 03:04:05.678+00` (a timestamptz under UTC) as events write it. */
export const isoTime = (text: string): string => new Date(`${text.slice(0, -3).replace(' ', 'T')}Z`).toISOString()

/** The rows whose `by` columns equal one of the tuples in `keys`; all columns unless `columns` names some. */
export const selectByKeys = async (
  client: Client,
  schema: string,
  table: Table,
  by: readonly string[],
  keys: readonly (readonly CopyValue[])[],
  columns: readonly string[] = table.columns.map(({ name }) => name),
): Promise<readonly TextRow[]> => {
  if (keys.length === 0) return []
  const { arrays, from, where } = keyJoin(table, by, keys)
  const select = columns.map((column) => `t.${quoteName(column)}::text`).join(', ')
  const { rows } = await client.query<TextRow>(
    `select ${select} from ${from} join ${tableName(schema, table)} as t on ${where}`,
    arrays,
  )
  return rows
}

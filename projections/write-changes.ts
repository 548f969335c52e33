import type { Client } from '../src/postgres/connect.js'
import { type CopyValue, copyRows } from '../src/postgres/copy.js'
import { quoteName } from '../src/postgres/quote-name.js'
import type { RowSet } from './row-set.js'
import { storable } from './storable.js'
import { type Table, tableName, typeOf } from './table.js'

/** Key tuples as one array parameter per column, and the SQL that joins them as `k` to the table `t`. */
export const keyJoin = (table: Table, columns: readonly string[], keys: readonly (readonly CopyValue[])[]) => {
  const arrays = columns.map((_, i) => keys.map((key) => key[i]))
  const unnest = columns.map((column, i) => `$${i + 1}::${typeOf(table, column)}[]`).join(', ')
  const names = columns.map((_, i) => `k${i}`).join(', ')
  const equal = columns.map((column, i) => `t.${quoteName(column)} = k.k${i}`).join(' and ')
  return { arrays, from: `unnest(${unnest}) as k(${names})`, where: equal }
}

const deleteRows = async (client: Client, schema: string, changes: RowSet): Promise<void> => {
  const keys = [...changes.stale]
  if (keys.length === 0) return
  const { table } = changes
  const { arrays, from, where } = keyJoin(table, table.key, keys)
  await client.query(`delete from ${tableName(schema, table)} as t using ${from} where ${where}`, arrays)
}

function* valuesOf(changes: RowSet): Generator<readonly CopyValue[]> {
  const names = changes.table.columns.map(({ name }) => name)
  for (const row of changes.rows) {
    yield names.map((name) => {
      const value = row[name] ?? null
      return typeof value === 'string' ? storable(value) : value
    })
  }
}

/** Writes a batch's net changes: one DELETE by key arrays, one COPY. */
export const writeChanges = async (client: Client, schema: string, changes: RowSet): Promise<void> => {
  await deleteRows(client, schema, changes)
  if (changes.size === 0) return
  const columns = changes.table.columns.map(({ name }) => name)
  await copyRows(client, `${schema}.${changes.table.name}`, columns, valuesOf(changes))
}

import type { Client } from '../src/postgres/connect.js'
import { type CopyValue, copyRows } from '../src/postgres/copy.js'
import type { RowSet } from './row-set.js'
import { keyJoin } from './select-by-keys.js'
import { storable } from './storable.js'
import { tableName } from './table.js'

const deleteRows = async (client: Client, schema: string, { table, stale }: RowSet): Promise<void> => {
  if (stale.length === 0) return
  const { arrays, from, where } = keyJoin(table, table.key, stale)
  await client.query(`delete from ${tableName(schema, table)} as t using ${from} where ${where}`, arrays)
}

function* valuesOf(changes: RowSet): Generator<readonly CopyValue[]> {
  const { columns } = changes.table
  const names = columns.map(({ name }) => name)
  const isText = columns.map(({ type }) => type.startsWith('text'))
  const width = names.length
  for (const row of changes.rows()) {
    const values: CopyValue[] = new Array(width)
    for (let i = 0; i < width; i++) {
      const value = row[names[i]!] ?? null
      values[i] = isText[i] === true && typeof value === 'string' ? storable(value) : value
    }
    yield values
  }
}

/** Writes a batch's net changes: one DELETE by key arrays, one COPY. */
export const writeChanges = async (client: Client, schema: string, changes: RowSet): Promise<void> => {
  await deleteRows(client, schema, changes)
  if (changes.size === 0) return
  const columns = changes.table.columns.map(({ name }) => name)
  await copyRows(client, `${schema}.${changes.table.name}`, columns, valuesOf(changes))
}

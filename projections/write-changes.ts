import type { Client } from '../src/postgres/connect.js'
import { type CopyValue, copyRows } from '../src/postgres/copy.js'
import type { Row } from './row-set.js'
import { keyJoin } from './select-by-keys.js'
import { storable } from './storable.js'
import { type Table, tableName } from './table.js'

/** Deletes the rows at these keys by one statement. */
export const deleteStale = async (
  client: Client,
  schema: string,
  table: Table,
  stale: readonly Row[],
): Promise<void> => {
  if (stale.length === 0) return
  const { arrays, from, where } = keyJoin(table, table.key, stale)
  await client.query(`delete from ${tableName(schema, table)} as t using ${from} where ${where}`, arrays)
}

function* valuesOf({ columns }: Table, rows: Iterable<Row>): Generator<readonly CopyValue[]> {
  const names = columns.map(({ name }) => name)
  const isText = columns.map(({ type }) => type.startsWith('text'))
  const width = names.length
  for (const row of rows) {
    const values: CopyValue[] = new Array(width)
    for (let i = 0; i < width; i++) {
      const value = row[names[i]!] ?? null
      values[i] = isText[i] === true && typeof value === 'string' ? storable(value) : value
    }
    yield values
  }
}

/** COPYs rows into their table. */
export const copyChanged = async (client: Client, schema: string, table: Table, rows: Iterable<Row>): Promise<void> => {
  await copyRows(
    client,
    `${schema}.${table.name}`,
    table.columns.map(({ name }) => name),
    valuesOf(table, rows),
  )
}

import type { Row } from '../../projections/row-set.js'
import { isoTime } from '../../projections/select-by-keys.js'
import { type Table, tableName, typeOf } from '../../projections/table.js'
import type { Client } from '../postgres/connect.js'
import { copyOut } from '../postgres/copy-out.js'
import { quoteName } from '../postgres/quote-name.js'

async function* readColumns(
  client: Client,
  table: Table,
  names: readonly string[],
  select: string,
): AsyncGenerator<readonly Row[]> {
  const times = names.map((name) => typeOf(table, name) === 'timestamptz')
  for await (const batch of copyOut(client, select)) {
    yield batch.map((values) =>
      Object.fromEntries(values.map((text, i) => [names[i]!, text !== null && times[i] ? isoTime(text) : text])),
    )
  }
}

const list = (names: readonly string[]): string => names.map(quoteName).join(', ')

/** All rows, as a fold would hand them on. For use inside a prepared transaction. */
export const readTable = (client: Client, schema: string, table: Table): AsyncGenerator<readonly Row[]> => {
  const names = table.columns.map(({ name }) => name)
  return readColumns(client, table, names, `select ${list(names)} from ${tableName(schema, table)}`)
}

/** The keys that `from` has and `schema` has not. */
export async function* readGone(
  client: Client,
  schema: string,
  from: string | undefined,
  table: Table,
): AsyncGenerator<readonly Row[]> {
  if (from === undefined) return
  const keys = (one: string): string => `select ${list(table.key)} from ${tableName(one, table)}`
  yield* readColumns(client, table, table.key, `${keys(from)} except ${keys(schema)}`)
}

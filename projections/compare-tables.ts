import type { Client } from '../src/postgres/connect.js'
import { quoteName } from '../src/postgres/quote-name.js'
import type { TableDigest } from './digest.js'
import { nextSchema } from './swap-tables.js'
import { liveSchema, type Table, tableName } from './table.js'

export interface RowDifference {
  /** primary key, column by column */
  readonly key: Readonly<Record<string, string>>
  /** missing: the events say it should be there; extra: they don't know it */
  readonly kind: 'missing' | 'extra' | 'changed'
  /** columns whose values differ */
  readonly columns: readonly string[]
}

export interface Difference {
  readonly table: string
  /** digests over all columns: of the table as it is, and as its events say */
  readonly live: string
  readonly rebuilt: string
  /** the first differing rows in key order, ten at most; names of columns, never their values */
  readonly rows: readonly RowDifference[]
}

const shownRows = 10

/** Compares as text: json has no equality, and text is what the digests are over. */
const differingRows = async (client: Client, table: Table): Promise<readonly RowDifference[]> => {
  const key = table.key.map(quoteName)
  const rest = table.columns.map(({ name }) => quoteName(name)).filter((name) => !key.includes(name))
  const differs = (column: string): string => `l.${column}::text is distinct from n.${column}::text`
  const keys = key.map((column) => `coalesce(l.${column}, n.${column})::text as ${column}`).join(', ')
  const columns = rest.map((column) => `case when ${differs(column)} then '${column.slice(1, -1)}' end`)
  const { rows } = await client.query<Record<string, string> & { kind_: RowDifference['kind']; columns_: string[] }>(
    `select ${keys},
            case when l.${key[0]} is null then 'missing' when n.${key[0]} is null then 'extra' else 'changed' end as kind_,
            array_remove(array[${columns.join(', ') || 'null'}]::text[], null) as columns_
       from ${tableName(liveSchema, table)} l
       full join ${tableName(nextSchema, table)} n using (${key.join(', ')})
      where l.${key[0]} is null or n.${key[0]} is null or ${rest.map(differs).join(' or ') || 'false'}
      order by ${key.map((column) => `coalesce(l.${column}, n.${column})`).join(', ')}
      limit ${shownRows}`,
  )
  return rows.map(({ kind_: kind, columns_: names, ...at }) => ({
    key: at as Record<string, string>,
    kind,
    columns: kind === 'changed' ? names : [],
  }))
}

/** The tables whose digests over all columns differ between the live and the fresh schema. For use inside a transaction. */
export const differencesOf = async (
  client: Client,
  tables: readonly Table[],
  live: readonly TableDigest[],
  rebuilt: readonly TableDigest[],
): Promise<readonly Difference[]> => {
  const differences: Difference[] = []
  // full joins need a merge or a hash
  await client.query('set local enable_hashjoin = on; set local enable_mergejoin = on')
  for (const [i, table] of tables.entries()) {
    const one = live[i]!.exact
    const other = rebuilt[i]!.exact
    if (one === other) continue
    differences.push({ table: table.name, live: one, rebuilt: other, rows: await differingRows(client, table) })
  }
  return differences
}

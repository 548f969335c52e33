import { quoteName } from '../src/postgres/quote-name.js'

/** Where the live tables are. */
export const liveSchema = 'matchbook'

export interface Column {
  readonly name: string
  /** SQL type, with `not null` where it holds */
  readonly type: string
  /** true for times and places in the log: two runs of one history differ here, a rebuild does not */
  readonly varies?: true
}

export interface Index {
  readonly columns: readonly string[]
  readonly unique?: true
  /** the fold itself looks rows up by it, so that a rebuild needs it from the start */
  readonly folded?: true
}

/** A table of a projection as data: what creates, fills, compares and swaps it. */
export interface Table {
  readonly name: string
  /**
   * most of its rows change after they were first written: a rebuild keeps them in memory and writes them at its end.
   * For columns of text, uuid and whole numbers only, which read back as they were written
   */
  readonly held?: true
  /** rows are added and never taken away: whoever asks whether a key is there need not ask the table */
  readonly grows?: true
  /** raised whenever the table's columns or its fold change: the next start rebuilds it */
  readonly version: number
  readonly columns: readonly Column[]
  readonly key: readonly string[]
  readonly indexes?: readonly Index[]
}

/** What folds look a table's rows up by: its key first, and the columns of its folded indexes. */
export const foldedColumns = ({ key, indexes = [] }: Table): readonly (readonly string[])[] => [
  key,
  ...indexes.filter(({ folded }) => folded === true).map(({ columns }) => columns),
]

/** `name type` pairs into columns; a name that ends in `*` varies between runs. */
export const columnsOf = (definitions: Readonly<Record<string, string>>): readonly Column[] =>
  Object.entries(definitions).map(([name, type]) =>
    name.endsWith('*') ? { name: name.slice(0, -1), type, varies: true } : { name, type },
  )

export const typeOf = (table: Table, column: string): string => {
  const found = table.columns.find(({ name }) => name === column)
  if (found === undefined) throw new Error(`table ${table.name} has no column ${column}`)
  return found.type.split(' ', 1)[0]!
}

const list = (names: readonly string[]): string => names.map(quoteName).join(', ')

/**
 * Text in keys and indexes compares by bytes: the same order on every machine, which digests rest on, and the cheapest.
 */
const columnSql = (table: Table, { name, type }: Column): string => {
  const indexed = [table.key, ...(table.indexes ?? []).map(({ columns }) => columns)].some((one) => one.includes(name))
  return `${quoteName(name)} ${indexed ? type.replace(/^text\b/, 'text collate "C"') : type}`
}

const createIndexSql = (schema: string, table: Table, { columns, unique }: Index): string =>
  `create ${unique === true ? 'unique ' : ''}index on ${tableName(schema, table)} (${list(columns)})`

export const tableName = (schema: string, { name }: Table): string => `${quoteName(schema)}.${quoteName(name)}`

/** The table without any index. */
export const createTableSql = (schema: string, table: Table): string =>
  `create table ${tableName(schema, table)} (${table.columns.map((column) => columnSql(table, column)).join(', ')})`

const indexesSql = (schema: string, table: Table, folded: boolean): readonly string[] =>
  (table.indexes ?? [])
    .filter((index) => (index.folded === true) === folded)
    .map((index) => createIndexSql(schema, table, index))

/** What the table's fold looks rows up by: its key and the folded indexes. */
export const createKeysSql = (schema: string, table: Table): string =>
  [
    `alter table ${tableName(schema, table)} add primary key (${list(table.key)})`,
    ...indexesSql(schema, table, true),
  ].join(';')

/** What readers need besides. */
export const createIndexesSql = (schema: string, table: Table): string => indexesSql(schema, table, false).join(';')

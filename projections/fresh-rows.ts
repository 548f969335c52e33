import type { Client } from '../src/postgres/connect.js'
import { HeldRows } from './held-rows.js'
import type { SharedClient } from './in-turn.js'
import { KeyMap } from './key-map.js'
import type { Row, RowSet } from './row-set.js'
import type { Rows } from './rows.js'
import { selectByKeys, type TextRow } from './select-by-keys.js'
import { createIndexesSql, createKeysSql, createTableSql, foldedColumns, type Table } from './table.js'
import { copyChanged, deleteStale } from './write-changes.js'

/**
 * One table of a rebuild, written without any index. Its keys are known in memory: a look-up goes to the server only
 * when it can find something, and the first that does has the table's keys built for it.
 */
interface FreshTable {
  readonly table: Table
  readonly written: readonly KeyMap[]
  keyed: boolean
  held: HeldRows | undefined
}

export interface FreshTables {
  readonly create: (client: Client) => Promise<void>
  /** for batches in their order */
  readonly rows: (client: SharedClient) => Rows
  /** Writes what is held and builds the indexes. */
  readonly finish: (client: Client) => Promise<void>
}

const remember = ({ written }: FreshTable, rows: Iterable<Row>): void => {
  for (const row of rows) for (const keys of written) keys.set(row, 0)
}

/** Whether a row may stand at a key; of a look-up without an index, which is for small tables, nothing is remembered. */
const isKnown = ({ written }: FreshTable, by: readonly string[]): ((key: Row) => boolean) => {
  const keys = written.find(({ columns }) => columns.join() === by.join())
  return (key) => keys === undefined || keys.get(key) >= 0
}

/**
 * Tables that are filled from the first event on in `schema`, for as many batches as there are. A table of which more than
 * `mostHeld` rows would be held is written out, and is from then on as any other.
 */
export const freshTables = (schema: string, tables: readonly Table[], mostHeld: number): FreshTables => {
  const all = new Map<string, FreshTable>()
  for (const table of tables) {
    const written = foldedColumns(table).map((columns) => new KeyMap(table, columns))
    all.set(table.name, { table, written, keyed: false, held: table.held === true ? new HeldRows(table) : undefined })
  }
  const freshOf = ({ name }: Table): FreshTable => all.get(name)!

  const buildKeys = async (client: Client, fresh: FreshTable): Promise<void> => {
    if (fresh.keyed) return
    fresh.keyed = true
    await client.query(createKeysSql(schema, fresh.table))
  }

  /** Ends the holding of a table's rows; answers what writes them. */
  const letGo = (fresh: FreshTable, held: HeldRows): ((client: Client) => Promise<void>) => {
    fresh.held = undefined
    remember(fresh, held.rows())
    return (client) => copyChanged(client, schema, fresh.table, held.rows())
  }

  /** What is written is known at once, before the server has it: the next batch is folded meanwhile. */
  const write = (fresh: FreshTable, changes: RowSet): ((client: Client) => Promise<void>) => {
    if (fresh.held !== undefined) {
      fresh.held.write(changes)
      return fresh.held.size > mostHeld ? letGo(fresh, fresh.held) : async () => undefined
    }
    const stale = changes.stale.filter(isKnown(fresh, fresh.table.key))
    remember(fresh, changes.rows())
    return async (client) => {
      if (stale.length > 0) await buildKeys(client, fresh)
      await deleteStale(client, schema, fresh.table, stale)
      if (changes.size > 0) await copyChanged(client, schema, fresh.table, changes.rows())
    }
  }

  return {
    create: async (client) => {
      for (const table of tables) await client.query(createTableSql(schema, table))
    },
    rows: (client) => ({
      select: async (table, by, keys, columns = table.columns.map(({ name }) => name)) => {
        const fresh = freshOf(table)
        if (fresh.held !== undefined) return fresh.held.select(by, keys, columns)
        const known = keys.filter(isKnown(fresh, by))
        if (known.length === 0) return []
        if (asksForKeys(fresh, by, columns)) return known as readonly TextRow[]
        await client.inTurn((own) => buildKeys(own, fresh))
        return selectByKeys(client, schema, table, by, known, columns)
      },
      write: (changes) => client.inTurn(write(freshOf(changes.table), changes)),
    }),
    finish: async (client) => {
      for (const fresh of all.values()) {
        if (fresh.held !== undefined) await letGo(fresh, fresh.held)(client)
        await buildKeys(client, fresh)
        await client.query(createIndexesSql(schema, fresh.table))
      }
    },
  }
}

/** True when the keys that are known say all that is asked: nothing but themselves, of a table whose rows stay. */
const asksForKeys = ({ table, written }: FreshTable, by: readonly string[], columns: readonly string[]): boolean =>
  by.join() === table.key.join() &&
  written[0]!.isExact &&
  table.grows === true &&
  columns.every((column) => by.includes(column))

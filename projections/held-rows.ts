import { KeyMap } from './key-map.js'
import type { Row, RowSet } from './row-set.js'
import type { TextRow } from './select-by-keys.js'
import { foldedColumns, type Table } from './table.js'

/** The rows at each key of one look-up, as chains: the newest first. */
interface Lookup {
  readonly heads: KeyMap
  /** row → the one before it at its key, −1: none */
  readonly before: number[]
}

const sameKey = (row: Row, key: Row, columns: readonly string[]): boolean =>
  columns.every((column) => String(row[column]) === String(key[column]))

/** As Postgres shows text, uuid and whole numbers. */
const textRow = (row: Row, columns: readonly string[]): TextRow =>
  Object.fromEntries(columns.map((column) => [column, row[column] == null ? null : String(row[column])]))

/** A table's rows in memory, some 350 bytes each, found by its key and its folded indexes. A row that changes is a new one. */
export class HeldRows {
  readonly #table: Table
  readonly #rows: (Row | null)[] = []
  readonly #lookups: readonly Lookup[]

  constructor(table: Table) {
    this.#table = table
    this.#lookups = foldedColumns(table).map((columns) => ({ heads: new KeyMap(table, columns), before: [] }))
  }

  /** Rows that were ever written. */
  get size(): number {
    return this.#rows.length
  }

  *rows(): Generator<Row> {
    for (const row of this.#rows) if (row !== null) yield row
  }

  write(changes: RowSet): void {
    const { heads } = this.#lookups[0]!
    for (const key of changes.stale) {
      const at = heads.get(key)
      if (at >= 0) this.#rows[at] = null
    }
    for (const row of changes.rows()) {
      const at = this.#rows.push(row) - 1
      for (const lookup of this.#lookups) {
        lookup.before.push(lookup.heads.get(row))
        lookup.heads.set(row, at)
      }
    }
  }

  select(by: readonly string[], keys: readonly Row[], columns: readonly string[]): readonly TextRow[] {
    const lookup = this.#lookups.find(({ heads }) => heads.columns.join() === by.join())
    if (lookup === undefined) throw new Error(`no fold looks ${this.#table.name} up by ${by.join(', ')}`)
    const found: TextRow[] = []
    for (const key of keys) {
      for (let at = lookup.heads.get(key); at >= 0; at = lookup.before[at]!) {
        const row = this.#rows[at]
        if (row != null && sameKey(row, key, by)) found.push(textRow(row, columns))
      }
    }
    return found
  }
}

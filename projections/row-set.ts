import type { CopyValue } from '../src/postgres/copy.js'
import type { Table } from './table.js'

/** Column name → value as COPY takes it. A column that is left out is null. */
export type Row = Readonly<Record<string, CopyValue>>

export const keyText = (...values: readonly CopyValue[]): string => values.join('\u0000')

/** The net changes of one batch to one table: every row as it stands after the batch, whatever happened in between. */
export class RowSet {
  readonly table: Table
  /** keys whose row may stand in the table from before the batch */
  readonly #stale = new Map<string, readonly CopyValue[]>()
  readonly #rows = new Map<string, Row>()

  constructor(table: Table) {
    this.table = table
  }

  get stale(): Iterable<readonly CopyValue[]> {
    return this.#stale.values()
  }

  get size(): number {
    return this.#rows.size
  }

  get rows(): Iterable<Row> {
    return this.#rows.values()
  }

  /** A row whose key cannot stand in the table yet: nothing is deleted for it. */
  insert(row: Row): void {
    this.#rows.set(this.#keyOf(row), row)
  }

  /** A row that takes the place of what stands at its key, if anything does. */
  replace(row: Row): void {
    const key = this.#keyOf(row)
    this.#outdate(key, row)
    this.#rows.set(key, row)
  }

  /** `at` holds the key columns. */
  remove(at: Row): void {
    const key = this.#keyOf(at)
    this.#outdate(key, at)
    this.#rows.delete(key)
  }

  /** The row written in this batch. */
  get(...key: readonly CopyValue[]): Row | undefined {
    return this.#rows.get(keyText(...key))
  }

  #outdate(key: string, row: Row): void {
    const insertedHere = this.#rows.has(key) && !this.#stale.has(key)
    if (!insertedHere) {
      this.#stale.set(
        key,
        this.table.key.map((column) => row[column]!),
      )
    }
  }

  #keyOf(row: Row): string {
    return keyText(...this.table.key.map((column) => row[column]!))
  }
}

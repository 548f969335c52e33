import type { Row, RowSet } from './row-set.js'
import type { TextRow } from './select-by-keys.js'
import type { Table } from './table.js'

/** Reads the rows that a fold starts from. */
export interface RowReader {
  /** The rows whose `by` columns equal those of one of `keys`; all columns unless `columns` names some. */
  readonly select: (
    table: Table,
    by: readonly string[],
    keys: readonly Row[],
    columns?: readonly string[],
  ) => Promise<readonly TextRow[]>
}

/** Where the rows of projections are while batches are folded into them: the live tables, or those of a rebuild. */
export interface Rows extends RowReader {
  /** Takes a batch's net changes to one table in. */
  readonly write: (changes: RowSet) => Promise<void>
}

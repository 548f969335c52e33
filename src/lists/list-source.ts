import type { Encoding } from './csv/text-decoder.js'

/** A data row as its format gives it: its number from 1, its cells, or what is wrong with it and its text. */
export interface SourceRow {
  readonly row: number
  readonly cells: readonly string[]
  readonly flaw?: { readonly kind: string; readonly text: string }
}

/** A list of either format, opened and counted: what rows are decoded from. */
export interface ListSource {
  readonly kind: 'csv' | 'xlsx'
  readonly encoding?: Encoding
  readonly delimiter?: string
  /** SHA-256 of the file's bytes, in hex */
  readonly hash: string
  readonly header: readonly string[]
  readonly rows: number
  /** what the user should know of how the file was read, in sentences */
  readonly notes: readonly string[]
  /** Rows from this number on, in batches of 5,000 at most. Throws BAD_FILE, INTERRUPTED. */
  readonly read: (fromRow: number) => AsyncGenerator<readonly SourceRow[]>
}

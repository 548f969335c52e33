import { appError, shown } from '../errors.js'
import type { ListFile } from './list-file.js'
import type { SourceRow } from './list-source.js'

const fewest = 2_000
const most = 5_000
/** Characters of a batch from which on it is handed over whatever its number of rows. */
const muchText = 4_000_000

export interface RowBatch {
  /** Takes the next row of the file; its number is the count of rows taken. */
  readonly add: (cells: readonly string[], size: number, flaw?: SourceRow['flaw']) => void
  /** True for a row that is only counted, as it stands before the first one wanted. */
  readonly skip: () => boolean
  /** The batches that are full. */
  readonly full: () => AsyncGenerator<readonly SourceRow[]>
  /** What is left at the end of the file, which must have as many rows as were counted. */
  readonly rest: () => AsyncGenerator<readonly SourceRow[]>
}

/** Gathers rows into batches; each is handed over only while the file still is the one that was counted. */
export const batchRows = (file: ListFile, fromRow: number, rowsCounted: number): RowBatch => {
  let rows: SourceRow[] = []
  let seen = 0
  let size = 0
  async function* handOver(): AsyncGenerator<readonly SourceRow[]> {
    const ready = rows
    rows = []
    size = 0
    await file.checkUnchanged()
    for (let at = 0; at < ready.length; at += most) yield ready.slice(at, at + most)
  }
  return {
    add: (cells, textSize, flaw) => {
      rows.push(flaw === undefined ? { row: ++seen, cells } : { row: ++seen, cells, flaw })
      size += textSize
    },
    skip: () => {
      if (seen + 1 >= fromRow) return false
      seen++
      return true
    },
    async *full() {
      if (rows.length >= fewest || size >= muchText) yield* handOver()
    },
    async *rest() {
      yield* handOver()
      if (seen === rowsCounted) return
      const found = `${shown(file.path)} had ${rowsCounted} rows when it was opened and ${seen} when it was read`
      throw appError('BAD_FILE', `${found}; import it again`, { file: file.path })
    },
  }
}

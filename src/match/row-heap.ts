/** A heap of rows, the nearest first and of equal distance the lower row. A row may be pushed again when it comes nearer. */
export interface RowHeap {
  readonly push: (row: number) => void
  /** −1 when there is none */
  readonly pop: () => number
  readonly clear: () => void
}

export const rowHeap = (distance: Float64Array): RowHeap => {
  const rows: number[] = []
  // a row's distance as it was when pushed: it only falls, so a later push of the row stands before this one
  const keys: number[] = []
  const isBefore = (a: number, b: number): boolean =>
    keys[a]! < keys[b]! || (keys[a] === keys[b] && rows[a]! < rows[b]!)
  const swap = (a: number, b: number): void => {
    const [row, key] = [rows[a]!, keys[a]!]
    rows[a] = rows[b]!
    keys[a] = keys[b]!
    rows[b] = row
    keys[b] = key
  }
  return {
    push: (row) => {
      let at = rows.push(row) - 1
      keys.push(distance[row]!)
      for (let up = (at - 1) >> 1; at > 0 && isBefore(at, up); at = up, up = (at - 1) >> 1) swap(at, up)
    },
    pop: () => {
      if (rows.length === 0) return -1
      swap(0, rows.length - 1)
      const row = rows.pop()!
      keys.pop()
      for (let at = 0; ; ) {
        let first = at
        for (let child = 2 * at + 1; child <= 2 * at + 2 && child < rows.length; child++) {
          if (isBefore(child, first)) first = child
        }
        if (first === at) return row
        swap(at, first)
        at = first
      }
    },
    clear: () => {
      rows.length = 0
      keys.length = 0
    },
  }
}

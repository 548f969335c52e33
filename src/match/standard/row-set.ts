import { isOfHash, type KeyIndex, rowOf } from '../voter-index.js'

/** Rows of one person's blocks, each once, in the order they came. */
export interface RowSet {
  readonly clear: () => void
  /** Adds the rows of entries[from] to entries[to − 1] that are of a hash. */
  readonly addBlock: (key: KeyIndex, hash: number, from: number, to: number) => void
  readonly count: () => number
  /** The first `count()` of them hold the rows. */
  readonly rows: () => Uint32Array
}

/** Open addressing in some kilobytes that stay in the cache: a mark for each voter of the file would not. */
export const rowSet = (): RowSet => {
  let size = 1 << 11
  let slots = new Uint32Array(size)
  let stamps = new Uint32Array(size)
  let rows = new Uint32Array(size)
  let stamp = 0
  let count = 0

  const place = (row: number): boolean => {
    const mask = size - 1
    let slot = Math.imul(row, 0x9e3779b1) >>> 7
    for (slot &= mask; stamps[slot] === stamp; slot = (slot + 1) & mask) {
      if (slots[slot] === row) return false
    }
    stamps[slot] = stamp
    slots[slot] = row
    return true
  }

  /** Room for `more` rows with half the slots empty. */
  const reserve = (more: number): void => {
    if ((count + more) * 2 <= size) return
    while ((count + more) * 2 > size) size *= 2
    slots = new Uint32Array(size)
    stamps = new Uint32Array(size)
    stamp = 1
    const before = rows
    rows = new Uint32Array(size)
    rows.set(before.subarray(0, count))
    for (let i = 0; i < count; i++) place(rows[i]!)
  }

  return {
    clear: () => {
      count = 0
      stamp++
      if (stamp < 2 ** 32 - 1) return
      stamps.fill(0)
      stamp = 1
    },
    addBlock: ({ entries, rowBits }, hash, from, to) => {
      reserve(to - from)
      for (let i = from; i < to; i++) {
        const entry = entries[i]!
        if (!isOfHash(entry, hash, rowBits)) continue
        const row = rowOf(entry, rowBits)
        if (place(row)) rows[count++] = row
      }
    },
    count: () => count,
    rows: () => rows,
  }
}

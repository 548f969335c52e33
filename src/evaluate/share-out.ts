/**
 * Lets each voter keep one contact: of several that reach it the highest score, then the earliest. `best` holds the voter's
 * row per contact, −1 for none; in the answer the others have −1.
 */
export const shareOut = (best: Int32Array, score: Float64Array): Int32Array => {
  const holders = new Map<number, number>()
  for (let i = 0; i < best.length; i++) {
    const row = best[i]!
    if (row < 0) continue
    const holder = holders.get(row)
    if (holder === undefined || score[i]! > score[holder]!) holders.set(row, i)
  }
  return best.map((row, i) => (row >= 0 && holders.get(row) === i ? row : -1))
}

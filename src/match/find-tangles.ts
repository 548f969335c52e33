import type { ListedCandidates } from './scored-contacts.js'

/** Contacts that hang together by the voters they list; by what they say, then by their place in the list. */
export type Contested = readonly number[]

/** The tangles of more than one contact. The order of contacts only matters among those that say the very same. */
export const findTangles = (candidates: ListedCandidates): readonly Contested[] => {
  const { starts, row } = candidates
  const contacts = starts.length - 1
  const above = Uint32Array.from({ length: contacts }, (_, i) => i)
  const topOf = (contact: number): number => {
    let at = contact
    while (above[at] !== at) {
      above[at] = above[above[at]!]!
      at = above[at]!
    }
    return at
  }
  const lister = new Map<number, number>()
  for (let i = 0; i < contacts; i++) {
    for (let p = starts[i]!; p < starts[i + 1]!; p++) {
      const before = lister.get(row[p]!)
      if (before === undefined) lister.set(row[p]!, i)
      else above[topOf(i)] = topOf(before)
    }
  }
  const tangles = new Map<number, number[]>()
  for (let i = 0; i < contacts; i++) {
    const top = topOf(i)
    const some = tangles.get(top)
    if (some === undefined) tangles.set(top, [i])
    else some.push(i)
  }
  return [...tangles.values()]
    .filter(({ length }) => length > 1)
    .map((some) => some.sort((a, b) => compareSaid(candidates, a, b) || a - b))
}

/** 0: two contacts have the same candidates with the same scores. */
export const compareSaid = ({ starts, row, score }: ListedCandidates, a: number, b: number): number => {
  const [startA, startB] = [starts[a]!, starts[b]!]
  const [countA, countB] = [starts[a + 1]! - startA, starts[b + 1]! - startB]
  for (let k = 0; k < Math.min(countA, countB); k++) {
    const apart = score[startB + k]! - score[startA + k]! || row[startA + k]! - row[startB + k]!
    if (apart !== 0) return apart
  }
  return countA - countB
}

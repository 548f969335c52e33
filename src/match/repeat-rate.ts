import type { ListedCandidates } from './scored-contacts.js'

/** What a list that says nothing of it is taken for: one that seldom repeats a person. Weighs as much as one pair by chance. */
const prior = 0.1

/**
 * How often two contacts are one voter, against chance: a list that draws each contact anew from the file. 0: it repeats
 * nobody, 1: it repeats as many, or more. Both are counted by the probabilities of each contact for itself.
 */
export const repeatRate = ({ row, score }: ListedCandidates, voters: number): number => {
  // whole ten-thousandths, and sorted where they get too large to be exact: the order of contacts changes nothing
  const sums = new Map<number, number>()
  let squares = 0
  let inFile = 0
  for (let p = 0; p < row.length; p++) {
    const points = Math.round(score[p]! * 10_000)
    sums.set(row[p]!, (sums.get(row[p]!) ?? 0) + points)
    squares += points ** 2
    inFile += points
  }
  const all = Float64Array.from(sums.values(), (sum) => sum ** 2).sort()
  const repeated = (all.reduce((total, one) => total + one, 0) - squares) / 2e8
  return Math.min(1, (repeated + prior) / ((inFile / 10_000) ** 2 / (2 * Math.max(1, voters)) + 1))
}

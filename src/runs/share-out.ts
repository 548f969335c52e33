import { type Claim, holderOf } from '../decide/assign.js'

/**
 * Who keeps each voter that more than one row wants; voters that one row wants are not listed. `voterOf`: a number that
 * is the voter's own, −1 for a row that wants none.
 */
export const shareOut = (
  rows: number,
  voterOf: (row: number) => number,
  claimOf: (row: number) => Claim,
): ReadonlyMap<number, string> => {
  const first = new Map<number, number>()
  const rivals = new Map<number, number[]>()
  for (let row = 0; row < rows; row++) {
    const voter = voterOf(row)
    if (voter < 0) continue
    const before = first.get(voter)
    if (before === undefined) first.set(voter, row)
    else rivals.set(voter, [...(rivals.get(voter) ?? [before]), row])
  }
  const holders = new Map<number, string>()
  for (const [voter, claimants] of rivals) {
    holders.set(voter, holderOf(claimants.map(claimOf) as [Claim, ...Claim[]]).personId)
  }
  return holders
}

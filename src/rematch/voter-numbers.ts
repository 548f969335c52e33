import { VocabularyBuilder } from '../voters/vocabulary-builder.js'

/** The voters that rows want, as numbers, so that those of a million persons are no million strings. */
export interface VoterNumbers {
  readonly number: (voter: string) => number
  readonly set: (row: number, voter: string) => void
  /** -1: the row wants none */
  readonly of: (row: number) => number
}

export const voterNumbers = (): VoterNumbers => {
  const names = new VocabularyBuilder()
  let numbers = new Int32Array(4096).fill(-1)
  const grow = (row: number): void => {
    const larger = new Int32Array(Math.max(numbers.length * 2, row + 1)).fill(-1)
    larger.set(numbers)
    numbers = larger
  }
  return {
    number: (voter) => names.intern(voter),
    set: (row, voter) => {
      if (row >= numbers.length) grow(row)
      numbers[row] = names.intern(voter)
    },
    of: (row) => numbers[row] ?? -1,
  }
}

import type { Individual } from './individual.js'
import { permutation } from './permutation.js'
import { findOther, findVoter, type People, type Population } from './population.js'
import { hashOf, Random } from './random.js'
import { streams } from './streams.js'

/** One list entry: who is meant, and whether an earlier entry means the same person. */
export interface Entry {
  readonly person: Individual
  readonly repeats: boolean
}

/** Three in four are in the file; three in a hundred stand on the list already. */
const inFileShare = 0.75
const repeatShare = 0.03

/**
 * Who the list's entry number `n` is, for any n alone. Nobody is drawn twice but by a repeat, as long as the list is
 * shorter than the file; those not in the file are adults of the same homes, half of them housemates of voters.
 */
export const drawEntries = (population: Population, people: People, seed: number): ((n: number) => Entry) => {
  const random = new Random(seed)
  const voters = population.voters.at(-1)!
  const others = population.others.at(-1)!
  const voterAt = permutation(voters, hashOf(seed, 101))
  const otherAt = permutation(Math.max(1, others), hashOf(seed, 102))
  const personAt = (n: number): Individual => {
    random.at(streams.list, n)
    return random.chance(inFileShare) || others === 0
      ? findVoter(population, people, voterAt(n))
      : findOther(population, people, otherAt(n))
  }
  const earlier = (n: number): number => {
    random.at(streams.list, n).next()
    return n > 0 && random.chance(repeatShare) ? random.below(n) : n
  }
  return (n) => {
    let first = n
    for (let before = earlier(n); before !== first; before = earlier(first)) first = before
    return { person: personAt(first), repeats: first !== n }
  }
}

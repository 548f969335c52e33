import type { DrawHousehold } from './household.js'
import type { Individual } from './individual.js'
import { Random } from './random.js'
import { countBits, drawShape } from './shape.js'

/**
 * Where each household's voters and other adults begin when all are counted through: two numbers a household, so that
 * the n-th voter is found without keeping anybody. `voters` and `others` have one more entry than there are households.
 */
export interface Population {
  readonly households: number
  readonly voters: Uint32Array
  readonly others: Uint32Array
}

/** Counts households until they hold the given number of voters; the last one's further voters don't count as such. */
export const countPopulation = (wanted: number, seed: number): Population => {
  const random = new Random(seed)
  let voters = new Uint32Array(Math.ceil(wanted * 1.1) + 1024)
  let others = new Uint32Array(voters.length)
  let household = 0
  while (voters[household]! < wanted) {
    if (household + 2 > voters.length) {
      voters = grown(voters)
      others = grown(others)
    }
    const { adults, registered } = drawShape(random, household)
    const inside = Math.min(wanted - voters[household]!, countBits(registered))
    voters[household + 1] = voters[household]! + inside
    others[household + 1] = others[household]! + adults - inside
    household++
  }
  return { households: household, voters: voters.subarray(0, household + 1), others: others.subarray(0, household + 1) }
}

const grown = (column: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> => {
  const larger = new Uint32Array(column.length * 2)
  larger.set(column)
  return larger
}

/** The household whose stretch of the counted column holds `n`. */
const holderOf = (starts: Uint32Array, n: number): number => {
  let low = 0
  let high = starts.length - 1
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (starts[middle]! <= n) low = middle
    else high = middle
  }
  return low
}

/** Makes the adults of one household, voters numbered in the order of the whole register. */
export type People = (household: number) => readonly Individual[]

export const peopleOf = ({ voters }: Population, drawHousehold: DrawHousehold, seed: number): People => {
  const random = new Random(seed)
  return (household) => {
    const shape = drawShape(random, household)
    const living = drawHousehold(household, shape)
    let voter = voters[household]!
    const end = voters[household + 1]!
    return living.adults.map((adult, slot) => {
      const isVoter = ((shape.registered >> slot) & 1) === 1 && voter < end
      return { household, slot, adult, living, voter: isVoter ? voter++ : -1 }
    })
  }
}

/** Finds the n-th voter, or the n-th adult who isn't one. */
export const findVoter = (population: Population, people: People, n: number): Individual =>
  people(holderOf(population.voters, n)).find(({ voter }) => voter === n)!

export const findOther = (population: Population, people: People, n: number): Individual => {
  const household = holderOf(population.others, n)
  return people(household).filter(({ voter }) => voter === -1)[n - population.others[household]!]!
}

import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { poolBackwards } from './level-order.js'
import { addressLevels, allFields, areaLevels, fieldAt } from './levels.js'
import { oddsOf } from './score-contact.js'
import { type FieldWeights, logTables, scaled, type Weights } from './weights.js'

/** The kept candidates of every contact: codes and ln u. Contact i has those from starts[i] to starts[i + 1] − 1. */
export interface Pairs {
  readonly width: number
  readonly starts: Uint32Array
  readonly codes: Uint16Array
  readonly logU: Float64Array
  /** voters at the contacts' addresses, all together */
  readonly atAddresses: number
}

export interface Fitted {
  readonly weights: Weights
  /** of EM, until nothing changed any more */
  readonly rounds: number
  /** levels that ran backwards and weigh the same now */
  readonly pooled: readonly string[]
}

/**
 * EM has settled when no level's expected number of matches changes by more than this, per contact. Measured: a generated
 * Florida takes 10 rounds, FEBRL4 5, historical with 30% of its voters missing 8; six times as many change best F1 by .0001.
 */
const tolerance = 1e-4
const mostRounds = 60
/** Contacts' worth of the assumed shares that a class starts from: what was never seen keeps a weight. */
const priorCount = 5
/** Addresses' worth of strangers assumed, one a voter. */
const strangersBefore = 2
/** Contacts between two pauses: some tens of milliseconds. */
const pauseEvery = 5_000

/**
 * EM over the blocked candidates of each contact, where a pair is the person, a housemate or neither. The same pairs give
 * the same weights. `pause` is awaited now and then and may throw to end it. Left: it did not converge.
 */
export const fitWeights = async (
  pairs: Pairs,
  start: Weights,
  assumed: Weights,
  voters: number,
  pause: () => Promise<void>,
): Promise<Either<string, Fitted>> => {
  let weights = start
  let before: Expected | undefined
  for (let rounds = 1; ; rounds++) {
    const expected = await expect(pairs, weights, voters, pause)
    const { weights: next, pooled } = weightsOf(expected, pairs, weights, assumed)
    const change = before === undefined ? 1 : changeOf(before, expected) / (pairs.starts.length - 1)
    if (change < tolerance) return right({ weights: next, rounds, pooled })
    if (rounds === mostRounds) {
      return left(
        `it did not converge: round ${rounds} still changed ${change.toPrecision(2)} of the matches, not ${tolerance}`,
      )
    }
    weights = next
    before = expected
  }
}

/** The largest change of a level's expected matches; NaN where there are none to speak of. */
const changeOf = (before: Expected, after: Expected): number =>
  Math.max(...after.matches.map((levels, f) => Math.max(...levels.map((n, i) => Math.abs(n - before.matches[f]![i]!)))))

/** What a round expects: how many pairs of each kind reach each code. */
interface Expected {
  readonly matches: readonly Float64Array[]
  readonly housemates: readonly Float64Array[]
  /** of the e-mail's codes, of pairs that have nothing to do with each other */
  readonly others: Float64Array
  readonly inFile: number
  readonly household: number
  readonly strangers: number
}

const placeLevels = addressLevels.length * areaLevels.length
export const isSameAddress = (code: number): boolean =>
  Math.floor((code % placeLevels) / areaLevels.length) === addressLevels.length - 1

const expect = async (
  { width, starts, codes, logU }: Pairs,
  weights: Weights,
  voters: number,
  pause: () => Promise<void>,
): Promise<Expected> => {
  const tables = logTables(weights)
  const zeros = () =>
    allFields(weights.extras).map(({ classes, levels }) => new Float64Array(classes.length * levels.length))
  const matches = zeros()
  const housemates = zeros()
  const others = new Float64Array(matches[fieldAt.email]!.length)
  const logMatch = Math.log(weights.inFile / voters)
  const logHousemate = Math.log(weights.household / voters)
  const logStrangers = Math.log(weights.strangers)
  let strangers = 0
  let inFile = 0
  let household = 0
  let odds = new Float64Array(64)
  let share = new Float64Array(64)
  const contacts = starts.length - 1
  for (let i = 0; i < contacts; i++) {
    if (i % pauseEvery === 0) await pause()
    const from = starts[i]!
    const count = starts[i + 1]! - from
    if (count > odds.length) {
      odds = new Float64Array(count * 2)
      share = new Float64Array(count * 2)
    }
    let sum = 1 - weights.inFile
    for (let k = 0; k < count; k++) {
      let logM = 0
      let logQ = 0
      const at = (from + k) * width
      for (let f = 0; f < width; f++) {
        logM += tables.m[f]![codes[at + f]!]!
        logQ += tables.q[f]![codes[at + f]!]!
      }
      const u = logU[from + k]! + (isSameAddress(codes[at + fieldAt.place]!) ? logStrangers : 0)
      const wh = Math.exp(logQ - u + logHousemate)
      odds[k] = oddsOf(logM - u + logMatch, wh)
      share[k] = wh / (1 + wh)
      sum += odds[k]!
    }
    for (let k = 0; k < count; k++) {
      const p = odds[k]! / sum
      const h = (1 - p) * share[k]!
      inFile += p
      household += h
      const at = (from + k) * width
      for (let f = 0; f < width; f++) {
        const code = codes[at + f]!
        matches[f]![code]! += p
        housemates[f]![code]! += h
      }
      others[codes[at + fieldAt.email]!]! += 1 - p - h
      if (isSameAddress(codes[at + fieldAt.place]!)) strangers += 1 - p - h
    }
  }
  return { matches, housemates, others, inFile, household, strangers }
}

/** The likeliest weights for what is expected, with the assumed shares counted in and what runs backwards pooled. */
const weightsOf = (
  { matches, housemates, others, inFile, household, strangers }: Expected,
  { starts, atAddresses }: Pairs,
  now: Weights,
  assumed: Weights,
): { readonly weights: Weights; readonly pooled: readonly string[] } => {
  const contacts = starts.length - 1
  const pooled: string[] = []
  const learnt = allFields(now.extras).map((field, f): [string, FieldWeights] => {
    const { name, classes, levels } = field
    const start = assumed.fields[name]!
    const before = now.fields[name]!
    const rows = (counted: Float64Array, prior: readonly (readonly number[])[]) =>
      classes.map((_, c) => scaled(levels.map((_, l) => counted[c * levels.length + l]! + prior[c]![l]! * priorCount)))
    const u =
      name === 'email'
        ? [before.u[0]!, scaled(levels.map((_, l) => others[levels.length + l]! + start.u[1]![l]! * 10))]
        : before.u
    const m = rows(matches[f]!, start.m).map((row, c) => {
      const inOrder = poolBackwards(row, u[c]!, field)
      const kind = classes.length === 1 ? name : `${name} (${classes[c]})`
      for (const group of inOrder.levels) pooled.push(`${kind}: ${group.map((level) => levels[level]).join(', ')}`)
      return inOrder.m
    })
    return [name, { m, q: rows(housemates[f]!, start.q), u }]
  })
  const weights = {
    ...now,
    inFile: Math.min(0.999, inFile / contacts),
    household: household / contacts,
    strangers: (strangers + strangersBefore) / (atAddresses + strangersBefore),
    fields: Object.fromEntries(learnt),
  }
  return { weights, pooled }
}

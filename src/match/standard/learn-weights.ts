import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { PreparedContact } from '../prepared.js'
import type { VoterIndex } from '../voter-index.js'
import { comparer } from './compare-pair.js'
import { encodeContact } from './encode-contact.js'
import { type Fitted, fitWeights, isSameAddress, type Pairs } from './fit-weights.js'
import { keptCandidates } from './kept-candidates.js'
import { scorerOf } from './kept-scorers.js'
import { addressLevels, allFields, areaLevels, fieldAt } from './levels.js'
import { assumedWeights, type FieldWeights, logTables, scaled, type Weights } from './weights.js'

/** Told between two chunks of work how many of the contacts are done; may wait, or throw to end it. */
export type Tell = (done: number, of: number) => Promise<void>

export interface Learnt extends Fitted {
  /** blocked candidates that took part */
  readonly pairs: number
  readonly contacts: number
}

const randomPairs = 2_000_000
/** Candidates of each contact that take part. */
const kept = 15
/** Below this many contacts that are probably in the file, the weights would be hardly more than what was assumed. */
const leastMatches = 50

/**
 * Weights without labels: u from pairs of contacts and voters spread evenly over both files, the rest by EM. No
 * randomness. Left: too few pairs to learn from, or EM that does not converge.
 */
export const learnWeights = async (
  index: VoterIndex,
  contacts: readonly PreparedContact[],
  extras: readonly string[],
  tell: Tell,
): Promise<Either<string, Learnt>> => {
  const assumed = assumedWeights(extras)
  if (contacts.length === 0 || index.voters === 0) return left(tooFew(0, 0))
  const withU = await learnU(index, contacts, assumed, tell)
  const pairs = await gather(index, contacts, withU, (done) => tell(done, contacts.length))
  const count = pairs.starts[contacts.length]!
  if (count < leastMatches) return left(tooFew(count, 0))
  const fitted = await fitWeights(pairs, withU, assumed, index.voters, () => tell(contacts.length, contacts.length))
  if (isLeft(fitted)) return fitted
  const matches = Math.round(fitted.right.weights.inFile * contacts.length)
  if (matches < leastMatches) return left(tooFew(count, matches))
  return right({ ...fitted.right, pairs: count, contacts: contacts.length })
}

const tooFew = (pairs: number, matches: number): string =>
  `too few pairs to learn from: ${pairs} came near each other, about ${matches} of them are one person; it takes ${leastMatches}`

/** Random pairs between two pauses. */
const pauseEvery = 50_000

/** Shares of the levels among pairs that have nothing to do with each other. */
const learnU = async (
  index: VoterIndex,
  contacts: readonly PreparedContact[],
  assumed: Weights,
  tell: Tell,
): Promise<Weights> => {
  const { extras } = assumed
  const all = allFields(extras)
  const comparing = comparer(index, extras)
  const counts = all.map(({ classes, levels }) => new Float64Array(classes.length * levels.length))
  const levels = new Uint8Array(comparing.width)
  const tables = logTables(assumed)
  const even = Math.log(index.voters / assumed.inFile)
  const each = Math.max(1, Math.floor(randomPairs / contacts.length))
  const stride = Math.max(1, Math.floor(index.voters / each))
  const step = Math.max(1, Math.floor((contacts.length * each) / randomPairs))
  let row = 0
  let compared = 0
  for (let i = 0; i < contacts.length; i += step) {
    const contact = encodeContact(index, contacts[i]!, extras)
    comparing.take(contact)
    const { classes } = contact
    for (let j = 0; j < each; j++) {
      if (compared++ % pauseEvery === 0) await tell(0, contacts.length)
      // an odd step through the whole file
      row = (row + stride * 2 + 7_919) % index.voters
      comparing.compare(row, levels)
      comparing.lookCloser(row, levels)
      // in a small file many a pair drawn is the person itself
      let evidence = 0
      for (let f = 0; f < all.length; f++) evidence += tables.m[f]![levels[f]!]! - tables.u[f]![levels[f]!]!
      if (evidence > even || isSameAddress(levels[fieldAt.place]!)) continue
      for (let f = 0; f < all.length; f++) {
        counts[f]![classes[f]! * all[f]!.levels.length + levels[f]!]!++
      }
    }
  }
  const learnt = all.map(({ name, classes, levels: names }, f): [string, FieldWeights] => {
    const before = assumed.fields[name]!
    const emailAgreeing = name === 'email' ? 1 : -1
    // areas by themselves: hardly any pair also agrees on the street
    if (name === 'place') collapse(counts[f]!, classes.length)
    const u = classes.map((_, c) =>
      c === emailAgreeing
        ? before.u[c]!
        : scaled(names.map((_, l) => counts[f]![c * names.length + l]! + before.u[c]![l]! * 10)),
    )
    return [name, { ...before, u }]
  })
  return { ...assumed, fields: Object.fromEntries(learnt) }
}

/** Adds up the places of an area over their addresses, class by class: level 0/area then counts the area alone. */
const collapse = (counts: Float64Array, classes: number): void => {
  const areas = areaLevels.length
  const levels = addressLevels.length * areas
  for (let c = 0; c < classes; c++) {
    for (let r = 0; r < areas; r++) {
      let sum = 0
      for (let a = 0; a < addressLevels.length; a++) {
        sum += counts[c * levels + a * areas + r]!
        counts[c * levels + a * areas + r] = 0
      }
      counts[c * levels + r] = sum
    }
  }
}

const gather = async (
  index: VoterIndex,
  contacts: readonly PreparedContact[],
  weights: Weights,
  onDone: (contacts: number) => Promise<void>,
): Promise<Pairs> => {
  const { width } = scorerOf(index, weights)
  const candidates = keptCandidates(kept, width)
  const starts = new Uint32Array(contacts.length + 1)
  let codes = new Uint16Array(contacts.length * 8 * width)
  let logU = new Float64Array(contacts.length * 8)
  let at = 0
  let atAddresses = 0
  for (let i = 0; i < contacts.length; i++) {
    starts[i] = at
    candidates.count = 0
    // asked for each time: while this waits somebody else may use it under other weights
    const scoring = scorerOf(index, weights)
    scoring.score([encodeContact(index, contacts[i]!, weights.extras)], candidates, 0)
    atAddresses += scoring.atAddress()
    const { count } = candidates
    if (at + count > logU.length) {
      const larger = new Float64Array((at + count) * 2)
      larger.set(logU)
      logU = larger
      const more = new Uint16Array((at + count) * 2 * width)
      more.set(codes)
      codes = more
    }
    codes.set(candidates.codes.subarray(0, count * width), at * width)
    logU.set(candidates.logU.subarray(0, count), at)
    at += count
    if (i % 200 === 199) await onDone(i + 1)
  }
  starts[contacts.length] = at
  return { width, starts, codes, logU, atAddresses }
}

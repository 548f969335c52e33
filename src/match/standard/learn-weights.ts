import type { PreparedContact } from '../prepared.js'
import type { VoterIndex } from '../voter-index.js'
import { comparer } from './compare-pair.js'
import { encodeContact } from './encode-contact.js'
import { keptCandidates } from './kept-candidates.js'
import { addressLevels, allFields, areaLevels, fieldAt } from './levels.js'
import { oddsOf, scorer } from './score-contact.js'
import { assumedWeights, type FieldWeights, logTables, scaled, type Weights } from './weights.js'

export interface Learning {
  readonly onProgress?: (done: number, of: number) => void
}

const randomPairs = 2_000_000
const rounds = 15
/** Candidates of each contact that take part. */
const kept = 30
/** Contacts' worth of the assumed shares that a class starts from: what was never seen keeps a weight. */
const priorCount = 5

/**
 * Weights without labels: u from pairs of contacts and voters spread evenly over both files, m, q and the shares by EM over
 * the blocked candidates of each contact, where a pair is the person, a housemate or neither. No randomness.
 */
export const learnWeights = (
  index: VoterIndex,
  contacts: readonly PreparedContact[],
  extras: readonly string[],
  { onProgress }: Learning = {},
): Weights => {
  const assumed = assumedWeights(extras)
  const withU = learnU(index, contacts, assumed)
  const pairs = gather(index, contacts, withU, (done) => onProgress?.(done, contacts.length))
  let weights = withU
  for (let round = 0; round < rounds; round++) weights = learnRound(pairs, weights, assumed, index.voters)
  return weights
}

/** Shares of the levels among pairs that have nothing to do with each other. */
const learnU = (index: VoterIndex, contacts: readonly PreparedContact[], assumed: Weights): Weights => {
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
  for (let i = 0; i < contacts.length; i += step) {
    const contact = encodeContact(index, contacts[i]!, extras)
    comparing.take(contact)
    const { classes } = contact
    for (let j = 0; j < each; j++) {
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

/** The kept candidates of every contact: codes and ln u. Contact i has those from starts[i] to starts[i + 1] − 1. */
interface Pairs {
  readonly width: number
  readonly starts: Uint32Array
  readonly codes: Uint16Array
  readonly logU: Float64Array
  /** voters at the contacts' addresses, all together */
  readonly atAddresses: number
}

const gather = (
  index: VoterIndex,
  contacts: readonly PreparedContact[],
  weights: Weights,
  onDone: (contacts: number) => void,
): Pairs => {
  const scoring = scorer(index, weights)
  const { width } = scoring
  const candidates = keptCandidates(kept, width)
  const starts = new Uint32Array(contacts.length + 1)
  let codes = new Uint16Array(contacts.length * 8 * width)
  let logU = new Float64Array(contacts.length * 8)
  let at = 0
  let atAddresses = 0
  for (let i = 0; i < contacts.length; i++) {
    starts[i] = at
    candidates.count = 0
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
    if (i % 1_000 === 999) onDone(i + 1)
  }
  starts[contacts.length] = at
  return { width, starts, codes, logU, atAddresses }
}

/** Addresses' worth of strangers assumed, one a voter. */
const strangersBefore = 2

const placeLevels = addressLevels.length * areaLevels.length
const isSameAddress = (code: number): boolean =>
  Math.floor((code % placeLevels) / areaLevels.length) === addressLevels.length - 1

/** One round of EM. */
const learnRound = (pairs: Pairs, weights: Weights, assumed: Weights, voters: number): Weights => {
  const { width, starts, codes, logU, atAddresses } = pairs
  const all = allFields(weights.extras)
  const tables = logTables(weights)
  const zeros = () => all.map(({ classes, levels }) => new Float64Array(classes.length * levels.length))
  const matches = zeros()
  const housemates = zeros()
  const others = new Float64Array(matches[fieldAt.email]!.length)
  const logMatch = Math.log(weights.inFile / voters)
  const logHousemate = Math.log(weights.household / voters)
  const logStrangers = Math.log(weights.strangers)
  const contacts = starts.length - 1
  let strangers = 0
  let inFile = 0
  let household = 0
  let odds = new Float64Array(64)
  let share = new Float64Array(64)
  for (let i = 0; i < contacts; i++) {
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
  const learnt = all.map(({ name, classes, levels }, f): [string, FieldWeights] => {
    const start = assumed.fields[name]!
    const now = weights.fields[name]!
    const rows = (counted: Float64Array, before: readonly (readonly number[])[]) =>
      classes.map((_, c) => scaled(levels.map((_, l) => counted[c * levels.length + l]! + before[c]![l]! * priorCount)))
    const u =
      name === 'email'
        ? [now.u[0]!, scaled(levels.map((_, l) => others[levels.length + l]! + start.u[1]![l]! * 10))]
        : now.u
    return [name, { m: rows(matches[f]!, start.m), q: rows(housemates[f]!, start.q), u }]
  })
  return {
    ...weights,
    inFile: Math.min(0.999, inFile / contacts),
    household: household / contacts,
    strangers: (strangers + strangersBefore) / (atAddresses + strangersBefore),
    fields: Object.fromEntries(learnt),
  }
}

import type { VoterIndex } from '../voter-index.js'
import { blocker } from './block-contact.js'
import { comparer } from './compare-pair.js'
import type { EncodedContact } from './encode-contact.js'
import { frequencies } from './frequencies.js'
import { allFields, codesOf, fieldAt } from './levels.js'
import { logTables, type Weights } from './weights.js'

/** The candidates that were kept, best first. Filled anew for each person. */
export interface Candidates {
  count: number
  readonly rows: Uint32Array
  /** codes of the compared fields, `width` a candidate: class × levels + level */
  readonly codes: Uint16Array
  /** ln u, all fields together */
  readonly logU: Float64Array
  /** odds that this is the person, against nobody */
  readonly odds: Float64Array
}

export interface Scorer {
  readonly width: number
  readonly candidates: Candidates
  /** Odds of all candidates together, of the person that was scored last. */
  readonly sum: () => number
  /**
   * Blocks, compares and scores what several contacts say of one person; answers the number of pairs compared. Each field
   * is compared by the contact whose value says most for the candidate.
   */
  readonly score: (contacts: readonly EncodedContact[], excluded?: ReadonlySet<number>) => number
  /** Codes and ln u of one pair, field by field, by the contact whose value says most; blocked or not. */
  readonly weigh: (contacts: readonly EncodedContact[], row: number) => WeighedPair
  readonly narrowed: Readonly<Record<string, number>>
  /** voters at the address of the contact that was scored last, 0: it gives none */
  readonly atAddress: () => number
}

export interface WeighedPair {
  readonly codes: Uint16Array
  readonly logU: Float64Array
}

const first = codesOf('first_name')
const last = codesOf('last_name')

/** Candidates with lower odds are none: a million of them would not make one. */
const leastOdds = 1e-9

/** Scores persons against one index under weights. Each thread has its own. */
export const scorer = (index: VoterIndex, weights: Weights, kept: number): Scorer => {
  const tables = logTables(weights)
  const { extras, inFile, household } = weights
  const blocking = blocker(index)
  const comparing = comparer(index, extras)
  const counting = frequencies(index, tables, weights)
  const { width } = comparing
  const levelCounts = allFields(extras).map(({ levels }) => levels.length)
  const levels = new Uint8Array(width)
  const codes = new Uint16Array(width)
  const logU = new Float64Array(width)
  const logMatch = Math.log(inFile / index.voters)
  const logHousemate = Math.log(household / index.voters)
  const candidates: Candidates = {
    count: 0,
    rows: new Uint32Array(kept),
    codes: new Uint16Array(kept * width),
    logU: new Float64Array(kept),
    odds: new Float64Array(kept),
  }
  let sum = 0

  /** Keeps a candidate among the best, in order; of equal odds the lower row stands first. */
  const keep = (row: number, odds: number, log: number): void => {
    const { rows, odds: all } = candidates
    let at = candidates.count
    while (at > 0 && (all[at - 1]! < odds || (all[at - 1] === odds && rows[at - 1]! > row))) at--
    if (at === kept) return
    const end = Math.min(candidates.count, kept - 1)
    rows.copyWithin(at + 1, at, end)
    all.copyWithin(at + 1, at, end)
    candidates.logU.copyWithin(at + 1, at, end)
    candidates.codes.copyWithin((at + 1) * width, at * width, end * width)
    rows[at] = row
    all[at] = odds
    candidates.logU[at] = log
    candidates.codes.set(codes, at * width)
    candidates.count = end + 1
  }

  /** Levels, codes and ln u of the pair of the contact that was taken last and a row. */
  const comparePair = (contact: EncodedContact, row: number): void => {
    comparing.compare(row, levels, 0)
    codes.set(levels)
    const firstLevel = levels[fieldAt.first_name]!
    const lastLevel = levels[fieldAt.last_name]!
    codes[fieldAt.first_name] = contact.firstClass * levelCounts[fieldAt.first_name]! + firstLevel
    codes[fieldAt.last_name] = contact.lastClass * levelCounts[fieldAt.last_name]! + lastLevel
    codes[fieldAt.place] = contact.placeClass * levelCounts[fieldAt.place]! + levels[fieldAt.place]!
    codes[fieldAt.birth_date] = contact.birthClass * levelCounts[fieldAt.birth_date]! + levels[fieldAt.birth_date]!
    const namesAgree = lastLevel >= last.part && firstLevel >= first.jw92 && firstLevel !== first.middle
    if (namesAgree && contact.inEmail.isOfTheName) {
      codes[fieldAt.email] = levelCounts[fieldAt.email]! + levels[fieldAt.email]!
    }
    counting.weigh(levels, codes, logU)
  }

  const conclude = (row: number): void => {
    let u = 0
    let logM = 0
    let logQ = 0
    for (let f = 0; f < width; f++) {
      const code = codes[f]!
      u += logU[f]!
      logM += tables.m[f]![code]!
      logQ += tables.q[f]![code]!
    }
    const odds = oddsOf(logM, u, logMatch, Math.exp(logQ - u + logHousemate))
    sum += odds
    if (odds > leastOdds) keep(row, odds, u)
  }

  const scoreOne = (contact: EncodedContact, excluded: ReadonlySet<number> | undefined): number => {
    const pairs = blocking.block([contact])
    const { rows } = blocking
    comparing.take(contact)
    counting.take(contact)
    for (let i = 0; i < pairs; i++) {
      const row = rows[i]!
      if (excluded?.has(row) === true) continue
      comparePair(contact, row)
      conclude(row)
    }
    return pairs
  }

  /** Contact by contact, so that each is prepared once; what says most for a candidate is kept field by field. */
  const weighAll = (contacts: readonly EncodedContact[], rows: Uint32Array): WeighedPair => {
    const bestCodes = new Uint16Array(rows.length * width)
    const bestU = new Float64Array(rows.length * width)
    for (const contact of contacts) {
      comparing.take(contact)
      counting.take(contact)
      for (let i = 0; i < rows.length; i++) {
        comparePair(contact, rows[i]!)
        for (let f = 0; f < width; f++) {
          const at = i * width + f
          const before = bestCodes[at]! % levelCounts[f]!
          const weight = tables.m[f]![codes[f]!]! - logU[f]!
          if (levels[f] === 0 || (before !== 0 && weight <= tables.m[f]![bestCodes[at]!]! - bestU[at]!)) continue
          bestCodes[at] = codes[f]!
          bestU[at] = logU[f]!
        }
      }
    }
    return { codes: bestCodes, logU: bestU }
  }

  const scoreSeveral = (contacts: readonly EncodedContact[], excluded: ReadonlySet<number> | undefined): number => {
    const pairs = blocking.block(contacts)
    const rows = blocking.rows.slice(0, pairs)
    const weighed = weighAll(contacts, rows)
    for (let i = 0; i < pairs; i++) {
      if (excluded?.has(rows[i]!) === true) continue
      codes.set(weighed.codes.subarray(i * width, (i + 1) * width))
      logU.set(weighed.logU.subarray(i * width, (i + 1) * width))
      conclude(rows[i]!)
    }
    return pairs
  }

  return {
    width,
    candidates,
    sum: () => sum,
    weigh: (contacts, row) => weighAll(contacts, Uint32Array.of(row)),
    narrowed: blocking.narrowed,
    atAddress: () => counting.atAddress,
    score: (contacts, excluded) => {
      candidates.count = 0
      sum = 0
      const [contact] = contacts
      if (contact === undefined) return 0
      return contacts.length === 1 ? scoreOne(contact, excluded) : scoreSeveral(contacts, excluded)
    },
  }
}

/** Odds that a pair is the person, against nobody, given the odds that it is somebody else of the household. */
export const oddsOf = (logM: number, logU: number, logMatch: number, housemate: number): number =>
  Math.exp(logM - logU + logMatch) / (1 + housemate)

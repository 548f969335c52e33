import type { VoterIndex } from '../voter-index.js'
import { blocker } from './block-contact.js'
import { comparer } from './compare-pair.js'
import { type EncodedContact, nameClass } from './encode-contact.js'
import { frequencies } from './frequencies.js'
import { allFields, codesOf, fieldAt } from './levels.js'
import { logTables, type Weights } from './weights.js'

/** The candidates of one contact that were kept, best first. Filled anew for each contact. */
export interface Candidates {
  count: number
  readonly rows: Uint32Array
  /** codes of the compared fields, `width` a candidate: class × levels + level */
  readonly codes: Uint16Array
  readonly logU: Float64Array
  /** odds that this is the person, against nobody */
  readonly odds: Float64Array
  /** probability over all candidates and "not in this file" */
  readonly score: Float64Array
}

export interface Scorer {
  readonly width: number
  readonly candidates: Candidates
  /** Blocks, compares and scores; answers the number of pairs compared. */
  readonly score: (contact: EncodedContact) => number
  readonly narrowed: Readonly<Record<string, number>>
  /** voters at the address of the contact that was scored last, 0: it gives none */
  readonly atAddress: () => number
}

const first = codesOf('first_name')
const last = codesOf('last_name')

/** Scores contacts against one index under weights. Each thread has its own. */
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
  const logMatch = Math.log(inFile / index.voters)
  const logHousemate = Math.log(household / index.voters)
  const candidates: Candidates = {
    count: 0,
    rows: new Uint32Array(kept),
    codes: new Uint16Array(kept * width),
    logU: new Float64Array(kept),
    odds: new Float64Array(kept),
    score: new Float64Array(kept),
  }

  /** Keeps a candidate among the best, in order; of equal odds the lower row stands first. */
  const keep = (row: number, odds: number, logU: number): void => {
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
    candidates.logU[at] = logU
    candidates.codes.set(codes, at * width)
    candidates.count = end + 1
  }

  return {
    width,
    candidates,
    narrowed: blocking.narrowed,
    atAddress: () => counting.atAddress,
    score: (contact) => {
      const pairs = blocking.block(contact)
      const { rows } = blocking
      comparing.take(contact)
      counting.take(contact)
      candidates.count = 0
      let sum = 0
      for (let i = 0; i < pairs; i++) {
        const row = rows[i]!
        comparing.compare(row, levels, 0)
        codes.set(levels)
        const firstLevel = levels[fieldAt.first_name]!
        codes[fieldAt.first_name] = contact.firstClass * levelCounts[fieldAt.first_name]! + firstLevel
        codes[fieldAt.last_name] = contact.lastClass * levelCounts[fieldAt.last_name]! + levels[fieldAt.last_name]!
        codes[fieldAt.place] = contact.placeClass * levelCounts[fieldAt.place]! + levels[fieldAt.place]!
        codes[fieldAt.birth_date] =
          contact.birthClass * levelCounts[fieldAt.birth_date]! + levels[fieldAt.birth_date]!
        const agree = levels[fieldAt.last_name]! >= last.part && firstLevel >= first.jw92 && firstLevel !== first.middle
        if (agree && contact.inEmail.isOfTheName) codes[fieldAt.email] = levelCounts[fieldAt.email]! + levels[fieldAt.email]!
        const logU = counting.logU(levels, codes, 0)
        let logM = 0
        let logQ = 0
        for (let f = 0; f < width; f++) {
          const code = codes[f]!
          logM += tables.m[f]![code]!
          logQ += tables.q[f]![code]!
        }
        const odds = oddsOf(logM, logQ, logU, logMatch, logHousemate)
        sum += odds
        if (odds > 1e-9) keep(row, odds, logU)
      }
      const all = 1 - inFile + sum
      for (let i = 0; i < candidates.count; i++) candidates.score[i] = candidates.odds[i]! / all
      return pairs
    },
  }
}

/** Odds that a pair is the person, against nobody, given that it may be somebody else of the household. */
export const oddsOf = (
  logM: number,
  logQ: number,
  logU: number,
  logMatch: number,
  logHousemate: number,
): number => Math.exp(logM - logU + logMatch) / (1 + Math.exp(logQ - logU + logHousemate))

export { nameClass }

import type { PreparedContact } from '../prepared.js'
import type { FellegiSunterRuleset } from '../ruleset.js'
import type { VoterIndex } from '../voter-index.js'
import { encodeContact } from './encode-contact.js'
import { scorerOf } from './kept-scorers.js'
import { allFields } from './levels.js'
import { logTables } from './weights.js'

export interface WeighedField {
  readonly name: string
  readonly level: string
  /** bits for the pair (above 0) or against it: log2 m/u; null where the level says nothing */
  readonly weight: number | null
}

export interface WeighedLevels {
  readonly fields: readonly WeighedField[]
  /** bits before anything is compared: log2 of the share of contacts in the file over its voters; null under tiers */
  readonly prior: number | null
}

const bits = (log: number): number => Math.round((log / Math.LN2) * 100) / 100

/** What each field of a pair weighs under a ruleset, whether or not blocking proposes the pair. */
export const explainWeights = (
  index: VoterIndex,
  contacts: readonly PreparedContact[],
  row: number,
  ruleset: FellegiSunterRuleset,
): WeighedLevels => {
  const { weights } = ruleset
  const encoded = contacts.map((contact) => encodeContact(index, contact, weights.extras))
  const { codes, logU } = scorerOf(index, weights).weigh(encoded, row)
  const tables = logTables(weights)
  return {
    prior: bits(Math.log(weights.inFile / index.voters)),
    fields: allFields(weights.extras).map(({ name, levels }, f) => {
      const level = codes[f]! % levels.length
      return { name, level: levels[level]!, weight: level === 0 ? null : bits(tables.m[f]![codes[f]!]! - logU[f]!) }
    }),
  }
}

import * as t from 'io-ts'
import { Score } from '../../events/primitives.js'
import { Listed, RulesetName } from './ruleset-parts.js'

const Key = t.keyof({ svid: null, name_address: null, name_city: null, soundex_birth: null, soundex_address: null })

/** What a tier may call its matches: `manual` is a human's word. */
const TierType = t.keyof({ exact: null, name_address: null, name_city: null, fuzzy: null })

/** A tier: a blocking key, the fields that must agree besides, and the fixed score of a single hit. */
export const Tier = t.type({
  matchType: TierType,
  key: Key,
  also: t.array(t.keyof({ birth_date: null, address: null })),
  score: Score,
})
export type Tier = t.TypeOf<typeof Tier>

/** Tiers in order; the first that yields exactly one candidate decides. */
export const TierRuleset = t.type({
  name: RulesetName,
  kind: t.literal('tiers'),
  version: t.number,
  reviewFloor: Score,
  /** candidates that a decision lists at most */
  listed: Listed,
  tiers: t.array(Tier),
})
export type TierRuleset = t.TypeOf<typeof TierRuleset>

const Shares = t.array(t.array(t.number))

/** Weights of one field by class and level; see `FieldWeights`. */
export const FieldShares = t.type({ m: Shares, q: Shares, u: Shares })

/** A probability for every candidate, from weights that were learnt; `ruleset-faults.ts` says what else must hold. */
export const FellegiSunterRuleset = t.type({
  name: RulesetName,
  kind: t.literal('fellegi_sunter'),
  version: t.number,
  reviewFloor: Score,
  /** by how much the best must lead the second */
  margin: Score,
  listed: Listed,
  /** field → level: a best candidate that reaches all levels of one of these goes to review */
  vetoes: t.array(t.record(t.string, t.string)),
  /** what the weights were learnt on */
  learntOn: t.string,
  weights: t.type({
    inFile: Score,
    household: t.number,
    strangers: t.number,
    extras: t.array(t.string),
    fields: t.record(t.string, FieldShares),
  }),
})
export type FellegiSunterRuleset = t.TypeOf<typeof FellegiSunterRuleset>

export const Ruleset = t.union([TierRuleset, FellegiSunterRuleset])
export type Ruleset = t.TypeOf<typeof Ruleset>

/**
 * The campaign's four priorities with the scores that campaigns know. The fuzzy tier is Soundex of the last name with
 * birth date and address: 0.5 for the sound, 0.15 for each of the two that agrees.
 */
export const simpleRuleset: TierRuleset = {
  name: 'simple',
  kind: 'tiers',
  version: 1,
  reviewFloor: 0.5,
  listed: 5,
  tiers: [
    { matchType: 'exact', key: 'svid', also: [], score: 1 },
    { matchType: 'name_address', key: 'name_address', also: [], score: 0.95 },
    { matchType: 'name_city', key: 'name_city', also: [], score: 0.7 },
    { matchType: 'fuzzy', key: 'soundex_birth', also: ['address'], score: 0.8 },
    { matchType: 'fuzzy', key: 'soundex_address', also: [], score: 0.65 },
    { matchType: 'fuzzy', key: 'soundex_birth', also: [], score: 0.65 },
  ],
}

import type { MatchType } from '../../events/matchbook.js'
import { comparedFields, levelNames } from './compare-fields.js'
import type { Ruleset } from './ruleset.js'
import { matchTypes } from './scored-contacts.js'
import { allFields } from './standard/levels.js'

/** A field that a ruleset compares, and where its level stands among a candidate's. */
export interface ComparedField {
  readonly name: string
  readonly levels: readonly string[]
  readonly place: number
}

const byRuleset = new WeakMap<Ruleset, readonly ComparedField[]>()

/** The fields of a ruleset by name. */
export const levelsOf = (ruleset: Ruleset): readonly ComparedField[] => {
  const known = byRuleset.get(ruleset)
  if (known !== undefined) return known
  const fields =
    ruleset.kind === 'tiers'
      ? comparedFields.map((name, place) => ({ name, levels: levelNames, place }))
      : allFields(ruleset.weights.extras).map(({ name, levels }, place) => ({ name, levels, place }))
  const sorted = fields.sort((a, b) => (a.name < b.name ? -1 : 1))
  byRuleset.set(ruleset, sorted)
  return sorted
}

/** The match type that a candidate's tier code stands for. */
export const matchTypeAt = (ruleset: Ruleset, tier: number): MatchType =>
  ruleset.kind === 'tiers' ? ruleset.tiers[tier]!.matchType : matchTypes[tier]!

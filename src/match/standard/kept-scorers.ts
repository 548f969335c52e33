import type { FellegiSunterRuleset } from '../ruleset.js'
import type { VoterIndex } from '../voter-index.js'
import { type Scorer, scorer } from './score-contact.js'

const scorers = new WeakMap<VoterIndex, WeakMap<FellegiSunterRuleset, Scorer>>()

/** The scorer of an index under a ruleset, kept while both are: making one takes longer than many contacts. */
export const scorerOf = (index: VoterIndex, ruleset: FellegiSunterRuleset): Scorer => {
  const byRuleset = scorers.get(index) ?? new WeakMap<FellegiSunterRuleset, Scorer>()
  scorers.set(index, byRuleset)
  const known = byRuleset.get(ruleset) ?? scorer(index, ruleset.weights)
  byRuleset.set(ruleset, known)
  return known
}

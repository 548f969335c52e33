import type { Ruleset, TierRuleset } from './ruleset.js'
import { type Proposal, propose } from './standard/propose.js'

/** All that a proposal rests on besides the rules: scores of four decimals, as decisions record them. */
export interface Evidence {
  /** at the deciding tier; of probabilities, how many there are beyond two says nothing */
  readonly candidates: number
  readonly score: number
  /** the second best one's, 0: there is none */
  readonly next: number
  /** a veto of the ruleset holds for the best */
  readonly vetoed: boolean
}

export const noEvidence: Evidence = { candidates: 0, score: 0, next: 0, vetoed: false }

/** What comes of so many candidates at a tier with `score`. */
export const proposeByTier = (
  candidates: number,
  score: number,
  { reviewFloor }: Pick<TierRuleset, 'reviewFloor'>,
  threshold: number,
): Proposal => {
  if (candidates > 1) return score >= reviewFloor ? ['review', 'ambiguous'] : ['unmatched', 'below_floor']
  if (score >= threshold) return ['linked', 'match']
  return score >= reviewFloor ? ['review', 'below_threshold'] : ['unmatched', 'below_floor']
}

/** What matching would conclude from evidence that it has found before: by the very functions that it concludes by. */
export const proposeFrom = (
  { candidates, score, next, vetoed }: Evidence,
  ruleset: Ruleset,
  threshold: number,
): Proposal => {
  if (candidates === 0) return ['unmatched', 'no_candidate']
  return ruleset.kind === 'tiers'
    ? proposeByTier(candidates, score, ruleset, threshold)
    : propose(score, next, vetoed ? 'vetoed' : 'free', ruleset, threshold)
}

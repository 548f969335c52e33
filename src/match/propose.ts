import type { FellegiSunterRuleset, Ruleset, TierRuleset } from './ruleset.js'
import type { proposalReasons, proposals } from './scored-chunk.js'

/** What is concluded from a person's candidates, before voters are shared out one to one. */
export type Proposal = readonly [outcome: (typeof proposals)[number], reason: (typeof proposalReasons)[number]]

/** All that a proposal rests on besides the rules: scores of four decimals, as decisions record them. */
export interface Evidence {
  /** of a tier: how many it has; of probabilities, more than two are as two */
  readonly candidates: number
  readonly score: number
  /** the second best one's, 0: there is none */
  readonly next: number
  /** a veto of the ruleset holds for the best */
  readonly vetoed: boolean
}

export const noEvidence: Evidence = { candidates: 0, score: 0, next: 0, vetoed: false }

/**
 * The one place where scores become a proposal: matching asks it about what it has scored, a rematch under another
 * threshold about what was recorded.
 */
export const propose = (evidence: Evidence, ruleset: Ruleset, threshold: number): Proposal => {
  if (evidence.candidates === 0) return ['unmatched', 'no_candidate']
  return ruleset.kind === 'tiers'
    ? proposeByTier(evidence, ruleset, threshold)
    : proposeByProbability(evidence, ruleset, threshold)
}

const proposeByTier = (
  { candidates, score }: Evidence,
  { reviewFloor }: Pick<TierRuleset, 'reviewFloor'>,
  threshold: number,
): Proposal => {
  if (candidates > 1) return score >= reviewFloor ? ['review', 'ambiguous'] : ['unmatched', 'below_floor']
  if (score >= threshold) return ['linked', 'match']
  return score >= reviewFloor ? ['review', 'below_threshold'] : ['unmatched', 'below_floor']
}

const proposeByProbability = (
  { score, next, vetoed }: Evidence,
  { reviewFloor, margin }: Pick<FellegiSunterRuleset, 'reviewFloor' | 'margin'>,
  threshold: number,
): Proposal => {
  // two that nothing tells apart halve the probability between them: one of them is likely the person
  if (score < reviewFloor) {
    return score + next >= reviewFloor ? ['review', 'ambiguous'] : ['unmatched', 'below_floor']
  }
  if (vetoed) return ['review', 'veto']
  if (score < threshold) return ['review', 'below_threshold']
  return score - next < margin ? ['review', 'ambiguous'] : ['linked', 'match']
}

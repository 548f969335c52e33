import type { FellegiSunterRuleset } from '../ruleset.js'
import type { proposalReasons, proposals } from '../scored-chunk.js'
import { allFields } from './levels.js'

export type Proposal = readonly [outcome: (typeof proposals)[number], reason: (typeof proposalReasons)[number]]

/** What comes of a best candidate with `score`, where the second has `next`. */
export const propose = (
  score: number,
  next: number,
  veto: 'vetoed' | 'free',
  { reviewFloor, margin }: FellegiSunterRuleset,
  threshold: number,
): Proposal => {
  // two that nothing tells apart halve the probability between them: one of them is likely the person
  if (score < reviewFloor) return score + next >= reviewFloor ? ['review', 'ambiguous'] : ['unmatched', 'below_floor']
  if (veto === 'vetoed') return ['review', 'veto']
  if (score < threshold) return ['review', 'below_threshold']
  return score - next < margin ? ['review', 'ambiguous'] : ['linked', 'match']
}

/** What weights can't say. */
export const isVetoed = (levels: Uint8Array, { vetoes, weights }: FellegiSunterRuleset): boolean => {
  const fields = allFields(weights.extras)
  return vetoes.some((veto) =>
    Object.entries(veto).every(([name, level]) => {
      const f = fields.findIndex((field) => field.name === name)
      return fields[f]!.levels[levels[f]!] === level
    }),
  )
}

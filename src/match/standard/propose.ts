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

/** A veto as places of fields and levels, all of which must be reached. */
export type Veto = readonly (readonly [field: number, level: number])[]

export const vetoesOf = ({ vetoes, weights }: FellegiSunterRuleset): readonly Veto[] => {
  const fields = allFields(weights.extras)
  return vetoes.map((veto) =>
    Object.entries(veto).map(([name, level]): readonly [number, number] => {
      const f = fields.findIndex((field) => field.name === name)
      return [f, fields[f]!.levels.indexOf(level)]
    }),
  )
}

/** What weights can't say. */
export const isVetoed = (levels: Uint8Array, ruleset: FellegiSunterRuleset): boolean =>
  vetoesOf(ruleset).some((veto) => veto.every(([f, level]) => levels[f] === level))

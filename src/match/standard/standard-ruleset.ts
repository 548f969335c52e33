import type { FellegiSunterRuleset } from '../ruleset.js'
import { standardWeights } from './standard-weights.js'
import type { Weights } from './weights.js'

/** The ruleset `standard`, under the weights that it ships with or others. */
export const standardRuleset = (name: string, weights: Weights, learntOn: string): FellegiSunterRuleset => ({
  name,
  kind: 'fellegi_sunter',
  version: 1,
  reviewFloor: 0.5,
  margin: 0.1,
  listed: 5,
  vetoes: [{ suffix: 'different' }],
  learntOn,
  weights: weights as FellegiSunterRuleset['weights'],
})

export const shippedStandard = standardRuleset(
  'standard',
  standardWeights,
  'a generated Florida, 1,000,000 voters × 100,000 contacts, seed 7',
)

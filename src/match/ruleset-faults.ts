import { type Either, isRight, left } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { failing, failingPaths } from '../../events/encode.js'
import { FellegiSunterRuleset, type Ruleset, TierRuleset } from './ruleset.js'
import { weightFaults } from './standard/weight-faults.js'
import { tierFaults } from './tier-faults.js'

const OfAKind = t.type({ kind: t.keyof({ tiers: null, fellegi_sunter: null }) })

/**
 * The one check of a ruleset, wherever it comes from, a file, the store or learning: of the right shape, and of sense.
 * Left: every failing path with its value.
 */
export const checkedRuleset = (value: unknown): Either<string, Ruleset> => {
  const ofAKind = OfAKind.decode(value)
  if (ofAKind._tag === 'Left') return left(failingPaths(ofAKind.left))
  const { kind } = ofAKind.right
  const codec = kind === 'tiers' ? TierRuleset : FellegiSunterRuleset
  const decoded: t.Validation<Ruleset> = codec.decode(value)
  const faults = [
    ...(isRight(decoded) ? [] : [failingPaths(decoded.left)]),
    ...Object.entries(ofAKind.right)
      .filter(([name]) => !Object.hasOwn(codec.props, name))
      .map(([name, part]) => failing(name, part, 'no part of a ruleset')),
    ...(kind === 'tiers' ? tierFaults(value) : weightFaults(value)),
  ]
  return isRight(decoded) && faults.length === 0 ? decoded : left(faults.join('; '))
}

import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { PreparedContact } from '../prepared.js'
import type { Ruleset } from '../ruleset.js'
import { checkedRuleset } from '../ruleset-faults.js'
import type { VoterIndex } from '../voter-index.js'
import { learnWeights, type Tell } from './learn-weights.js'
import { standardRuleset } from './standard-ruleset.js'

export interface LearntRuleset {
  readonly ruleset: Ruleset
  /** what the user should know of how it was learnt, in sentences */
  readonly notes: readonly string[]
  readonly contacts: number
  readonly pairs: number
  readonly rounds: number
}

/** `standard` with weights learnt from a register and contacts. Left: why nothing was learnt, in a sentence. */
export const learnRuleset = async (
  { name, learntOn }: { readonly name: string; readonly learntOn: string },
  index: VoterIndex,
  contacts: readonly PreparedContact[],
  tell: Tell,
): Promise<Either<string, LearntRuleset>> => {
  const learnt = await learnWeights(index, contacts, Object.keys(index.extras).sort(), tell)
  if (isLeft(learnt)) return learnt
  const { weights, pooled, ...how } = learnt.right
  const checked = checkedRuleset(standardRuleset(name, weights, learntOn))
  if (isLeft(checked)) return left(`what was learnt makes no ruleset: ${checked.left}`)
  const notes = pooled.map((levels) => `weights that ran backwards were made equal: ${levels}`)
  return right({ ruleset: checked.right, notes, ...how })
}

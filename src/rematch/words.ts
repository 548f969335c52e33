import type { Decision } from '../../events/matchbook.js'
import type { Ruleset } from '../match/ruleset.js'
import type { Before, ChangeKind } from './plan.js'

interface Under {
  readonly ruleset: Ruleset
  readonly threshold: number
}

type Standing = Pick<Before, 'outcome' | 'reason' | 'state' | 'svid' | 'score' | 'duplicateOf'>
type Voter = Pick<Standing, 'state' | 'svid'>

const voterText = ({ state, svid }: Voter): string => `${state}:${svid}`

const sameVoter = (a: Voter, b: Voter): boolean => a.state === b.state && a.svid === b.svid

/** What becomes of a person, by where it ends. */
export const kindOf = (before: Standing | null, after: Standing): ChangeKind => {
  if (after.outcome === 'linked') {
    if (before?.outcome !== 'linked') return 'newlyLinked'
    return sameVoter(before, after) ? 'evidence' : 'moved'
  }
  if (before?.outcome === after.outcome) return 'evidence'
  if (after.outcome === 'review') return 'toReview'
  return after.outcome === 'duplicate' ? 'toDuplicate' : 'toUnmatched'
}

const stood = (before: Standing): string => {
  const score = before.score === undefined ? '' : ` (${before.score})`
  if (before.outcome === 'linked') return `was linked to ${voterText(before)}${score}`
  if (before.outcome === 'duplicate') return `was a duplicate of ${before.duplicateOf} at ${voterText(before)}`
  const reason = before.reason.replaceAll('_', ' ')
  return `was ${before.outcome === 'review' ? 'in review' : 'unmatched'}: ${reason}${score}`
}

/** Why the rules conclude a decision, in words and numbers. */
export const decisionWords = (decision: Decision, { ruleset, threshold }: Under): string => {
  const [best, second] = decision.candidates
  const score = best?.score ?? 0
  const lead = second === undefined ? '' : ` and leads the second, ${second.score}`
  switch (decision.reason) {
    case 'match':
      return `${voterText(decision)} at ${score} reaches the threshold ${threshold}${lead}`
    case 'voter_taken':
      return `person ${decision.duplicateOf} keeps ${voterText(decision)}`
    case 'below_threshold':
      return `${voterText(decision)} at ${score} is below the threshold ${threshold}`
    case 'ambiguous':
      return ruleset.kind === 'tiers'
        ? `${decision.candidateCount ?? decision.candidates.length} voters fit equally well at ${score}`
        : `the best, ${score}, and the second, ${second?.score ?? 0}, are too close to tell apart`
    case 'veto':
      return `a veto of the ruleset holds against ${voterText(decision)} at ${score}`
    case 'no_candidate':
      return 'no voter comes near'
    case 'below_floor':
      return `the best, ${score}, is below the floor of review ${ruleset.reviewFloor}`
    default:
      return decision.reason.replaceAll('_', ' ')
  }
}

/** Why a person's decision changes. */
export const changeWords = (before: Standing | null, after: Decision, under: Under): string => {
  const now = decisionWords(after, under)
  if (before === null) return `was not decided yet; now ${now}`
  const gone =
    before.svid !== undefined && !after.candidates.some((one) => sameVoter(before, one))
      ? `; ${voterText(before)} is no candidate any more`
      : ''
  return `${stood(before)}${gone}; now ${now}`
}

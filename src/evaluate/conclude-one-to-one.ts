import { type Assigned, assign } from '../match/assign.js'
import type { FellegiSunterRuleset, Ruleset } from '../match/ruleset.js'
import { proposalReasons, proposals } from '../match/scored-chunk.js'
import type { ListedCandidates, ScoredContacts } from '../match/scored-contacts.js'
import { type Proposal, propose } from '../match/standard/propose.js'
import type { Conclusions } from './concluded.js'

/**
 * Each voter keeps one contact at most. Contacts reach the voters that they are assigned; the rules look at each contact's
 * likeliest voter, given what the other contacts say, and link it where it is the one assigned.
 */
export const concludeOneToOne = (
  matched: ScoredContacts,
  candidates: ListedCandidates,
  voters: number,
  ruleset: Ruleset,
  threshold: number,
): Conclusions => {
  const assigned = assign(candidates, ruleset.kind === 'tiers' ? 'fixed' : { voters })
  const { given, score, greedy } = assigned
  const rowAt = (at: number): number => (at < 0 ? -1 : candidates.row[at]!)
  const likeliest = likeliestOf(candidates, assigned)
  const held = new Set(Array.from(given, rowAt))
  const outcome = matched.outcome.slice()
  const reason = matched.reason.slice()
  const conclude = (i: number, [proposal, why]: Proposal): void => {
    outcome[i] = proposals.indexOf(proposal)
    reason[i] = proposalReasons.indexOf(why)
  }
  likeliest.forEach((at, i) => {
    if (at < 0) return
    if (ruleset.kind === 'fellegi_sunter' && isRescored(candidates, score, i)) {
      conclude(i, proposalFor(candidates, score, i, at, ruleset, threshold))
    }
    // nobody keeps the voter, yet another is the better choice for all together: a human must say
    if (isLink(outcome[i]!) && given[i] !== at && !held.has(rowAt(at))) conclude(i, ['review', 'ambiguous'])
  })
  const scoreAt = (at: number): number => (at < 0 ? 0 : score[at]!)
  return {
    scored: {
      ...{ ...matched, outcome, reason },
      best: likeliest.map(rowAt),
      score: Float64Array.from(likeliest, scoreAt),
      matchType: matched.matchType.map((one, i) => (likeliest[i]! < 0 ? one : candidates.matchType[likeliest[i]!]!)),
    },
    concluded: {
      reached: { voters: given.map(rowAt), score: Float64Array.from(given, scoreAt) },
      linked: given.map((at, i) => (isLink(outcome[i]!) && at === likeliest[i] ? rowAt(at) : -1)),
    },
    greedy,
  }
}

const isLink = (outcome: number): boolean => proposals[outcome] === 'linked'

/** Each contact's candidate with the highest score; of several the one that it is given, else the first. */
const likeliestOf = ({ starts }: ListedCandidates, { given, score }: Assigned): Int32Array =>
  given.map((mine, i) => {
    let best = mine >= 0 ? mine : starts[i]! < starts[i + 1]! ? starts[i]! : -1
    for (let at = starts[i]!; at < starts[i + 1]!; at++) if (score[at]! > score[best]!) best = at
    return best
  })

const isRescored = (candidates: ListedCandidates, score: Float64Array, i: number): boolean => {
  for (let at = candidates.starts[i]!; at < candidates.starts[i + 1]!; at++) {
    if (score[at] !== candidates.score[at]) return true
  }
  return false
}

const proposalFor = (
  { starts, isVetoed }: ListedCandidates,
  score: Float64Array,
  i: number,
  best: number,
  ruleset: FellegiSunterRuleset,
  threshold: number,
): Proposal => {
  let next = 0
  for (let at = starts[i]!; at < starts[i + 1]!; at++) if (at !== best) next = Math.max(next, score[at]!)
  return propose(score[best]!, next, isVetoed[best] === 1 ? 'vetoed' : 'free', ruleset, threshold)
}

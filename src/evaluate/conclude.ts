import type { Outcome, Reason } from '../../events/matchbook.js'
import type { Ruleset } from '../match/ruleset.js'
import { proposalReasons, proposals } from '../match/scored-chunk.js'
import type { ScoredContacts } from '../match/scored-contacts.js'
import { concludeOneToOne } from './conclude-one-to-one.js'
import type { Concluded, Conclusions } from './concluded.js'

/** Each contact has its best voter; where the candidates were kept, each voter has one contact at most. */
export const conclude = (matched: ScoredContacts, voters: number, ruleset: Ruleset, threshold: number): Conclusions => {
  const { candidates } = matched
  if (candidates !== undefined) return concludeOneToOne(matched, candidates, voters, ruleset, threshold)
  const { best, score, outcome } = matched
  const linked = best.map((row, i) => (proposals[outcome[i]!] === 'linked' ? row : -1))
  return { scored: matched, concluded: { reached: { voters: best, score }, linked }, greedy: 0 }
}

/** How a contact ends: one whose voter another contact keeps is a duplicate. */
export const outcomeOf = (
  { outcome, reason }: ScoredContacts,
  { linked }: Concluded,
  i: number,
): { readonly outcome: Outcome; readonly reason: Reason } => {
  const proposed = proposals[outcome[i]!]!
  return proposed === 'linked' && linked[i]! < 0
    ? { outcome: 'duplicate', reason: 'voter_taken' }
    : { outcome: proposed, reason: proposalReasons[reason[i]!]! }
}

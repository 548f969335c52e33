import type { Outcome, Reason } from '../../events/matchbook.js'
import { proposalReasons, proposals } from '../match/scored-chunk.js'
import type { ScoredContacts } from '../match/scored-contacts.js'
import { shareOut } from './share-out.js'

/** What is measured: which voter each contact reaches, and which it is linked to by the rules. */
export interface Concluded {
  /** row per contact, −1: none; thresholds choose among these */
  readonly reached: Int32Array
  readonly linked: Int32Array
}

/** A voter that keeps one contact does so twice: of all that reach it, and of those that the rules would link. */
export const conclude = (scored: ScoredContacts, voterKeeps: 'every contact' | 'one contact'): Concluded => {
  const { best, score, outcome } = scored
  const proposed = best.map((row, i) => (proposals[outcome[i]!] === 'linked' ? row : -1))
  return voterKeeps === 'every contact'
    ? { reached: best, linked: proposed }
    : { reached: shareOut(best, score), linked: shareOut(proposed, score) }
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

import type { ScoredContacts } from '../match/scored-contacts.js'
import type { Linking } from './measure-links.js'

/** What is measured: which voter each contact reaches, and which it is linked to by the rules. */
export interface Concluded {
  /** thresholds choose among these */
  readonly reached: Linking
  /** row per contact, −1: none */
  readonly linked: Int32Array
}

export interface Conclusions {
  /** each contact's likeliest voter; one to one, given what the other contacts say */
  readonly scored: ScoredContacts
  readonly concluded: Concluded
  /** contacts that were too many for an exact assignment */
  readonly greedy: number
}

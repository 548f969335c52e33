import type { PackedContacts } from '../match/packed-contacts.js'
import type { Ruleset } from '../match/ruleset.js'
import type { ScoredContacts } from '../match/scored-contacts.js'
import type { VoterIndex } from '../match/voter-index.js'
import type { MatchRules } from '../runs/match-job.js'
import type { BegunMatching } from '../runs/match-pool.js'
import type { LoadedIndex } from '../voters/load-index.js'

export type VoterKeeps = 'every contact' | 'one contact'

/** Told how far work has come; may throw to end it. */
export type Tell = (done: number, total: number) => void

export interface MatchOptions {
  /** from this score on a contact is linked */
  readonly threshold: number
  /** whether all listed candidates are kept, to be assigned one to one */
  readonly voterKeeps: VoterKeeps
  readonly threads?: number
  /** what `begin` answered: its threads match, however many `threads` says */
  readonly begun?: BegunMatching
  readonly onProgress: Tell
}

export interface Training {
  readonly ruleset: Ruleset
  /** what the user should know of how it was learnt, or why it was not, in sentences */
  readonly notes: readonly string[]
}

/** What is evaluated: matching of a whole list in memory. */
export interface Engine {
  /** Learns weights from a register and a list, without labels; answers the rules with them, or `standard` as it was. */
  readonly train: (index: VoterIndex, contacts: PackedContacts, onProgress: Tell) => Promise<Training>
  /** Begins to match about so many contacts; undefined: they are too few for threads, or there is one only. */
  readonly begin: (
    loaded: LoadedIndex,
    contacts: number,
    rules: MatchRules,
    threads?: number,
  ) => BegunMatching | undefined
  readonly match: (
    loaded: LoadedIndex,
    contacts: PackedContacts,
    ruleset: Ruleset,
    options: MatchOptions,
  ) => Promise<ScoredContacts>
}

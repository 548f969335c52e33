import type { VoterFileRef } from '../../events/matchbook.js'
import type { VoterIndex } from '../match/voter-index.js'
import type { MatchRules } from './match-job.js'

/** A voter file's index, as views for this thread and as the memory that workers share. */
export interface LoadedIndex {
  readonly index: VoterIndex
  readonly shared: SharedArrayBuffer
}

/** The rules in force for a tenant: the ruleset with its hash, the threshold, and the voter files asked. */
export interface RulesInForce extends MatchRules {
  readonly rulesetHash: string
  readonly voterFiles: readonly VoterFileRef[]
  readonly indexes: readonly LoadedIndex[]
}

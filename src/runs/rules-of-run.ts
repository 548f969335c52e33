import type { VoterFileRef } from '../../events/matchbook.js'
import type { LoadedIndex } from '../voters/load-index.js'
import type { MatchRules } from './match-job.js'

/** The rules in force for a tenant: the ruleset with its hash, the threshold, and the voter files asked. */
export interface RulesInForce extends MatchRules {
  readonly rulesetHash: string
  readonly voterFiles: readonly VoterFileRef[]
  readonly indexes: readonly LoadedIndex[]
}

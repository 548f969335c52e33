import type { Meta } from '../../events/catalogue.js'
import type { VoterFileRef } from '../../events/matchbook.js'
import type { VoterIndex } from '../match/voter-index.js'
import type { Database } from '../postgres/connect.js'
import type { EventStore } from '../store/event-store.js'
import type { Recorder } from '../store/record-events.js'
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

export interface RunDeps {
  readonly db: Database
  readonly store: EventStore
  readonly recorder: Recorder
  readonly catchUp: () => Promise<unknown>
  readonly tenant: string
  readonly meta: (correlationId: string) => Meta
  readonly streamRoot: (stream: string) => Promise<{ readonly size: number; readonly root: string }>
}

import type { EventOf } from '../../events/catalogue.js'
import type { Workplace } from '../workplace.js'
import type { OpenMatcher } from './match-pool.js'
import type { RulesInForce } from './rules-of-run.js'
import type { RunOutcomes } from './run-outcomes.js'

export type RunKind = EventOf<'RunStarted'>['data']['kind']

export interface RunOptions {
  readonly kind: RunKind
  readonly threads?: number
  /** who matches; this process unless given */
  readonly openMatcher?: OpenMatcher
  readonly signal?: AbortSignal
  readonly onProgress?: (scored: number, persons: number) => void
}

/** A run under way: what it rests on, and how far it has come. */
export interface Run {
  readonly deps: Workplace
  readonly rules: RulesInForce
  readonly options: RunOptions
  readonly runId: string
  readonly stream: string
  readonly outcomes: RunOutcomes
  /** the ledger's last event that the run knows of */
  revision: number
  /** decisions that differed and were recorded */
  recorded: number
  /** persons that were left alone, as a human has given his word on them */
  readonly pinned: Set<string>
}

import type { Meta } from '../../events/catalogue.js'
import type { KeptHead } from '../audit/kept-heads.js'
import type { Config } from '../config.js'
import type { Engine } from '../evaluate/engine.js'
import type { LoadIndex } from '../rules/rules-in-force.js'
import type { OpenMatcher } from '../runs/match-pool.js'
import type { EventStore } from '../store/event-store.js'
import type { Workplace } from '../workplace.js'
import type { Output } from './output.js'

/** What every command has: where it works and how it speaks. */
export interface Shell {
  readonly config: Config
  readonly output: Output
  readonly signal: AbortSignal
}

/** A shell with servers behind it: database, event store, projections. */
export interface Context extends Shell, Workplace {
  readonly loadIndex: LoadIndex
  /** Who matches: the workers of Kafka when they are asked for, by `--workers` or the environment, else this process. */
  readonly openMatcher: (workers?: boolean) => OpenMatcher
  readonly metaOf: (actor: string, correlationId: string) => Meta
  /** Signs the tenant's history as it stands, and keeps that head in the data folder. Throws CHECK_FAILED, see makeHead. */
  readonly signedHead: () => Promise<KeptHead>
  /** Holds the tenant for one writer of lists and runs; waits, with a note, for another that has it. */
  readonly withTenant: <A>(work: () => Promise<A>) => Promise<A>
}

/** Opens servers for one command and closes them after it, also when it fails. */
export type WithContext = <A>(work: (context: Context) => Promise<A>) => Promise<A>

/** Opens the store at a URL, or the data folder's own (`embedded`), and closes it after the work. Throws BAD_USAGE. */
export type WithStoreAt = <A>(url: string, flag: string, work: (store: EventStore) => Promise<A>) => Promise<A>

export interface Commands {
  readonly shell: () => Shell
  readonly withStoreAt: WithStoreAt
  readonly withContext: WithContext
  /** what `evaluate` measures */
  readonly engine: Engine
}

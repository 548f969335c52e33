import type { Meta } from '../events/catalogue.js'
import type { Database } from './postgres/connect.js'
import type { EventStore } from './store/event-store.js'
import type { Recorder } from './store/record-events.js'

/** What work for one tenant needs: its tables, its events, a way to record more, the clock and the actor (in `meta`). */
export interface Workplace {
  readonly db: Database
  readonly store: EventStore
  readonly recorder: Recorder
  /** Brings the projections up to the store's end. */
  readonly catchUp: () => Promise<unknown>
  readonly tenant: string
  readonly meta: (correlationId: string) => Meta
  /** Size and Merkle root (hex) of a stream as it stands. */
  readonly streamRoot: (stream: string) => Promise<{ readonly size: number; readonly root: string }>
}

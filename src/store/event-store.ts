import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { EncodedEvent } from '../../events/encode.js'
import type { AppError } from '../errors.js'

/** An event in its place: `position` in the whole store, `revision` in its stream, both from 0, both growing. */
export interface StoredEvent extends EncodedEvent {
  readonly position: number
  readonly stream: string
  readonly revision: number
}

/** The revision of the stream's last event that the writer has seen; −1: the stream is empty; 'any': don't check. */
export type ExpectedRevision = number | 'any'

export interface Appended {
  /** revision of the last event of this append */
  readonly revision: number
  /** position of the last event of this append */
  readonly position: number
  /** false when the very same ids already stood at this place: a retry after a lost answer */
  readonly written: boolean
}

export interface ReadOptions {
  /** first position (readAll) or revision (readStream) wanted; 0 unless given */
  readonly from?: number
  /** last position or revision wanted; the end as it stands at the start of the read unless given */
  readonly to?: number
  /** events a batch at most; 5,000 unless given */
  readonly batchSize?: number
}

export interface FollowOptions extends ReadOptions {
  readonly signal: AbortSignal
}

/**
 * Where events live. Appends are atomic and idempotent on event ids: appending the same ids again in the same order
 * answers as the first time and writes nothing. Reads never skip an event that commits late at a lower position.
 * Failures: WRONG_REVISION (with `expected` and `actual`), EVENT_ID_REUSED (some ids stand elsewhere),
 * SERVER_UNREACHABLE, DISK_FULL. Reads throw the same AppErrors from the iterator.
 */
export interface EventStore {
  readonly append: (
    stream: string,
    events: readonly EncodedEvent[],
    expected: ExpectedRevision,
  ) => TaskEither<AppError, Appended>
  /** Batches in revision order; nothing for a stream that has no events. Pulled: the next batch is read when asked for. */
  readonly readStream: (stream: string, options?: ReadOptions) => AsyncIterable<readonly StoredEvent[]>
  /** Batches over all streams in position order. */
  readonly readAll: (options?: ReadOptions) => AsyncIterable<readonly StoredEvent[]>
  /** As readAll, then waits for more until the signal aborts. */
  readonly follow: (options: FollowOptions) => AsyncIterable<readonly StoredEvent[]>
  /** Revision of the stream's last event, −1 when it has none. */
  readonly revision: (stream: string) => TaskEither<AppError, number>
  /** Position of the newest readable event, −1 in an empty store. */
  readonly head: () => TaskEither<AppError, number>
  readonly close: () => Promise<void>
}

import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { EncodedEvent } from '../../events/encode.js'
import type { AppError } from '../errors.js'

/**
 * An event in its place: `revision` in its stream, from 0 without gaps; `position` in the whole store, from 0, growing,
 * without gaps where the store says so.
 */
export interface StoredEvent extends EncodedEvent {
  readonly position: number
  readonly stream: string
  readonly revision: number
}

/** A leaf of a stream's Merkle log. */
export interface HashedRevision {
  readonly revision: number
  readonly sha256: Buffer
}

/** The store as it stood at one moment: its last event, and every stream with its number of events, by name. */
export interface StoreSizes {
  /** −1: an empty store */
  readonly position: number
  readonly streams: readonly { readonly stream: string; readonly size: number }[]
}

/** The revision of the stream's last event that the writer has seen; −1: the stream is empty; 'any': don't check. */
export type ExpectedRevision = number | 'any'

export interface Appended {
  /** revision of the last event of this append; for an append of no events, of the stream's last event */
  readonly revision: number
  /** position of that same event, −1 when the stream has none */
  readonly position: number
  /** false when the very same ids already stood at this place: a retry after a lost answer; undefined: the store can't tell */
  readonly written: boolean | undefined
}

export interface ReadOptions {
  /** first position (readAll) or revision (readStream) wanted; 0 unless given */
  readonly from?: number
  /** last position or revision wanted; the end as it stands at the start of the read unless given */
  readonly to?: number
  /** events a batch at most; 1,000 unless given */
  readonly batchSize?: number
}

export interface ReadAllOptions extends ReadOptions {
  /** events of these types are left out; a batch may be left out with them */
  readonly without?: readonly string[]
}

export interface FollowOptions extends ReadOptions {
  readonly signal: AbortSignal
}

/**
 * Batches of 1,000 events of 1 KB are mostly garbage before the collector copies them: 2 µs of processor time an event,
 * against 3.4 in batches of 5,000. Ask for more where one transaction a batch costs more than that.
 */
export const defaultBatchSize = 1_000

/** Bodies of a batch together, in bytes, at most; a single event that is larger comes as a batch of its own. */
export const maxBatchBytes = 16 * 1024 * 1024

/**
 * Where events live. Appends are idempotent on event ids: appending the same ids again in the same order answers as the
 * first time and writes nothing. An append of no events writes nothing, checks nothing and answers where the stream
 * ends. Reads never skip an event that commits late at a lower position.
 * Appends are atomic, but for EventStoreDB's of more than 1 MB, which are written in steps: readers may meet its first
 * events before the last are there, and one that fails or is killed may leave them. Whoever writes goes on from the
 * stream's end, or appends the same again.
 * Failures: WRONG_REVISION (with `expected` and `actual`), EVENT_ID_REUSED (some ids stand elsewhere; names one; not
 * found out by EventStoreDB), BAD_VALUE (more than the server takes), SERVER_UNREACHABLE, DISK_FULL. Reads throw the
 * same AppErrors from the iterator.
 */
export interface EventStore {
  /**
   * True: positions count events, each is one above that of the event before. False: they only grow, and where an event
   * went is known from the store's answer or by reading it back.
   */
  readonly gapless: boolean
  /** where another thread can open the same store; undefined: in this process's memory alone */
  readonly url: string | undefined
  readonly append: (
    stream: string,
    events: readonly EncodedEvent[],
    expected: ExpectedRevision,
  ) => TaskEither<AppError, Appended>
  /** Batches in revision order; nothing for a stream that has no events. Pulled: one batch is read ahead at most. */
  readonly readStream: (stream: string, options?: ReadOptions) => AsyncIterable<readonly StoredEvent[]>
  /** As readStream, but hashes alone: what a Merkle root needs, without the bodies. */
  readonly readHashes: (stream: string, options?: ReadOptions) => AsyncIterable<readonly HashedRevision[]>
  /** Batches over all streams in position order. */
  readonly readAll: (options?: ReadAllOptions) => AsyncIterable<readonly StoredEvent[]>
  /** The events at these positions, in the order asked for; a position that holds no event is left out. */
  readonly readEvents: (positions: readonly number[]) => TaskEither<AppError, readonly StoredEvent[]>
  /**
   * As readAll, then waits for more until the signal aborts, or until `to` is reached when it is given. An unreachable
   * server is waited for, not reported: nothing is lost or doubled over its restart.
   */
  readonly follow: (options: FollowOptions) => AsyncIterable<readonly StoredEvent[]>
  /** Revision of the stream's last event, −1 when it has none. */
  readonly revision: (stream: string) => TaskEither<AppError, number>
  /** Position of the newest readable event, −1 in an empty store. */
  readonly head: () => TaskEither<AppError, number>
  readonly sizes: () => TaskEither<AppError, StoreSizes>
  /** Ends every follower. A database that was handed to the store stays open. */
  readonly close: () => Promise<void>
}

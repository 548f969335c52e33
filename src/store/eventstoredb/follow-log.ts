import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js'
import { isAppError } from '../../errors.js'
import { defaultBatchSize, type FollowOptions, maxBatchBytes, type StoredEvent } from '../event-store.js'
import { backOff, pause } from '../pause.js'
import type { Connection } from './connection.js'
import { isForeignAt, messagesOf, placeBelow } from './log.js'
import { type LogPlace, ourLogAfter } from './read-requests.js'
import { placeOf, recordedIn, storedEvent } from './stored-event.js'

/** How far a follower has come. Both only move forward. */
interface Progress {
  /** the next position wanted */
  next: number
  /** a place that everything of ours up to it was handed on from; undefined until one is known */
  place: LogPlace | undefined
  /** how far the server has looked without finding anything of ours; −1: not said yet */
  checkpoint: number
}

/**
 * Where to subscribe again. A checkpoint spares what is not ours from being looked through once more, but some servers
 * say one that lies beyond their last event and give its position to the next: it counts only when an event of others
 * stands there.
 */
const resumeFrom = async (connection: Connection, progress: Progress): Promise<LogPlace> => {
  const { place, checkpoint, next } = progress
  if (checkpoint >= next && (await isForeignAt(connection, checkpoint))) return checkpoint
  return place ?? placeBelow(connection, next)
}

/** A message's event, if one is wanted; takes in what the message says of the way. */
const take = (message: ReadResp, progress: Progress): StoredEvent | undefined => {
  const checkpoint = message.getCheckpoint()
  if (checkpoint !== undefined) {
    progress.checkpoint = Math.max(progress.checkpoint, placeOf(checkpoint.getCommitPosition()) ?? -1)
  }
  const recorded = recordedIn(message)
  if (recorded === undefined) return undefined
  const event = storedEvent(recorded)
  return event.position < progress.next ? undefined : event
}

/**
 * A catch-up subscription to our streams, pulled: the server waits while the caller works. A lost connection, or a
 * subscription that the server ends, is taken up again with back-off behind the last event that was handed on, so
 * nothing is lost or doubled.
 */
export async function* followLog(
  connection: Connection,
  { from = 0, to = Number.POSITIVE_INFINITY, batchSize = defaultBatchSize, signal }: FollowOptions,
): AsyncGenerator<readonly StoredEvent[], void, undefined> {
  const progress: Progress = { next: from, place: from <= 0 ? 'start' : undefined, checkpoint: -1 }
  let failures = 0
  const isOver = (): boolean => signal.aborted || progress.next > to
  while (!isOver()) {
    try {
      const place = await resumeFrom(connection, progress)
      for await (const messages of messagesOf(connection, ourLogAfter(place), signal)) {
        failures = 0
        let batch: StoredEvent[] = []
        let bytes = 0
        for (const message of messages) {
          const event = take(message, progress)
          if (event === undefined || event.position > to) {
            if (event !== undefined) progress.next = event.position
            continue
          }
          const size = event.body.length
          if (batch.length === batchSize || (batch.length > 0 && bytes + size > maxBatchBytes)) {
            yield batch
            if (isOver()) return
            batch = []
            bytes = 0
          }
          batch.push(event)
          bytes += size
          progress.next = event.position + 1
          progress.place = event.position
        }
        if (signal.aborted) return
        if (batch.length > 0) yield batch
        if (isOver()) return
      }
      // the server ended it, without a reason
      failures++
    } catch (error) {
      if (signal.aborted) return
      if (!isAppError(error) || error.code !== 'SERVER_UNREACHABLE') throw error
      failures++
    }
    if (!isOver()) await pause(backOff(failures), signal)
  }
}

import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js'
import { isOurs } from '../../../events/streams.js'
import { appError, shown } from '../../errors.js'
import type { StoredEvent } from '../event-store.js'
import type { Connection } from './connection.js'
import { readMessages } from './read-messages.js'
import { type LogPlace, logEventAt, logEventBefore, ourLogEnd, streamEnd } from './read-requests.js'
import { positionOf, recordedIn, storedEvent, streamOf } from './stored-event.js'
import { translateError } from './translate-error.js'

type Recorded = NonNullable<ReturnType<typeof recordedIn>>

/** Runs what talks to the server; throws AppErrors for what it may well say, anything else as it is. */
export const translated = async <A>({ place }: Connection, work: () => Promise<A>): Promise<A> => {
  try {
    return await work()
  } catch (error) {
    throw translateError(error, place) ?? error
  }
}

/** As readMessages, with the AppErrors of the catalogue. */
export async function* messagesOf(
  connection: Connection,
  request: ReadReq,
  signal?: AbortSignal,
): AsyncGenerator<readonly ReadResp[], void, undefined> {
  try {
    yield* readMessages(connection, request, signal)
  } catch (error) {
    throw translateError(error, connection.place) ?? error
  }
}

const firstOf = async (connection: Connection, request: ReadReq): Promise<Recorded | undefined> => {
  for await (const messages of messagesOf(connection, request)) {
    for (const message of messages) {
      const recorded = recordedIn(message)
      if (recorded !== undefined) return recorded
    }
  }
  return undefined
}

/** The stream's last event. */
export const lastOf = async (connection: Connection, stream: string): Promise<StoredEvent | undefined> => {
  const recorded = await firstOf(connection, streamEnd(stream))
  return recorded === undefined ? undefined : storedEvent(recorded)
}

/** Position of our last event, −1: none. */
export const headOf = async (connection: Connection): Promise<number> => {
  const recorded = await firstOf(connection, ourLogEnd())
  return recorded === undefined ? -1 : positionOf(recorded)
}

/** How versions of the server refuse a position: as unknown, as an invalid argument, or as an error of their own. */
const refusals = [2, 3, 13]

const isRefusal = (error: unknown): boolean => refusals.includes((error as { code?: number }).code ?? -1)

/**
 * The event that stands at this very position, whoever's it is. A position where none begins is refused by the server,
 * or answered with nothing or with another event, by its version and by chance: it may only be asked for, never read from.
 */
const eventAt = async (connection: Connection, position: number): Promise<Recorded | undefined> => {
  try {
    const recorded = await firstOf(connection, logEventAt(position))
    return recorded !== undefined && positionOf(recorded) === position ? recorded : undefined
  } catch (error) {
    if (isRefusal(error)) return undefined
    throw error
  }
}

/** Our event at this position. */
export const ourEventAt = async (connection: Connection, position: number): Promise<StoredEvent | undefined> => {
  const recorded = await eventAt(connection, position)
  return recorded !== undefined && isOurs(streamOf(recorded)) ? storedEvent(recorded) : undefined
}

/** True when an event that isn't ours stands here. */
export const isForeignAt = async (connection: Connection, position: number): Promise<boolean> => {
  const recorded = await eventAt(connection, position)
  return recorded !== undefined && !isOurs(streamOf(recorded))
}

/** A place to read from, itself included, that no event from `from` on lies before. */
export const placeAtOrBelow = async (connection: Connection, from: number): Promise<LogPlace> => {
  // mostly the one behind an event that the caller has seen
  for (const place of [from - 1, from]) {
    if (place >= 0 && (await eventAt(connection, place)) !== undefined) return place
  }
  return 'start'
}

/** A place to subscribe behind, itself left out, that no event from `from` on lies at or before. */
export const placeBelow = async (connection: Connection, from: number): Promise<LogPlace> => {
  const place = await placeAtOrBelow(connection, from)
  if (place === 'start' || place < from) return place
  const before = await firstOf(connection, logEventBefore(place))
  return before === undefined ? 'start' : positionOf(before)
}

/** Throws BAD_VALUE for a stream that no reader of the log would meet. */
export const checkName = (stream: string): void => {
  if (!isOurs(stream)) {
    throw appError(
      'BAD_VALUE',
      `Stream ${shown(stream)} is none of the catalogue's: EventStoreDB is read by their names.`,
    )
  }
}

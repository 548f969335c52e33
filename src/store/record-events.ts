import type { DomainEvent } from '../../events/catalogue.js'
import { decodeEvent, type EncodedEvent, encodeEvent } from '../../events/encode.js'
import { appError, orThrow } from '../errors.js'
import type { Appended, EventStore, StoredEvent } from './event-store.js'

/** A stored event together with what it says, so that nobody has to parse it again. */
export interface RecordedEvent extends StoredEvent {
  readonly event: DomainEvent
}

/** An event that was just appended: only of the last of several is the position known in every store. */
export type AppendedEvent = Omit<RecordedEvent, 'position'>

/** Takes events that were just appended, in order, with the last one's position; the projector, when there is one. */
export type Offer = (events: readonly AppendedEvent[], position: number) => Promise<unknown>

type Append = (stream: string, events: readonly DomainEvent[], expected: number) => Promise<Appended>

export interface Recorder {
  /** Appends at an expected revision and waits until it is projected. Throws the store's AppErrors, and what projecting met. */
  readonly record: Append
  /**
   * As `record`, but the projections may be `mostAhead` appends behind: while these events are projected, the next are
   * made and appended. For long loops, which `settle` at their end; what projecting met is thrown by the next call.
   */
  readonly recordAhead: Append
  /** Waits until everything that was recorded is projected. Throws what projecting has met. */
  readonly settle: () => Promise<void>
}

/** Made by the thousand from what was decoded already: reading them back before each append would cost a fifth of an import. */
const derivedTypes: readonly string[] = ['ContactImported', 'ContactRejected', 'MatchDecided']

/** What can't be read again is not written: an event outside the catalogue would stop every replay for ever. */
const refuseUnreadable = ({ type, body }: EncodedEvent): void => {
  if (derivedTypes.includes(type)) return
  const read = decodeEvent(body)
  if (read._tag === 'Left') throw appError('BAD_VALUE', `this can't be recorded: ${read.left}`)
}

/** Appends that `recordAhead` may leave unprojected: one that the tables take in, one that is made ready for them. */
export const mostAhead = 2

/** A store whose appends are offered to the projections. */
export const createRecorder = (store: EventStore, offer: Offer): Recorder => {
  const projecting: Promise<unknown>[] = []
  const settle = async (most = 0): Promise<void> => {
    while (projecting.length > most) await projecting.shift()
  }
  const recordAhead: Append = async (stream, events, expected) => {
    const encoded = events.map(encodeEvent)
    encoded.forEach(refuseUnreadable)
    const appended = await orThrow(store.append(stream, encoded, expected))
    const firstRevision = appended.revision - events.length + 1
    const recorded = encoded.map(
      (one, i): AppendedEvent => ({
        id: one.id,
        type: one.type,
        body: one.body,
        sha256: one.sha256,
        recordedAt: one.recordedAt,
        stream,
        revision: firstRevision + i,
        event: events[i]!,
      }),
    )
    const turn = offer(recorded, appended.position)
    // met when it is waited for, not as an unhandled rejection meanwhile
    turn.catch(() => undefined)
    projecting.push(turn)
    await settle(mostAhead)
    return appended
  }
  return {
    settle: () => settle(),
    recordAhead,
    record: async (stream, events, expected) => {
      const appended = await recordAhead(stream, events, expected)
      await settle()
      return appended
    },
  }
}

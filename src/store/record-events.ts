import type { DomainEvent } from '../../events/catalogue.js'
import { encodeEvent } from '../../events/encode.js'
import { orThrow } from '../errors.js'
import type { Appended, EventStore, StoredEvent } from './event-store.js'

/** A stored event together with what it says, so that nobody has to parse it again. */
export interface RecordedEvent extends StoredEvent {
  readonly event: DomainEvent
}

/** Takes events that were just appended, in order; the projector, when there is one. */
export type Offer = (events: readonly RecordedEvent[]) => Promise<unknown>

export interface Recorder {
  /** Appends at an expected revision and brings the projections up to it. Throws the store's AppErrors. */
  readonly record: (stream: string, events: readonly DomainEvent[], expected: number) => Promise<Recorded>
}

export interface Recorded extends Appended {
  readonly sha256: readonly Buffer[]
}

/** A store whose appends are projected before they return. */
export const createRecorder = (store: EventStore, offer: Offer): Recorder => ({
  record: async (stream, events, expected) => {
    const encoded = events.map(encodeEvent)
    const appended = await orThrow(store.append(stream, encoded, expected))
    const firstRevision = appended.revision - events.length + 1
    const firstPosition = appended.position - events.length + 1
    await offer(
      encoded.map((one, i) => ({
        ...one,
        stream,
        revision: firstRevision + i,
        position: firstPosition + i,
        event: events[i]!,
      })),
    )
    return { ...appended, sha256: encoded.map(({ sha256 }) => sha256) }
  },
})

import type { DomainEvent, EventType } from '../events/catalogue.js'
import { versionOf } from '../events/catalogue.js'
import { decodeWithoutPii } from '../events/encode.js'
import { textParts } from '../events/text-parts.js'
import { decodeStored, orBadEvent } from '../src/store/decode-stored.js'
import type { EventStore, ReadAllOptions, StoredEvent } from '../src/store/event-store.js'
import { readAhead } from '../src/store/read-ahead.js'
import type { Placed } from './family.js'

/** How a stored event is read. */
type ReadStored = (stored: StoredEvent) => Placed

/** A stored event decoded, in its place. Throws BAD_EVENT. */
export const placed: ReadStored = (stored) => {
  const { position, stream, revision } = stored
  return { event: decodeStored(stored), position, stream, revision }
}

/** As `placed`, but events of `types` come without their `pii` where their text is of today's version: half of the time. */
export const headsOf =
  (types: ReadonlySet<string>): ReadStored =>
  (stored) => {
    const { position, stream, revision, body, type } = stored
    const parts = types.has(type) ? textParts(stored) : undefined
    if (parts === undefined || parts.v !== versionOf(type as EventType)) return placed(stored)
    const head = `${body.slice(0, parts.metaEnd)}${body.slice(parts.tail)}`
    return { event: orBadEvent(stored, decodeWithoutPii(head)) as DomainEvent, position, stream, revision }
  }

/** Decoded batches in position order, the next one read and decoded while the caller works on this one. Throws BAD_EVENT. */
export const readEvents = (
  store: EventStore,
  options: ReadAllOptions,
  read: ReadStored = placed,
): AsyncGenerator<readonly Placed[]> => readAhead(decodedBatches(store, options, read))

async function* decodedBatches(
  store: EventStore,
  options: ReadAllOptions,
  read: ReadStored,
): AsyncGenerator<readonly Placed[]> {
  for await (const batch of store.readAll(options)) {
    yield batch.map(read)
  }
}

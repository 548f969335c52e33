import { orThrow } from '../errors.js'
import { decodeStored } from '../store/decode-stored.js'
import type { EventStore } from '../store/event-store.js'

/**
 * The notes that humans gave with the verdicts at these positions, by position; a verdict without one is absent. They
 * name persons, so they stand in the events alone and in no table. Throws what the store says, and BAD_EVENT.
 */
export const verdictNotes = async (
  store: EventStore,
  positions: readonly number[],
): Promise<ReadonlyMap<number, string>> => {
  const notes = new Map<number, string>()
  for (const stored of await orThrow(store.readEvents(positions))) {
    const { pii } = decodeStored(stored)
    if (pii !== undefined && 'note' in pii && pii.note !== undefined) notes.set(stored.position, pii.note)
  }
  return notes
}

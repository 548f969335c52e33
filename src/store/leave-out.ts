import type { StoredEvent } from './event-store.js'

/** Batches without the events of some types, for a store that cannot leave them out itself. */
export async function* leaveOut(
  types: readonly string[] = [],
  batches: AsyncIterable<readonly StoredEvent[]>,
): AsyncGenerator<readonly StoredEvent[], void, undefined> {
  for await (const batch of batches) {
    const left = types.length === 0 ? batch : batch.filter(({ type }) => !types.includes(type))
    if (left.length > 0) yield left
  }
}

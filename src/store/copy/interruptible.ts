import { appError } from '../../errors.js'
import type { EventStore } from '../event-store.js'

async function* untilInterrupted<A>(batches: AsyncIterable<A>, signal: AbortSignal): AsyncGenerator<A> {
  for await (const batch of batches) {
    if (signal.aborted) throw appError('INTERRUPTED', 'interrupted while copying')
    yield batch
  }
}

/** The same store; its readings throw INTERRUPTED at the next batch once the signal has come. */
export const interruptible = (store: EventStore, signal: AbortSignal): EventStore => ({
  ...store,
  readAll: (options) => untilInterrupted(store.readAll(options), signal),
  readStream: (stream, options) => untilInterrupted(store.readStream(stream, options), signal),
  readHashes: (stream, options) => untilInterrupted(store.readHashes(stream, options), signal),
})

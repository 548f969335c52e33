import { isAppError } from '../errors.js'
import type { FollowOptions, ReadOptions, StoredEvent } from './event-store.js'
import { backOff, pause } from './pause.js'
import type { Wakeup } from './wakeup.js'

/** A follower that nobody wakes looks by itself this often, in milliseconds: a notification can be lost. */
const pollEvery = 1_000

/**
 * Reads to the end, sleeps until woken, reads on from where it stands. An unreachable server is tried again with
 * back-off; the next position wanted is kept here, so a restart neither loses nor doubles an event.
 */
export async function* followPages(
  readAll: (options: ReadOptions) => AsyncIterable<readonly StoredEvent[]>,
  wakeup: Wakeup,
  { signal, ...options }: FollowOptions,
): AsyncGenerator<readonly StoredEvent[], void, undefined> {
  let next = options.from ?? 0
  let failures = 0
  const isOver = () => signal.aborted || next > (options.to ?? Number.POSITIVE_INFINITY)
  while (!isOver()) {
    const seen = wakeup.count
    try {
      for await (const batch of readAll({ ...options, from: next })) {
        if (signal.aborted) return
        failures = 0
        next = batch[batch.length - 1]!.position + 1
        yield batch
        if (signal.aborted) return
      }
      failures = 0
    } catch (error) {
      if (!isAppError(error) || error.code !== 'SERVER_UNREACHABLE') throw error
      failures++
    }
    if (isOver()) return
    if (failures === 0) await wakeup.sleep(seen, signal, pollEvery)
    else await pause(backOff(failures), signal)
  }
}

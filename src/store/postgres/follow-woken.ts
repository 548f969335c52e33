import type { FollowOptions, ReadOptions, StoredEvent } from '../event-store.js'
import { followPages } from '../follow-pages.js'
import { Wakeup } from '../wakeup.js'
import { listen } from './listen.js'

/** Follows, woken by notifications over a connection of its own, that is closed when following ends, however it ends. */
export async function* followWoken(
  url: string,
  readAll: (options: ReadOptions) => AsyncIterable<readonly StoredEvent[]>,
  options: FollowOptions,
): AsyncGenerator<readonly StoredEvent[], void, undefined> {
  const wakeup = new Wakeup()
  const ended = new AbortController()
  const listening = listen(url, wakeup, AbortSignal.any([options.signal, ended.signal]))
  try {
    yield* followPages(readAll, wakeup, options)
  } finally {
    ended.abort()
    await listening
  }
}

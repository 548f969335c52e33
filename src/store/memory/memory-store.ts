import { setImmediate } from 'node:timers/promises'
import { type Either, right } from 'fp-ts/lib/Either.js'
import type { EncodedEvent } from '../../../events/encode.js'
import type { AppError } from '../../errors.js'
import type {
  Appended,
  EventStore,
  ExpectedRevision,
  ReadAllOptions,
  ReadOptions,
  StoredEvent,
} from '../event-store.js'
import { defaultBatchSize, maxBatchBytes } from '../event-store.js'
import { followPages } from '../follow-pages.js'
import { firstRepeated, judgeClash } from '../judge-clash.js'
import { leaveOut } from '../leave-out.js'
import { Wakeup } from '../wakeup.js'

/** The whole store in the process's memory: for tests and for a trial run that leaves nothing behind. */
export const memoryStore = (): EventStore => {
  const all: StoredEvent[] = []
  const streams = new Map<string, StoredEvent[]>()
  const byId = new Map<string, StoredEvent>()
  const wakeup = new Wakeup()
  const closing = new AbortController()

  const append = (
    stream: string,
    events: readonly EncodedEvent[],
    expected: ExpectedRevision,
  ): Either<AppError, Appended> => {
    const own = streams.get(stream) ?? []
    const actual = own.length - 1
    if (events.length === 0) {
      return right({ revision: actual, position: own[actual]?.position ?? -1, written: false })
    }
    const ids = events.map((event) => event.id)
    const places = new Map(ids.flatMap((id) => (byId.has(id) ? [[id, byId.get(id)!]] : [])))
    if ((expected !== 'any' && expected !== actual) || places.size > 0 || firstRepeated(ids) !== undefined) {
      return judgeClash({ stream, ids, expected, actual, places })
    }
    for (const event of events) {
      const stored = { ...event, position: all.length, stream, revision: own.length }
      all.push(stored)
      own.push(stored)
      byId.set(event.id, stored)
    }
    streams.set(stream, own)
    wakeup.wake()
    return right({ revision: own.length - 1, position: all.length - 1, written: true })
  }

  const readAll = (options: ReadAllOptions = {}) => leaveOut(options.without, batchesOf(all, options))
  return {
    gapless: true,
    url: undefined,
    append: (stream, events, expected) => async () => append(stream, events, expected),
    readStream: (stream, options) => batchesOf(streams.get(stream) ?? [], options),
    readHashes: (stream, options) => batchesOf(streams.get(stream) ?? [], options),
    readAll,
    readEvents: (positions) => async () => right(positions.flatMap((position) => all[position] ?? [])),
    follow: (options) => {
      const signal = AbortSignal.any([options.signal, closing.signal])
      return followPages(readAll, wakeup, { ...options, signal })
    },
    revision: (stream) => async () => right((streams.get(stream)?.length ?? 0) - 1),
    head: () => async () => right(all.length - 1),
    sizes: () => async () => right({ position: all.length - 1, streams: sizesOf(streams) }),
    close: async () => closing.abort(),
  }
}

const sizesOf = (streams: ReadonlyMap<string, readonly StoredEvent[]>) =>
  [...streams]
    .map(([stream, events]) => ({ stream, size: events.length }))
    .sort((a, b) => (a.stream < b.stream ? -1 : 1))

/** An event's index in its list is its position or revision. */
async function* batchesOf(list: readonly StoredEvent[], options: ReadOptions = {}) {
  const end = Math.min(options.to ?? list.length - 1, list.length - 1)
  const batchSize = options.batchSize ?? defaultBatchSize
  for (let at = options.from ?? 0; at <= end; ) {
    const batch: StoredEvent[] = []
    let bytes = 0
    for (; at <= end && batch.length < batchSize; at++) {
      bytes += Buffer.byteLength(list[at]!.body)
      if (batch.length > 0 && bytes > maxBatchBytes) break
      batch.push(list[at]!)
    }
    yield batch
    await setImmediate() // as over a network: others get their turn between two batches
  }
}

import { setMaxListeners } from 'node:events'
import type { EncodedEvent } from '../../../events/encode.js'
import { attempt } from '../../errors.js'
import type {
  Appended,
  EventStore,
  ExpectedRevision,
  ReadAllOptions,
  ReadOptions,
  StoredEvent,
} from '../event-store.js'
import { leaveOut } from '../leave-out.js'
import { appendAll } from './append-events.js'
import { batchAppender } from './batch-appender.js'
import { batchesOf } from './batches.js'
import { openConnection } from './connection.js'
import { followLog } from './follow-log.js'
import { checkName, headOf, lastOf, messagesOf, ourEventAt, placeAtOrBelow, translated } from './log.js'
import { ourLogFrom, streamFrom } from './read-requests.js'
import { streamRegister } from './stream-register.js'

/** Look-ups of single events on their way at once. */
const lookUpsUnderWay = 16

/** In the order of the items. */
const inParallel = async <A, B>(items: readonly A[], work: (item: A) => Promise<B>): Promise<readonly B[]> => {
  const results: B[] = new Array(items.length)
  let next = 0
  const run = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) results[i] = await work(items[i]!)
  }
  await Promise.all(Array.from({ length: Math.min(lookUpsUnderWay, items.length) }, run))
  return results
}

/**
 * Events in EventStoreDB 22.10 or later, at a connection string without fault (see `connectionUrlFault`). Positions are
 * commit positions of its log: they grow, with gaps. A large append is written in several steps, each at the revision
 * behind the one before: readers may meet the first while the last is not written, and one that is cut off is gone on
 * with by appending the same again. An id that stands in another stream is not found out. Opens nothing yet: the first
 * call connects.
 */
export const eventStoreDbStore = (url: string): EventStore => {
  const connection = openConnection(url)
  const appender = batchAppender(connection)
  const register = streamRegister(connection, appender)
  const closing = new AbortController()
  setMaxListeners(0, closing.signal)

  const lastRevision = async (stream: string): Promise<number> => (await lastOf(connection, stream))?.revision ?? -1

  const append = async (
    stream: string,
    events: readonly EncodedEvent[],
    expected: ExpectedRevision,
  ): Promise<Appended> => {
    checkName(stream)
    if (events.length === 0) {
      const last = await lastOf(connection, stream)
      return { revision: last?.revision ?? -1, position: last?.position ?? -1, written: false }
    }
    if (expected === 'any' || expected < 0) await register.enter(stream)
    const { revision, position } = await appendAll(appender, stream, events, expected)
    return { revision, position: position ?? (await positionAt(stream, revision)), written: undefined }
  }
  const positionAt = async (stream: string, revision: number): Promise<number> => {
    for await (const [event] of readStream(stream, { from: revision, to: revision })) return event!.position
    throw new Error(`stream ${stream} has no event ${revision}, which the server said it wrote`)
  }

  async function* readStream(stream: string, { from = 0, to, batchSize }: ReadOptions = {}) {
    const last = Math.min(to ?? Number.POSITIVE_INFINITY, await lastRevision(stream))
    if (from > last) return
    const reading = messagesOf(connection, streamFrom(stream, from, last - from + 1), closing.signal)
    yield* batchesOf(reading, { placeOf: ({ revision }) => revision, from, to: last, batchSize })
  }

  async function* readAll(options: ReadAllOptions = {}): AsyncGenerator<readonly StoredEvent[]> {
    const { from = 0, to, batchSize, without } = options
    const last = Math.min(to ?? Number.POSITIVE_INFINITY, await headOf(connection))
    if (from > last) return
    const place = from <= 0 ? 'start' : await placeAtOrBelow(connection, from)
    const reading = messagesOf(connection, ourLogFrom(place), closing.signal)
    yield* leaveOut(without, batchesOf(reading, { placeOf: ({ position }) => position, from, to: last, batchSize }))
  }

  const sizes = async () => {
    const names = await register.names()
    const revisions = await inParallel(names, lastRevision)
    const streams = names.map((stream, i) => ({ stream, size: revisions[i]! + 1 })).filter(({ size }) => size > 0)
    // asked last: no stream is said to be longer than the log is read
    return { position: await headOf(connection), streams }
  }

  return {
    gapless: false,
    url,
    append: (stream, events, expected) => attempt(() => translated(connection, () => append(stream, events, expected))),
    readStream,
    readHashes: readStream,
    readAll,
    readEvents: (positions) =>
      attempt(async () => {
        const found = await inParallel(positions, (position) => ourEventAt(connection, position))
        return found.flatMap((event) => event ?? [])
      }),
    follow: (options) =>
      followLog(connection, { ...options, signal: AbortSignal.any([options.signal, closing.signal]) }),
    revision: (stream) => attempt(() => lastRevision(stream)),
    head: () => attempt(() => headOf(connection)),
    sizes: () => attempt(() => translated(connection, sizes)),
    close: async () => {
      closing.abort()
      await connection.close()
    },
  }
}

import { orThrow } from '../errors.js'
import type { Database } from '../postgres/connect.js'
import type { EventStore, StoredEvent } from '../store/event-store.js'
import { backOff, pause } from '../store/pause.js'
import type { Reached } from './checkpoint.js'
import { foldLinksAside } from './fold-links-aside.js'
import type { KafkaSettings } from './kafka-settings.js'
import { linkTables } from './link-tables.js'
import { openSession, type Session } from './open-session.js'
import { type Published, publishBatches } from './publish-batches.js'
import { batchSize, start } from './start.js'
import { countFailures, isTold, isWaitedFor } from './waited-for.js'

export interface PublishRequest {
  readonly db: Database
  readonly store: EventStore
  readonly settings: KafkaSettings
  /** where to begin when nothing was published yet; 0 unless given */
  readonly from?: number
  /** to the store's end as it stands at the start, instead of following it */
  readonly once: boolean
  /** `once` waits so long for servers that are away, in milliseconds; 30,000 unless given */
  readonly longestWait?: number
  readonly signal: AbortSignal
  readonly note: (text: string) => void
  /** of the events up to where the topics stand */
  readonly onProgress: (events: number) => void
}

export interface PublishResult {
  /** what this call has published */
  readonly events: number
  readonly messages: number
  readonly transactions: number
  /** events larger than a message may be, which their messages say instead */
  readonly leftOut: number
  /** last position that the topics hold; −1: none */
  readonly position: number
  /** events of the store up to it */
  readonly reached: number
}

type Tally = { -readonly [K in keyof PublishResult]: PublishResult[K] }

const eventsFrom = async (
  { store, once }: PublishRequest,
  from: number,
  signal: AbortSignal,
): Promise<AsyncIterable<readonly StoredEvent[]>> =>
  once
    ? untilAborted(store.readAll({ from, to: await orThrow(store.head()), batchSize }), signal)
    : store.follow({ from, batchSize, signal })

async function* untilAborted<A>(batches: AsyncIterable<A>, signal: AbortSignal): AsyncGenerator<A> {
  for await (const batch of batches) {
    if (signal.aborted) return
    yield batch
  }
}

/** One session, from taking over to the end of what there is, or to its first failure. */
const publishSession = async (request: PublishRequest, session: Session, tally: Tally): Promise<void> => {
  const { db, store, settings, signal, from, note, onProgress } = request
  const { maxMessageBytes } = settings
  const tables = linkTables(db, settings.prefix)
  let filled = 0
  const onFilled = (events: number): void => {
    if (filled === 0) note('folding the tables of links and PIDs from the events')
    filled += events
  }
  const first = tally.position < 0 ? from : undefined
  const reached = await start({ store, tables, session, maxMessageBytes, from: first, onFilled })
  tally.position = reached.position
  tally.reached = reached.events
  const onPublished = (next: Reached, { events, messages, leftOut }: Published): void => {
    tally.position = next.position
    tally.reached = next.events
    tally.events += events
    tally.messages += messages
    tally.transactions++
    tally.leftOut += leftOut
    if (leftOut > 0) note(`${leftOut} events are larger than KAFKA_MAX_MESSAGE_BYTES (${maxMessageBytes}): left out`)
    onProgress(next.events)
  }
  const reading = new AbortController()
  const endReading = (): void => reading.abort()
  const batches = await eventsFrom(request, reached.position + 1, AbortSignal.any([signal, reading.signal]))
  const folder = foldLinksAside({ url: db.url, prefix: settings.prefix, maxMessageBytes })
  try {
    await publishBatches({ folder, session, maxMessageBytes, reached, onPublished, endReading }, batches)
  } finally {
    await folder.close()
  }
}

/**
 * Puts what happened into the topics, each event once, and goes on where the topics stand, whatever ended the run before.
 * A Kafka or a database that is away is waited for with back-off, with a note; with `once` for half a minute.
 * Throws FENCED when another publisher has taken over, WRONG_TOPIC, BAD_USAGE, BAD_EVENT, BAD_VALUE, SERVER_UNREACHABLE.
 */
export const publish = async (request: PublishRequest): Promise<PublishResult> => {
  const { settings, once, signal, note, longestWait = 30_000 } = request
  const tally: Tally = { events: 0, messages: 0, transactions: 0, leftOut: 0, position: -1, reached: 0 }
  const failed = countFailures()
  while (!signal.aborted) {
    let session: Session | undefined
    try {
      session = await openSession(settings)
      await publishSession(request, session, tally)
      break
    } catch (error) {
      if (!isWaitedFor(error)) throw error
      const { count, milliseconds } = failed(tally.transactions)
      if (once && milliseconds >= longestWait) throw error
      if (isTold(count)) note(`${error.message}; trying again until it answers`)
      await pause(backOff(count), signal)
    } finally {
      await session?.close()
    }
  }
  return tally
}

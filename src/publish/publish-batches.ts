import type { StoredEvent } from '../store/event-store.js'
import { readAhead } from '../store/read-ahead.js'
import type { Reached } from './checkpoint.js'
import { eventMessage, isLeftOut, spoken } from './event-message.js'
import type { ChangeMessages, LinkFolder } from './fold-links-aside.js'
import type { Message } from './message.js'
import type { Session } from './open-session.js'

/** What one transaction has put into the topics. */
export interface Published {
  readonly events: number
  readonly messages: number
  /** events larger than a message may be */
  readonly leftOut: number
}

export interface PublishOptions {
  readonly folder: LinkFolder
  readonly session: Session
  readonly maxMessageBytes: number
  /** where the topics stand, the copy of the tables with them */
  readonly reached: Reached
  readonly onPublished: (reached: Reached, published: Published) => void
  /** ends the reading: what is read ahead may wait for ever, and a failure would wait with it */
  readonly endReading: () => void
}

/** A batch as it is sent, and where the topics stand then. */
interface Prepared {
  readonly reached: Reached
  readonly events: readonly Message[]
  readonly changes: Promise<ChangeMessages>
}

async function* prepare(
  { folder, maxMessageBytes, reached: start }: PublishOptions,
  batches: AsyncIterable<readonly StoredEvent[]>,
): AsyncGenerator<Prepared> {
  let reached = start
  for await (const batch of batches) {
    const said = batch.map(spoken)
    const texts = said.map(({ value }) => value)
    const changes = folder.fold(reached.position, batch, texts)
    const last = batch[batch.length - 1]!
    reached = { ...reached, position: last.position, event: last.id, events: reached.events + batch.length }
    yield { reached, events: batch.map((stored, i) => eventMessage(stored, said[i]!, maxMessageBytes)), changes }
  }
}

const publishPrepared = async (
  { folder, session, onPublished }: PublishOptions,
  { reached, events, changes }: Prepared,
  before: Reached,
): Promise<void> => {
  const { topics } = session
  const { links, pids } = await changes
  const all = [
    { topic: topics.events, messages: events },
    { topic: topics.personVoter, messages: links },
    { topic: topics.pid, messages: pids },
  ]
  await session.send(all, reached)
  folder.sent(reached.position)
  const messages = events.length + links.length + pids.length
  onPublished(reached, {
    events: reached.events - before.events,
    messages,
    leftOut: events.filter(isLeftOut).length,
  })
}

/**
 * Publishes batches of events that follow where the topics stand, each in one transaction, while the next is read and
 * folded; ends when they do. The law: at every committed position `matchbook.events` holds the events up to it, each once
 * and in order by key, and the state topics hold, key by key, the rows that folding these events gives. Throws what session
 * and database say, BAD_EVENT.
 */
export const publishBatches = async (
  options: PublishOptions,
  batches: AsyncIterable<readonly StoredEvent[]>,
): Promise<void> => {
  let { reached } = options
  for await (const prepared of readAhead(prepare(options, batches))) {
    try {
      await publishPrepared(options, prepared, reached)
      reached = prepared.reached
    } catch (error) {
      options.endReading()
      throw error
    }
  }
  await options.folder.settle()
}

import type { StoredEvent } from '../store/event-store.js'
import { readAhead } from '../store/read-ahead.js'
import type { Reached } from './checkpoint.js'
import { eventMessage, isLeftOut } from './event-message.js'
import type { ChangeMessages, LinkFolder } from './fold-links-aside.js'
import type { TopicMessages } from './message.js'
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

const countOf = (sent: readonly TopicMessages[]): number => sent.reduce((sum, one) => sum + one.messages.length, 0)

/** Publishes a batch in one transaction; answers where the topics stand then. */
const batchPublisher = ({ folder, session, maxMessageBytes, onPublished }: PublishOptions) => {
  const { topics } = session
  return async (reached: Reached, batch: readonly StoredEvent[]): Promise<Reached> => {
    const messages = batch.map((stored) => eventMessage(stored, maxMessageBytes))
    const last = batch[batch.length - 1]!
    const next = { ...reached, position: last.position, event: last.id, events: reached.events + batch.length }
    let changed: readonly TopicMessages[] = []
    // the events go while they are folded
    const parts = async function* (changes: Promise<ChangeMessages>): AsyncGenerator<readonly TopicMessages[]> {
      yield [{ topic: topics.events, messages }]
      const { links, pids } = await changes
      changed = [
        { topic: topics.personVoter, messages: links },
        { topic: topics.pid, messages: pids },
      ]
      yield changed
    }
    await folder.fold(reached.position, batch, (changes) => session.send(parts(changes), next))
    const counts = { events: batch.length, messages: messages.length + countOf(changed) }
    onPublished(next, { ...counts, leftOut: messages.filter(isLeftOut).length })
    return next
  }
}

/**
 * Publishes batches of events that follow where the topics stand; ends when they do. The law: at every committed position
 * `matchbook.events` holds the events up to it, each once and in order by key, and the state topics hold, key by key, the
 * rows that folding these events gives. Throws what session and database say, BAD_EVENT.
 */
export const publishBatches = async (
  options: PublishOptions,
  batches: AsyncIterable<readonly StoredEvent[]>,
): Promise<void> => {
  const publishBatch = batchPublisher(options)
  let { reached } = options
  for await (const batch of readAhead(batches)) {
    try {
      reached = await publishBatch(reached, batch)
    } catch (error) {
      options.endReading()
      throw error
    }
  }
}

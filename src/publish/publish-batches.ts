import type { DomainEvent } from '../../events/catalogue.js'
import { personVoter } from '../../projections/book/tables.js'
import type { Placed } from '../../projections/family.js'
import { pid } from '../../projections/pid/table.js'
import { decodeStored } from '../store/decode-stored.js'
import type { StoredEvent } from '../store/event-store.js'
import { readAhead } from '../store/read-ahead.js'
import type { Reached } from './checkpoint.js'
import { eventMessage, isLeftOut } from './event-message.js'
import type { LinkChanges, LinkTables } from './link-tables.js'
import type { TopicMessages } from './message.js'
import type { Session } from './open-session.js'
import { rowMessages } from './row-message.js'

/** What one transaction has put into the topics. */
export interface Published {
  readonly events: number
  readonly messages: number
  /** events larger than a message may be */
  readonly leftOut: number
}

export interface PublishOptions {
  readonly tables: LinkTables
  readonly session: Session
  readonly maxMessageBytes: number
  /** where the topics stand, the copy of the tables with them */
  readonly reached: Reached
  readonly onPublished: (reached: Reached, published: Published) => void
  /** ends the reading: what is read ahead may wait for ever, and a failure would wait with it */
  readonly endReading: () => void
}

interface ReadEvent {
  readonly stored: StoredEvent
  readonly event: DomainEvent
}

async function* decoded(batches: AsyncIterable<readonly StoredEvent[]>): AsyncGenerator<readonly ReadEvent[]> {
  for await (const batch of batches) yield batch.map((stored) => ({ stored, event: decodeStored(stored) }))
}

const placedOf = ({ stored, event }: ReadEvent): Placed => {
  const { position, stream, revision } = stored
  return { event, position, stream, revision }
}

const changeMessages = ({ session: { topics }, maxMessageBytes }: PublishOptions) => {
  const links = rowMessages(personVoter, maxMessageBytes)
  const pids = rowMessages(pid, maxMessageBytes)
  return (changes: LinkChanges): readonly TopicMessages[] => [
    { topic: topics.personVoter, messages: links.ofChanges(changes.personVoter) },
    { topic: topics.pid, messages: pids.ofChanges(changes.pid) },
  ]
}

const countOf = (sent: readonly TopicMessages[]): number => sent.reduce((sum, one) => sum + one.messages.length, 0)

/** Publishes a batch in one transaction; answers where the topics stand then. */
const batchPublisher = (options: PublishOptions) => {
  const { tables, session, maxMessageBytes, onPublished } = options
  const messagesOf = changeMessages(options)
  return async (reached: Reached, batch: readonly ReadEvent[]): Promise<Reached> => {
    const messages = batch.map(({ stored, event }) => eventMessage(stored, event, maxMessageBytes))
    const last = batch[batch.length - 1]!.stored
    const next = { ...reached, position: last.position, event: last.id, events: reached.events + batch.length }
    let changed: readonly TopicMessages[] = []
    // the events go while the database folds them
    const parts = async function* (changes: Promise<LinkChanges>): AsyncGenerator<readonly TopicMessages[]> {
      yield [{ topic: session.topics.events, messages }]
      changed = messagesOf(await changes)
      yield changed
    }
    await tables.fold(reached.position, batch.map(placedOf), (changes) => session.send(parts(changes), next))
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
  for await (const batch of readAhead(decoded(batches))) {
    try {
      reached = await publishBatch(reached, batch)
    } catch (error) {
      options.endReading()
      throw error
    }
  }
}

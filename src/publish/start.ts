import { personVoter } from '../../projections/book/tables.js'
import { readEvents } from '../../projections/read-events.js'
import type { Row } from '../../projections/row-set.js'
import type { Table } from '../../projections/table.js'
import { appError, orThrow } from '../errors.js'
import type { EventStore } from '../store/event-store.js'
import type { Reached } from './checkpoint.js'
import { foldedBy, type LinkTables } from './link-tables.js'
import type { Session } from './open-session.js'
import { rowMessages } from './row-message.js'

/**
 * Events a transaction at most, some 5,500 messages. Measured, 110,000 messages on two busy cores: processor time 3.6 s in
 * batches of 1,000, 4.0 of 2,500, 4.4 of 5,000, 4.8 of 10,000, as fewer objects live to be collected; but each transaction
 * costs the broker some milliseconds.
 */
export const batchSize = 2_500

export interface Publishing {
  readonly store: EventStore
  readonly tables: LinkTables
  readonly session: Session
  readonly maxMessageBytes: number
  /** where to begin when nothing was published yet; 0 unless given */
  readonly from: number | undefined
  /** events that were read again into the copy of the tables, before anything is published */
  readonly onFilled: (events: number) => void
}

/** Brings the copy of the tables to `to`: after a crash between Kafka's commit and ours, or when there is none yet. */
const fillTables = async ({ store, tables, onFilled }: Publishing, to: number): Promise<number> => {
  let position = await tables.prepare(to)
  if (position >= to) return position
  for await (const batch of readEvents(store, { from: position + 1, to, batchSize })) {
    await tables.fold(position, batch, async () => undefined)
    position = batch[batch.length - 1]!.position
    onFilled(batch.length)
  }
  return position
}

/** Every row of the copy into the state topics, a tombstone for those that only the copy of other code has. */
const sendRows = async ({ tables, session, maxMessageBytes }: Publishing): Promise<void> => {
  const sendTable = (table: Table, rows: readonly Row[], gone: readonly Row[]): Promise<void> => {
    const { of, tombstone } = rowMessages(table, maxMessageBytes)
    const topic = table === personVoter ? session.topics.personVoter : session.topics.pid
    return session.send([{ topic, messages: [...rows.map(of), ...gone.map(tombstone)] }])
  }
  await tables.readRows(sendTable)
}

const eventAt = async (store: EventStore, position: number): Promise<string | null> => {
  if (position < 0) return null
  const [found] = await orThrow(store.readEvents([position]))
  return found?.id ?? null
}

const countEvents = async (store: EventStore, to: number): Promise<number> => {
  let count = 0
  if (to >= 0) for await (const batch of store.readAll({ to, batchSize })) count += batch.length
  return count
}

/** Nothing was published yet: what came before `from` is in the tables alone. */
const startAnew = async (publishing: Publishing): Promise<Reached> => {
  const { store, from = 0, session } = publishing
  const head = await orThrow(store.head())
  if (from > head + 1) {
    throw appError('BAD_USAGE', `--from ${from}: nothing has happened there yet, the newest event is ${head}`, { from })
  }
  const position = await fillTables(publishing, from - 1)
  if (position >= 0) await sendRows(publishing)
  const reached = {
    position,
    event: await eventAt(store, position),
    events: await countEvents(store, position),
    foldedBy,
  }
  await session.send([], reached)
  return reached
}

/** Other code has folded what the state topics hold: the rows are sent anew, and what it had besides is taken away. */
const startOver = async (publishing: Publishing, reached: Reached): Promise<Reached> => {
  const { tables, session } = publishing
  await fillTables(publishing, reached.position)
  const topic = session.topics.checkpoint.name
  if ((await tables.aside()) !== reached.position) {
    throw appError(
      'WRONG_TOPIC',
      `the state topics beside ${topic} were folded by other code (${reached.foldedBy}, now ${foldedBy}), and its tables are gone: use another KAFKA_TOPIC_PREFIX`,
      { topic },
    )
  }
  await sendRows(publishing)
  const next = { ...reached, foldedBy }
  await session.send([], next)
  return next
}

/**
 * Where publishing goes on from, with the copy of the tables there. Throws WRONG_TOPIC when the topics are of another
 * store, BAD_USAGE for a `from` that comes too late, and what session, store and database say.
 */
export const start = async (publishing: Publishing): Promise<Reached> => {
  const { store, tables, session, from } = publishing
  const { reached, topics } = session
  if (reached === undefined) return startAnew(publishing)
  const { position, event } = reached
  if (from !== undefined) {
    const why = `these topics hold what happened up to position ${position} already; it says where the very first publish begins`
    throw appError('BAD_USAGE', `--from ${from}: ${why}`, { from, position })
  }
  if ((await eventAt(store, position)) !== event) {
    const topic = topics.checkpoint.name
    throw appError(
      'WRONG_TOPIC',
      `topic ${topic} follows another event store: its event ${event} is not at position ${position} of this one; use another KAFKA_TOPIC_PREFIX`,
      { topic, position },
    )
  }
  if (reached.foldedBy !== foldedBy) return startOver(publishing, reached)
  await tables.dropAside()
  await fillTables(publishing, position)
  return reached
}

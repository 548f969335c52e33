import { encodeEvent } from '../../../events/encode.js'
import { digestNow, type TableDigest } from '../../../projections/digest.js'
import { tables } from '../../../projections/families.js'
import { migrateProjections } from '../../../projections/migrations.js'
import { orThrow } from '../../../src/errors.js'
import { type Database, openDatabase } from '../../../src/postgres/connect.js'
import type { EventStore } from '../../../src/store/event-store.js'
import { memoryStore } from '../../../src/store/memory/memory-store.js'
import type { RecordedEvent } from '../../../src/store/record-events.js'
import { postgresForTests } from '../../servers/postgres.js'
import type { Written } from './world.js'

export interface Bench {
  readonly db: Database
  /** Empty projections, as on the first start. */
  readonly fresh: () => Promise<void>
  readonly digests: () => Promise<readonly TableDigest[]>
  readonly rows: (sql: string) => Promise<readonly Record<string, unknown>[]>
  readonly close: () => Promise<void>
}

export const openBench = async (): Promise<Bench> => {
  const { url, drop } = await postgresForTests()
  const db = openDatabase({ url })
  return {
    db,
    fresh: async () => {
      await orThrow(db.query('drop schema if exists matchbook cascade'))
      await orThrow(migrateProjections(db))
    },
    digests: () => orThrow(digestNow(db, tables)),
    rows: (sql) => orThrow(db.query(sql)),
    close: async () => {
      await db.close()
      await drop()
    },
  }
}

/** Appends a history, one append for each run of events to one stream, and answers it as a writer would offer it. */
export const append = async (store: EventStore, history: readonly Written[]): Promise<readonly RecordedEvent[]> => {
  const recorded: RecordedEvent[] = []
  for (let at = 0; at < history.length; ) {
    const { stream } = history[at]!
    const end = history.findIndex((one, i) => i > at && one.stream !== stream)
    const events = history.slice(at, end < 0 ? history.length : end).map(({ event }) => event)
    const encoded = events.map(encodeEvent)
    const { position, revision } = await orThrow(store.append(stream, encoded, 'any'))
    encoded.forEach((one, i) => {
      const back = events.length - 1 - i
      recorded.push({ ...one, stream, event: events[i]!, position: position - back, revision: revision - back })
    })
    at += events.length
  }
  return recorded
}

export const storeWith = async (history: readonly Written[]): Promise<EventStore> => {
  const store = memoryStore()
  await append(store, history)
  return store
}

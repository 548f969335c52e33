import { orThrow } from '../src/errors.js'
import type { Database } from '../src/postgres/connect.js'
import type { EventStore } from '../src/store/event-store.js'
import { liveSchema } from './table.js'

/**
 * True when the live tables were folded from this store: events were moved elsewhere, or the setting that says where they
 * are has changed, when they were not. Throws the store's and the database's AppErrors.
 */
export const isOwnStore = async (db: Database, store: EventStore): Promise<boolean> => {
  const [live] = await orThrow(
    db.query<{ position: number; event_id: string | null }>(
      `select position, event_id from ${liveSchema}.checkpoint where name = 'live'`,
    ),
  )
  if (live === undefined || live.position < 0) return true
  if (store.gapless) return live.event_id === null
  const [event] = await orThrow(store.readEvents([live.position]))
  return event !== undefined && event.id === live.event_id
}

/** Says of the live tables that they hold nothing, so that they are made anew when they are migrated. */
export const disown = async (db: Database): Promise<void> => {
  await orThrow(db.query(`drop table ${liveSchema}.checkpoint`))
}

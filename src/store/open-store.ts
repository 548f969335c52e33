import { orThrow } from '../errors.js'
import type { Database } from '../postgres/connect.js'
import type { EventStore } from './event-store.js'
import { isEventStoreUrl } from './eventstoredb/connection-url.js'
import { openPostgresStore } from './postgres/postgres-store.js'

/** The client is loaded where it is wanted: it takes 130 ms of every start otherwise. */
export const openEventStoreDb = async (url: string): Promise<EventStore> => {
  const { eventStoreDbStore } = await import('./eventstoredb/eventstoredb-store.js')
  return eventStoreDbStore(url)
}

/** The store at `url`; in `db` when that is where `url` leads. Throws what the database says. */
export const openStore = async (url: string, db: Database): Promise<EventStore> =>
  isEventStoreUrl(url) ? openEventStoreDb(url) : orThrow(openPostgresStore(db))

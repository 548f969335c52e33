import type { Meta } from '../../events/catalogue.js'
import { migrateProjections } from '../../projections/migrations.js'
import { createProjector } from '../../projections/project.js'
import { streamRoots } from '../../src/audit/stream-root.js'
import { orThrow } from '../../src/errors.js'
import { type Database, openDatabase } from '../../src/postgres/connect.js'
import type { EventStore } from '../../src/store/event-store.js'
import { openPostgresStore } from '../../src/store/postgres/postgres-store.js'
import { createRecorder } from '../../src/store/record-events.js'
import type { Workplace } from '../../src/workplace.js'
import { postgresForTests } from './postgres.js'

export interface TestWorkplace extends Workplace {
  /** The same tables and events for another tenant. */
  readonly forTenant: (tenant: string) => Workplace
  readonly url: string
  readonly drop: () => Promise<void>
}

/** A workplace on a real PostgreSQL with a database of its own. Its clock stands still, so that digests can be compared. */
export const workplaceForTests = async (tenant = 'acme'): Promise<TestWorkplace> => {
  const { url, drop } = await postgresForTests()
  return workplaceOn(url, tenant, drop)
}

/** The same on a database that is there. */
export const workplaceOn = async (
  url: string,
  tenant: string,
  drop: () => Promise<void> = async () => undefined,
  openStore = (db: Database): Promise<EventStore> => orThrow(openPostgresStore(db)),
): Promise<TestWorkplace> => {
  const db = openDatabase({ url })
  const store = await openStore(db)
  await orThrow(migrateProjections(db))
  const projector = createProjector({ db, store })
  const meta = (correlationId: string): Meta => ({
    actor: 'system',
    correlationId,
    recordedAt: '2026-03-01T10:00:00.000Z',
    engine: 'test',
  })
  const roots = streamRoots(store)
  const recorder = createRecorder(store, (events, position) => {
    roots.take(events)
    return projector.take(events, position)
  })
  const workplace: Workplace = {
    db,
    store,
    recorder,
    catchUp: async () => {
      await recorder.settle()
      await projector.catchUp()
    },
    tenant,
    meta,
    streamRoot: roots.rootOf,
  }
  return {
    ...workplace,
    url,
    forTenant: (other) => ({ ...workplace, tenant: other }),
    drop: async () => {
      await recorder.settle()
      await store.close()
      await db.close()
      await drop()
    },
  }
}

import { orThrow } from '../../../src/errors.js'
import { openDatabase } from '../../../src/postgres/connect.js'
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.js'
import { postgresForTests } from '../../servers/postgres.js'
import { storeConformance } from './conformance.js'

storeConformance('postgres', async () => {
  const server = await postgresForTests()
  const database = openDatabase({ url: server.url })
  const observer = openDatabase({ url: server.url, connections: 1 })
  const store = await orThrow(openPostgresStore(database))
  return {
    store,
    isOwn: true,
    tellsRetries: true,
    findsReusedIds: true,
    largestBody: Number.POSITIVE_INFINITY,
    breakConnections: async () => {
      await orThrow(
        observer.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()`,
        ),
      )
    },
    followers: async () => {
      const rows = await orThrow(
        observer.query<{ n: number }>(
          `select count(*) as n from pg_stat_activity
          where datname = current_database() and application_name = 'matchbook follow'`,
        ),
      )
      return rows[0]!.n
    },
    dispose: async () => {
      await store.close()
      await database.close()
      await observer.close()
      await server.drop()
    },
  }
})

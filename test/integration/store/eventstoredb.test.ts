import { eventStoreDbStore } from '../../../src/store/eventstoredb/eventstoredb-store.js'
import { eventStoreForTests } from '../../servers/eventstoredb.js'
import { storeConformance } from './conformance.js'

const server = await eventStoreForTests()

storeConformance(`eventstoredb (${server.kind})`, async () => {
  const store = eventStoreDbStore(server.url)
  return {
    store,
    isOwn: server.isOwn,
    tellsRetries: false,
    findsReusedIds: false,
    largestBody: 1_000_000,
    breakConnections: server.breakConnections,
    followers: async () => server.subscriptions(),
    dispose: async () => {
      await store.close()
      await server.stop()
    },
  }
})

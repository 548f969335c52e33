import { memoryStore } from '../../../src/store/memory/memory-store.js'
import { storeConformance } from './conformance.js'

storeConformance('memory', async () => {
  const store = memoryStore()
  return {
    store,
    isOwn: true,
    tellsRetries: true,
    findsReusedIds: true,
    largestBody: Number.POSITIVE_INFINITY,
    breakConnections: async () => undefined,
    followers: async () => 0,
    dispose: store.close,
  }
})

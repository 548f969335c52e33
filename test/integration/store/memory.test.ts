import { memoryStore } from '../../../src/store/memory/memory-store.js'
import { storeConformance } from './conformance.js'

storeConformance('memory', async () => {
  const store = memoryStore()
  return { store, breakConnections: async () => undefined, followers: async () => 0, dispose: store.close }
})

import { type EventStoreDouble, startEventStoreDouble } from '../../doubles/eventstoredb.js'
import { answerRequests } from './side.js'

/** The double in a process of its own, as a server is; each request asks for an empty one in the place of the last. */
export interface Fresh {
  readonly url: string
}

let running: EventStoreDouble | undefined

await answerRequests(async (): Promise<Fresh> => {
  await running?.stop()
  running = await startEventStoreDouble()
  return { url: running.url }
})
await running?.stop()
process.exit(0)

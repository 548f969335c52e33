import { startEventStoreDouble } from '../doubles/eventstoredb.js'

/** An EventStoreDB for one test file: a real one, or the double. */
export interface EventStoreForTests {
  readonly kind: 'environment' | 'container' | 'double'
  readonly url: string
  /** true when nobody else uses it */
  readonly isOwn: boolean
  readonly breakConnections: () => Promise<void>
  readonly subscriptions: () => number
  readonly stop: () => Promise<void>
}

const image = 'eventstore/eventstore:24.10.14'
const port = 2113

const nothing = async (): Promise<void> => undefined
const unknown = { breakConnections: nothing, subscriptions: () => 0 }

/** Undefined when no Docker answers. */
const container = async (): Promise<EventStoreForTests | undefined> => {
  const { GenericContainer, getContainerRuntimeClient, Wait } = await import('testcontainers')
  try {
    await getContainerRuntimeClient()
  } catch {
    return undefined
  }
  const started = await new GenericContainer(image)
    .withEnvironment({ EVENTSTORE_INSECURE: 'true', EVENTSTORE_MEM_DB: 'true', EVENTSTORE_RUN_PROJECTIONS: 'None' })
    .withExposedPorts(port)
    .withWaitStrategy(Wait.forHttp('/health/live', port).forStatusCode(204))
    .start()
  return {
    kind: 'container',
    url: `esdb://${started.getHost()}:${started.getMappedPort(port)}?tls=false`,
    isOwn: true,
    ...unknown,
    stop: async () => {
      await started.stop()
    },
  }
}

/** The server at EVENTSTORE_URL; else one in a container when Docker answers; else the double, in this process. */
export const eventStoreForTests = async (): Promise<EventStoreForTests> => {
  const given = process.env['EVENTSTORE_URL']
  if (given) return { kind: 'environment', url: given, isOwn: false, ...unknown, stop: nothing }
  const contained = await container()
  if (contained !== undefined) return contained
  const double = await startEventStoreDouble()
  const { url, breakConnections, subscriptions, stop } = double
  return { kind: 'double', url, isOwn: true, breakConnections, subscriptions, stop }
}

import { freePort } from './free-port.js'

export interface Broker {
  /** as in KAFKA_BROKERS: host:port, comma between */
  readonly brokers: string
  readonly leave: () => Promise<void>
}

/** The same version as the local one's. */
const image = 'apache/kafka:4.4.0'

const settings = (host: string, port: number): Record<string, string> => ({
  KAFKA_NODE_ID: '1',
  KAFKA_PROCESS_ROLES: 'broker,controller',
  KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
  KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
  KAFKA_LISTENERS: `PLAINTEXT://0.0.0.0:${port},CONTROLLER://0.0.0.0:9093`,
  KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://${host}:${port}`,
  KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
  KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
  KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
  KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
  KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
  KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR: '1',
  KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR: '1',
  KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
})

/** A broker in a container; undefined where no Docker answers. The port is the same on both sides, as the broker names it. */
export const kafkaInDocker = async (): Promise<Broker | undefined> => {
  const { GenericContainer, getContainerRuntimeClient, Wait } = await import('testcontainers')
  const client = await getContainerRuntimeClient().catch(() => undefined)
  if (client === undefined) return undefined
  const { host } = client.info.containerRuntime
  const port = await freePort()
  const container = await new GenericContainer(image)
    .withExposedPorts({ container: port, host: port })
    .withEnvironment(settings(host, port))
    .withWaitStrategy(Wait.forLogMessage('Kafka Server started'))
    .start()
  return {
    brokers: `${host}:${port}`,
    leave: async () => {
      await container.stop()
    },
  }
}

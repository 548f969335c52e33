import kafkajs, { type Kafka } from 'kafkajs'
import type { KafkaSettings } from './kafka-settings.js'

/**
 * Few and quick retries: whoever calls starts afresh, with back-off and a word about it. The first wait is short because
 * transactions back to back meet CONCURRENT_TRANSACTIONS, each of which cost 200 ms at the library's default of 300.
 */
const retry = { initialRetryTime: 20, maxRetryTime: 1_000, retries: 8 }

/** A client that connects to nothing yet. What the library would log reaches us as errors, which are told once. */
export const openKafka = ({ brokers, tls, sasl }: KafkaSettings): Kafka =>
  new kafkajs.Kafka({
    clientId: 'matchbook',
    brokers: [...brokers],
    ...(tls === undefined ? {} : { ssl: { ...tls } }),
    ...(sasl === undefined ? {} : { sasl: { ...sasl } as SaslOptions }),
    connectionTimeout: 3_000,
    requestTimeout: 30_000,
    logLevel: kafkajs.logLevel.NOTHING,
    retry,
  })

type SaslOptions = NonNullable<ConstructorParameters<typeof kafkajs.Kafka>[0]['sasl']>

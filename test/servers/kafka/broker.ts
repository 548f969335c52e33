import { type Broker, kafkaInDocker } from './docker-broker.js'
import { whyNoJava } from './jars.js'
import { startLocalBroker } from './local-broker.js'

/** A broker, or why there is none. */
export type BrokerAnswer = Broker | { readonly missing: string }

/** KAFKA_BROKERS, else Docker, else Apache Kafka on this machine's Java. */
export const findBroker = async (): Promise<BrokerAnswer> => {
  const given = process.env['KAFKA_BROKERS']
  if (given) return { brokers: given, leave: async () => undefined }
  const docker = await kafkaInDocker()
  if (docker !== undefined) return docker
  const missing = await whyNoJava()
  if (missing !== undefined) return { missing: `KAFKA_BROKERS is not set, Docker does not answer, ${missing}` }
  const { brokers, remove } = await startLocalBroker()
  return { brokers, leave: remove }
}

import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalBroker, startLocalBroker } from '../../servers/kafka/local-broker.js'
import { canStartBrokers, kafkaForTests, topicPrefix } from '../../servers/kafka.js'

const brokers = await kafkaForTests('the shared broker')
const canStart = await canStartBrokers('a broker that is killed')

const client = (address: string): Kafka => new Kafka({ brokers: address.split(','), logLevel: logLevel.NOTHING })

const sendAndCount = async (kafka: Kafka, topic: string): Promise<string> => {
  const admin = kafka.admin()
  await admin.connect()
  const topics = await admin.listTopics()
  if (!topics.includes(topic)) await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true })
  const producer = kafka.producer()
  await producer.connect()
  await producer.send({ topic, messages: [{ key: 'a', value: 'b' }] })
  await producer.disconnect()
  const [partition] = await admin.fetchTopicOffsets(topic)
  await admin.disconnect()
  return partition!.high
}

describe.skipIf(brokers === undefined)('the shared broker', () => {
  it('takes messages', async () => {
    expect(await sendAndCount(client(brokers!), `${topicPrefix()}one`)).toBe('1')
  })
})

describe.skipIf(!canStart)('a broker that is killed', () => {
  let broker: LocalBroker
  beforeAll(async () => {
    broker = await startLocalBroker()
  })
  afterAll(() => broker.remove())

  it('keeps what it took and serves again at the same address', async () => {
    expect(await sendAndCount(client(broker.brokers), 'one')).toBe('1')
    await broker.kill()
    await broker.start()
    expect(await sendAndCount(client(broker.brokers), 'one')).toBe('2')
  })
})

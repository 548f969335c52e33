import { randomUUID } from 'node:crypto'
import kafkajs, { type Kafka } from 'kafkajs'

/** A message as a consumer gets it. */
export interface Consumed {
  readonly partition: number
  readonly key: string
  readonly value: string | null
  readonly headers: Readonly<Record<string, string>>
}

export const kafkaAt = (brokers: string): Kafka =>
  new kafkajs.Kafka({
    brokers: brokers.split(','),
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { initialRetryTime: 50, maxRetryTime: 1_000, retries: 20 },
  })

const textsOf = (headers: object | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)]))

/** All committed messages of a topic from its start to its end as it stands, in order within each partition. */
export const readTopic = async (brokers: string, topic: string): Promise<readonly Consumed[]> => {
  const kafka = kafkaAt(brokers)
  const admin = kafka.admin()
  await admin.connect()
  const ends = new Map((await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => [partition, Number(high)]))
  await admin.disconnect()
  const waiting = new Set([...ends].filter(([, high]) => high > 0).map(([partition]) => partition))
  const messages: Consumed[] = []
  if (waiting.size === 0) return messages
  const consumer = kafka.consumer({ groupId: randomUUID(), maxWaitTimeInMs: 50 })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await new Promise<void>((resolve, reject) => {
    // also told of batches that hold nothing but what transactions leave behind
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { partition, lastOffset } }) => {
      if (Number(lastOffset) + 1 >= ends.get(partition)!) waiting.delete(partition)
      if (waiting.size === 0) resolve()
    })
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error))
    const run = consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        for (const { key, value, headers } of batch.messages) {
          messages.push({
            partition: batch.partition,
            key: String(key),
            value: value === null ? null : value.toString(),
            headers: textsOf(headers),
          })
        }
      },
    })
    run.catch(reject)
  })
  await consumer.disconnect()
  return messages
}

/** What a compacted topic comes to, read from its start: the last value by key, without those that have gone. */
export const tableOf = (messages: readonly Consumed[]): ReadonlyMap<string, unknown> => {
  const table = new Map<string, unknown>()
  for (const { key, value } of messages) {
    if (value === null) table.delete(key)
    else table.set(key, JSON.parse(value))
  }
  return table
}

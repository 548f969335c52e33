import { randomUUID } from 'node:crypto'
import { topicsOf } from '../../../src/publish/topics.js'
import type { Place } from './publishing.js'
import { kafkaAt } from './read-topic.js'

/** Counts the messages of the events' topic, which is there, as they are written, those of unfinished and dropped transactions too. */
export const countWritten = async ({ settings }: Place) => {
  const { name } = topicsOf(settings).events
  const kafka = kafkaAt(settings.brokers.join(','))
  let count = 0
  const consumer = kafka.consumer({
    ...{ groupId: randomUUID(), readUncommitted: true },
    ...{ maxWaitTimeInMs: 20, sessionTimeout: 6_000, heartbeatInterval: 500 },
  })
  await consumer.connect()
  await consumer.subscribe({ topics: [name], fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      count += batch.messages.length
    },
  })
  return { count: () => count, stop: () => consumer.disconnect() }
}

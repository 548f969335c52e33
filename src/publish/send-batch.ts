import type { TopicMessages as KafkaTopicMessages, Producer } from 'kafkajs'
import { bytesOf, type Message, type TopicMessages } from './message.js'

/**
 * A partition's messages of one request are one batch to the broker, which the topic's size limit holds for: several
 * requests a transaction, each below it whatever the keys.
 */
const requestBytes = 4 * 1024 * 1024

type Request = readonly KafkaTopicMessages[]

function* requestsOf(all: readonly TopicMessages[], maxBytes: number): Generator<Request> {
  let request: { topic: string; messages: Message[] }[] = []
  let bytes = 0
  for (const { topic, messages } of all) {
    let own: Message[] | undefined
    for (const message of messages) {
      const size = bytesOf(message)
      if (bytes > 0 && bytes + size > maxBytes) {
        yield request as Request
        request = []
        bytes = 0
        own = undefined
      }
      if (own === undefined) {
        own = []
        request.push({ topic: topic.name, messages: own })
      }
      own.push(message)
      bytes += size
    }
  }
  if (bytes > 0) yield request as Request
}

/** Sends all in one transaction, one request after the other. Throws kafkajs's errors; then nothing of it counts. */
export const sendInTransaction = async (
  producer: Producer,
  all: readonly TopicMessages[],
  maxMessageBytes: number,
): Promise<void> => {
  const transaction = await producer.transaction()
  try {
    for (const request of requestsOf(all, Math.min(requestBytes, maxMessageBytes))) {
      await transaction.sendBatch({ topicMessages: [...request] })
    }
    await transaction.commit()
  } catch (error) {
    // else its readers wait for it until the broker gives it up; what led here is told, not that this failed too
    if (transaction.isActive()) await transaction.abort().catch(() => undefined)
    throw error
  }
}

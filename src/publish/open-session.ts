import type { Kafka, Producer } from 'kafkajs'
import { appError, isAppError } from '../errors.js'
import { makeClaim, type Reached, reachedMessage, readReached } from './checkpoint.js'
import { ensureTopics } from './ensure-topics.js'
import type { KafkaSettings } from './kafka-settings.js'
import { keyPartitioner } from './key-partitioner.js'
import type { TopicMessages } from './message.js'
import { openKafka } from './open-kafka.js'
import { sendInTransaction } from './send-batch.js'
import { type Topics, topicsOf, transactionalIdOf } from './topics.js'
import { translated } from './translate-error.js'

/** After so long in one transaction (ms) the broker gives it up, and refuses the producer as if it were fenced. */
const transactionTimeout = 60_000

/** One publisher's time at Kafka, from taking over to its first failure: whatever fails, the next session begins anew. */
export interface Session {
  readonly topics: Topics
  /** where the topics stood when it took over; undefined: nothing was published yet */
  readonly reached: Reached | undefined
  /**
   * Sends messages, and the position that they reach, in one transaction. Throws FENCED, SERVER_UNREACHABLE, WRONG_TOPIC.
   */
  readonly send: (messages: readonly TopicMessages[], reached?: Reached) => Promise<void>
  readonly close: () => Promise<void>
}

const withAdmin = async <A>(kafka: Kafka, work: (admin: ReturnType<Kafka['admin']>) => Promise<A>): Promise<A> => {
  const admin = kafka.admin()
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.disconnect()
  }
}

const producerOf = (kafka: Kafka, settings: KafkaSettings): Producer =>
  kafka.producer({
    transactionalId: transactionalIdOf(settings),
    transactionTimeout,
    // one request under way: a later one can't overtake one that is tried again
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: keyPartitioner,
  })

/** A transaction that took too long looks like one that was fenced, but nobody else has taken over. */
const inTime = async (brokers: readonly string[], work: () => Promise<void>): Promise<void> => {
  const began = Date.now()
  try {
    await translated(brokers, work)
  } catch (error) {
    const isLate = isAppError(error) && error.code === 'FENCED' && Date.now() - began >= transactionTimeout
    if (!isLate) throw error
    throw appError('SERVER_UNREACHABLE', `Kafka at ${brokers.join(',')} gave a transaction up after a minute`)
  }
}

/**
 * Makes or checks the topics and takes over from whoever published before, whose unfinished transaction the broker drops.
 * The claim's transaction is what takes over, so that nothing of the other can come after the position that is read then.
 * Throws FENCED, WRONG_TOPIC, BAD_USAGE (credentials, rights), SERVER_UNREACHABLE.
 */
export const openSession = (settings: KafkaSettings): Promise<Session> => {
  const { brokers, replicas, maxMessageBytes } = settings
  const topics = topicsOf(settings)
  const kafka = openKafka(settings)
  return translated(brokers, async () => {
    await withAdmin(kafka, (admin) => ensureTopics(admin, Object.values(topics), replicas))
    const producer = producerOf(kafka, settings)
    await producer.connect()
    try {
      const claim = makeClaim()
      await sendInTransaction(producer, [{ topic: topics.checkpoint, messages: [claim.message] }], maxMessageBytes)
      return {
        topics,
        reached: await readReached(kafka, topics.checkpoint, claim),
        send: (messages, reached) => {
          const position =
            reached === undefined ? [] : [{ topic: topics.checkpoint, messages: [reachedMessage(reached)] }]
          return inTime(brokers, () => sendInTransaction(producer, [...messages, ...position], maxMessageBytes))
        },
        // a broker that is gone has closed it already
        close: () => producer.disconnect().catch(() => undefined),
      }
    } catch (error) {
      await producer.disconnect()
      throw error
    }
  })
}

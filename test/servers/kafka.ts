import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import type { KafkaAnswer } from './kafka/set-up.js'

const ask = async (path: 'shared' | 'own', suite: string): Promise<KafkaAnswer> => {
  const answer = await fetch(`${inject('kafkaUrl')}/${path}?suite=${encodeURIComponent(suite)}`)
  if (!answer.ok) throw new Error(await answer.text())
  return (await answer.json()) as KafkaAnswer
}

/**
 * The run's broker, for a suite that leaves it running: `brokers` as in KAFKA_BROKERS; undefined: skip the suite, the
 * run's last lines say why. Awaited at the top of a test file, before its suites. Topics want a name of their own: see
 * `topicPrefix`. Throws where Kafka is required and isn't there.
 */
export const kafkaForTests = async (suite: string): Promise<string | undefined> => {
  const answer = await ask('shared', suite)
  return 'missing' in answer ? undefined : answer.brokers
}

/** Whether a suite can start brokers of its own, to kill them: they run on this machine's Java. As `kafkaForTests`. */
export const canStartBrokers = async (suite: string): Promise<boolean> => 'brokers' in (await ask('own', suite))

/** Begins the names of one test's topics, groups and transactional ids, on a broker that others use. */
export const topicPrefix = (): string => `test-${randomBytes(6).toString('hex')}.`

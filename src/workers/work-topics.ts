import type { Admin } from 'kafkajs'
import { ensureTopics } from '../publish/ensure-topics.js'
import type { KafkaSettings } from '../publish/kafka-settings.js'
import type { Topic } from '../publish/topics.js'
import { backOff, pause } from '../store/pause.js'
import { workPartitions } from './job-board.js'

const decidedPartitions = 4

/** Personal columns stand in the work: it goes after an hour. */
export const keptMilliseconds = 3_600_000

/** Jobs are cut to what every broker takes, one MiB; brokers' own default. */
const mostBytes = 1_048_588

const settings: Topic['settings'] = {
  'cleanup.policy': 'delete',
  'retention.ms': String(keptMilliseconds),
  // a segment goes as a whole, when its newest message is too old
  'segment.ms': String(keptMilliseconds / 4),
  'max.message.bytes': String(mostBytes),
}

type Prefix = Pick<KafkaSettings, 'prefix'>

/**
 * The work of matching has a topic for each state: no worker reads what it can't decide, and only states in use cost
 * partitions.
 */
export const workTopic = ({ prefix }: Prefix, state: string): Topic => ({
  name: `${prefix}matchbook.work.${state}`,
  partitions: workPartitions,
  settings,
})

export const decidedTopic = ({ prefix }: Prefix): Topic => ({
  name: `${prefix}matchbook.decided`,
  partitions: decidedPartitions,
  settings,
})

/** Workers of one engine share a state's work; those of another see it, too, and leave it alone. */
export const workersGroup = ({ prefix }: Prefix, state: string, engine: string): string =>
  `${prefix}matchbook.workers.${state}.engine-${engine}`

/** Makes the topics of these states and that of the answers, and checks them. Throws as `ensureTopics`. */
export const ensureWorkTopics = (admin: Admin, kafka: KafkaSettings, states: readonly string[]): Promise<void> =>
  ensureTopics(admin, [...states.map((state) => workTopic(kafka, state)), decidedTopic(kafka)], kafka.replicas)

const mostTries = 10

/**
 * Where each partition of a topic ends. A topic that was just made has no leader for a moment, which the library doesn't
 * wait for here.
 */
export const endsOf = async (admin: Admin, topic: string): Promise<Map<number, string>> => {
  for (let failures = 1; ; failures++) {
    try {
      const offsets = await admin.fetchTopicOffsets(topic)
      return new Map(offsets.map(({ partition, high }) => [partition, high]))
    } catch (error) {
      if ((error as { readonly retriable?: boolean }).retriable !== true || failures === mostTries) throw error
      await pause(backOff(failures), new AbortController().signal)
    }
  }
}

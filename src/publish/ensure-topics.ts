import kafkajs, { type Admin } from 'kafkajs'
import { appError } from '../errors.js'
import type { Topic } from './topics.js'

const configEntries = ({ settings }: Topic) => Object.entries(settings).map(([name, value]) => ({ name, value }))

const wrong = ({ name }: Topic, setting: string, value: string, wanted: string): never => {
  throw appError(
    'WRONG_TOPIC',
    `topic ${name} has ${setting} ${value}, wanted is ${wanted}: change it, or use another KAFKA_TOPIC_PREFIX`,
    { topic: name, setting, value, wanted },
  )
}

const createMissing = async (admin: Admin, topics: readonly Topic[], replicas: number): Promise<void> => {
  const present = new Set(await admin.listTopics())
  const missing = topics.filter(({ name }) => !present.has(name))
  if (missing.length === 0) return
  await admin.createTopics({
    waitForLeaders: true,
    topics: missing.map((topic) => ({
      topic: topic.name,
      numPartitions: topic.partitions,
      replicationFactor: replicas,
      configEntries: configEntries(topic),
    })),
  })
}

const checkPartitions = async (admin: Admin, topics: readonly Topic[]): Promise<void> => {
  const metadata = await admin.fetchTopicMetadata({ topics: topics.map(({ name }) => name) })
  for (const topic of topics) {
    const found = metadata.topics.find(({ name }) => name === topic.name)?.partitions.length ?? 0
    if (found !== topic.partitions) wrong(topic, 'partitions', String(found), String(topic.partitions))
  }
}

const checkSettings = async (admin: Admin, topics: readonly Topic[]): Promise<void> => {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: topics.map(({ name, settings }) => ({
      type: kafkajs.ConfigResourceTypes.TOPIC,
      name,
      configNames: Object.keys(settings),
    })),
  })
  for (const topic of topics) {
    const entries = resources.find(({ resourceName }) => resourceName === topic.name)?.configEntries ?? []
    for (const [setting, wanted] of Object.entries(topic.settings)) {
      const value = entries.find(({ configName }) => configName === setting)?.configValue ?? 'nothing'
      if (value !== wanted) wrong(topic, setting, value, wanted)
    }
  }
}

/**
 * Makes the topics that are missing and checks all of them: a topic that forgets events, keeps every row for ever, or
 * takes no large message would show much later. Throws WRONG_TOPIC, which names topic, setting, value and what is
 * wanted, and kafkajs's errors.
 */
export const ensureTopics = async (admin: Admin, topics: readonly Topic[], replicas: number): Promise<void> => {
  await createMissing(admin, topics, replicas)
  await checkPartitions(admin, topics)
  await checkSettings(admin, topics)
}

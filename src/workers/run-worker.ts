import { once } from 'node:events'
import type { Consumer, Kafka, KafkaMessage, Producer } from 'kafkajs'
import { engineVersion } from '../engine.js'
import type { KafkaSettings } from '../publish/kafka-settings.js'
import { openKafka } from '../publish/open-kafka.js'
import { translated } from '../publish/translate-error.js'
import { countFailures, isTold, isWaitedFor } from '../publish/waited-for.js'
import type { LoadIndex } from '../rules/rules-in-force.js'
import { backOff, pause } from '../store/pause.js'
import { type HeldMatchers, heldMatchers, refuseMissing } from './held-matchers.js'
import { encodeAnswer, encodeFailure } from './work-answer.js'
import { decodeJob } from './work-job.js'
import { decidedTopic, ensureWorkTopics, workersGroup, workTopic } from './work-topics.js'

export interface WorkerOptions {
  readonly kafka: KafkaSettings
  readonly states: readonly string[]
  readonly dataDir: string
  readonly loadIndex: LoadIndex
  readonly threads: number
  readonly note: (text: string) => void
  /** called at each heartbeat: the worker is in its groups */
  readonly onAlive: () => void
  readonly signal: AbortSignal
}

/** What a worker did while it ran; a job that two workers did counts for both. */
export interface Worked {
  jobs: number
  persons: number
}

interface Working extends WorkerOptions {
  readonly held: HeldMatchers
  readonly producer: Producer
  readonly worked: Worked
  /** engines whose work was seen */
  readonly others: Set<string>
}

/** A worker that says nothing for so long is dead: others take its chunks over. */
const silentMilliseconds = 15_000

/**
 * Decides chunks of these states until the signal aborts. Each state has a consumer group, so that its partitions move
 * between the workers that hold it as these come and go. A chunk is answered before it counts as done. A Kafka that is away
 * is waited for with back-off, with a note. Throws VOTER_FILE_NOT_FOUND when there is no voter file of a state, WRONG_TOPIC.
 */
export const runWorker = async (options: WorkerOptions): Promise<Worked> => {
  const { dataDir, states, kafka, signal, note } = options
  refuseMissing(dataDir, states)
  const worked: Worked = { jobs: 0, persons: 0 }
  const failed = countFailures()
  while (!signal.aborted) {
    try {
      await translated(kafka.brokers, () => work(options, worked))
      break
    } catch (error) {
      if (!isWaitedFor(error)) throw error
      const { count } = failed(worked.jobs)
      if (isTold(count)) note(`${error.message}; trying again until it answers`)
      await pause(backOff(count), signal)
    }
  }
  return worked
}

/** From connecting to the signal, or to the first failure. */
const work = async (options: WorkerOptions, worked: Worked): Promise<void> => {
  const { states, threads, signal, note } = options
  const client = openKafka(options.kafka)
  const working: Working = {
    ...options,
    held: heldMatchers(options.loadIndex, threads),
    producer: client.producer({ allowAutoTopicCreation: false }),
    worked,
    others: new Set(),
  }
  const crashed = new AbortController()
  const consumers = states.map((state) => consumerOf(client, working, state, crashed))
  try {
    await makeTopics(client, options)
    await working.producer.connect()
    for (const [i, consumer] of consumers.entries()) await take(consumer, states[i]!, working)
    note(`a worker of engine ${engineVersion} holds ${states.join(', ')}`)
    const ended = AbortSignal.any([signal, crashed.signal])
    if (!ended.aborted) await once(ended, 'abort')
    if (crashed.signal.aborted) throw crashed.signal.reason
  } finally {
    await Promise.all(consumers.map((consumer) => consumer.disconnect()))
    await working.producer.disconnect()
    await working.held.close()
  }
}

const makeTopics = async (client: Kafka, { kafka, states }: WorkerOptions): Promise<void> => {
  const admin = client.admin()
  await admin.connect()
  await ensureWorkTopics(admin, kafka, states).finally(() => admin.disconnect())
}

const consumerOf = (client: Kafka, { kafka, onAlive }: Working, state: string, crashed: AbortController): Consumer => {
  const consumer = client.consumer({
    groupId: workersGroup(kafka, state, engineVersion),
    sessionTimeout: silentMilliseconds,
    // joining and leaving wait for the fetch that is under way
    maxWaitTimeInMs: 250,
    allowAutoTopicCreation: false,
  })
  consumer.on('consumer.heartbeat', onAlive)
  consumer.on('consumer.group_join', onAlive)
  consumer.on('consumer.crash', ({ payload: { error, restart } }) => {
    if (!restart) crashed.abort(error)
  })
  return consumer
}

/** From the beginning when nobody has worked at the state yet: jobs may wait there. */
const take = async (consumer: Consumer, state: string, working: Working): Promise<void> => {
  await consumer.connect()
  await consumer.subscribe({ topic: workTopic(working.kafka, state).name, fromBeginning: true })
  await consumer.run({
    autoCommitInterval: 1_000,
    // one more than threads: a chunk is matched while the answer to another is on its way
    partitionsConsumedConcurrently: working.threads + 1,
    eachMessage: ({ message }) => onJob(message, working),
  })
}

const onJob = async ({ headers, value }: KafkaMessage, working: Working): Promise<void> => {
  const { kafka, producer, worked } = working
  const engine = headers?.['engine']?.toString() ?? ''
  if (engine !== engineVersion) return leaveAlone(engine, working)
  const answer = await answerTo(value ?? Buffer.alloc(0), working)
  const key = headers?.['job']?.toString() ?? ''
  await producer.send({ topic: decidedTopic(kafka).name, messages: [{ key, ...answer }] })
  worked.jobs++
}

/** Work of another engine, whose workers have a group of their own; it is said once. */
const leaveAlone = (engine: string, { others, note }: Working): void => {
  if (!others.has(engine)) note(`work of engine ${engine} is left alone: this worker is of engine ${engineVersion}`)
  others.add(engine)
}

/** A failure is an answer, too: whoever waits for the chunk would wait for ever, as the next worker fails like this one. */
const answerTo = async (job: Buffer, { held, worked, note }: Working) => {
  try {
    const { rules, persons } = decodeJob(job)
    const chunk = await held.withMatcher(rules, (matcher) => matcher.match(persons))
    worked.persons += persons.length
    return { value: encodeAnswer(chunk) }
  } catch (error) {
    const failure = encodeFailure(error)
    note(`a chunk could not be decided: ${failure}`)
    return { value: Buffer.alloc(0), headers: { failure } }
  }
}

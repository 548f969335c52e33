import { randomUUID } from 'node:crypto'
import type { Admin, Consumer, Producer } from 'kafkajs'
import { engineVersion } from '../engine.js'
import type { KafkaSettings } from '../publish/kafka-settings.js'
import { openKafka } from '../publish/open-kafka.js'
import { translateError } from '../publish/translate-error.js'
import { pause } from '../store/pause.js'
import { jobBoard, type PendingJob } from './job-board.js'
import { failureOf } from './work-answer.js'
import { decidedTopic, endsOf, ensureWorkTopics, keptMilliseconds, workersGroup, workTopic } from './work-topics.js'

export interface WorkLineOptions {
  readonly kafka: KafkaSettings
  readonly states: readonly string[]
  readonly note: (text: string) => void
  /** how long a state may say nothing before it is looked whether it has workers, ms; 10 s unless given */
  readonly patience?: number
}

/** Where jobs go out and answers come in. */
export interface WorkLine {
  /** Sends a job to the workers of a state and waits for the first answer to it. */
  readonly ask: (state: string, value: Buffer) => Promise<Uint8Array>
  /** Fails whatever waits and is asked from here on. */
  readonly fail: (error: unknown) => void
  readonly close: () => Promise<void>
}

const lookEvery = 1_000
/** A job that waits for so long is sent once more, before its topic forgets it. */
const sendAgainAfter = keptMilliseconds / 2

/** A line that is open or opening. */
interface Line extends WorkLineOptions {
  readonly id: string
  readonly admin: Admin
  readonly producer: Producer
  readonly consumer: Consumer
  readonly board: ReturnType<typeof jobBoard>
  /** when each state said something last, or was first asked after it had nothing to do */
  readonly heard: Map<string, number>
}

const groupOf = ({ kafka, id }: Pick<Line, 'kafka' | 'id'>): string => `${kafka.prefix}matchbook.run.${id}`

const newLine = (options: WorkLineOptions): Line => {
  const client = openKafka(options.kafka)
  const id = randomUUID()
  return {
    ...{ ...options, id, admin: client.admin(), producer: client.producer({ allowAutoTopicCreation: false }) },
    consumer: client.consumer({
      groupId: groupOf({ kafka: options.kafka, id }),
      // joining and leaving wait for the fetch that is under way
      maxWaitTimeInMs: 100,
      allowAutoTopicCreation: false,
    }),
    board: jobBoard(),
    heard: new Map(),
  }
}

/**
 * Opens the way to the workers. Each job is answered by its id, whoever does it and however often: the first answer
 * counts. Answers are read from where their topic ended before the first job was sent. Throws WRONG_TOPIC and kafkajs's
 * errors.
 */
export const openWorkLine = async (options: WorkLineOptions): Promise<WorkLine> => {
  const line = newLine(options)
  const { board, heard } = line
  const ended = new AbortController()
  try {
    await line.admin.connect()
    await ensureWorkTopics(line.admin, line.kafka, line.states)
    await line.producer.connect()
    await listen(line)
  } catch (error) {
    await disconnect(line)
    throw error
  }
  const failed = (error: unknown): void => board.fail(translateError(error, line.kafka.brokers) ?? error)
  const looking = lookAfter(line, ended.signal).catch(failed)
  let sent = 0
  return {
    ask: (state, value) =>
      new Promise((resolve, reject) => {
        const now = Date.now()
        const pending: PendingJob = {
          ...{ job: `${line.id}/${sent++}`, state, value, partition: board.leastBusy(state) },
          ...{ sentAt: now, resolve, reject },
        }
        if (!board.isWaiting(state)) heard.set(state, now)
        board.add(pending)
        send(line, pending).catch(failed)
      }),
    fail: board.fail,
    close: async () => {
      ended.abort()
      await looking
      await disconnect(line)
    },
  }
}

const send = async ({ producer, kafka }: Line, { job, state, partition, value }: PendingJob): Promise<void> => {
  const message = { key: `${state}/${job}`, partition, headers: { job, engine: engineVersion }, value }
  await producer.send({ topic: workTopic(kafka, state).name, messages: [message] })
}

/** Hears every answer from here on, those to others' jobs, too; after a rebalance, from the last one heard. */
const listen = async ({ admin, consumer, kafka, board, heard }: Line): Promise<void> => {
  const topic = decidedTopic(kafka).name
  const next = await endsOf(admin, topic)
  consumer.on('consumer.group_join', () => {
    for (const [partition, offset] of next) consumer.seek({ topic, partition, offset })
  })
  consumer.on('consumer.crash', ({ payload: { error, restart } }) => {
    if (!restart) board.fail(translateError(error, kafka.brokers) ?? error)
  })
  await consumer.connect()
  await consumer.subscribe({ topic })
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ partition, message: { key, value, headers, offset } }) => {
      next.set(partition, String(BigInt(offset) + 1n))
      const pending = board.take(key?.toString() ?? '')
      if (pending === undefined) return
      heard.set(pending.state, Date.now())
      const failure = headers?.['failure']?.toString()
      if (failure === undefined) pending.resolve(value ?? Buffer.alloc(0))
      else pending.reject(failureOf(failure))
    },
  })
}

/** Once a second: sends again what waits for too long, and says of which states there is no worker. */
const lookAfter = async (line: Line, ended: AbortSignal): Promise<void> => {
  const told = new Set<string>()
  for (;;) {
    await pause(lookEvery, ended)
    if (ended.aborted) return
    for (const pending of line.board.waiting()) {
      if (Date.now() - pending.sentAt < sendAgainAfter) continue
      pending.sentAt = Date.now()
      await send(line, pending)
    }
    await tellSilent(line, told)
  }
}

const tellSilent = async ({ admin, board, heard, states, kafka, note, patience = 10_000 }: Line, told: Set<string>) => {
  for (const state of states) {
    const isSilent = board.isWaiting(state) && Date.now() - heard.get(state)! > patience
    if (!isSilent) told.delete(state)
    else if (!told.has(state) && !(await hasWorkers(admin, kafka, state))) {
      told.add(state)
      const start = `matchbook worker --states ${state}`
      note(`no match worker of engine ${engineVersion} holds ${state}; waiting for one: ${start}`)
    }
  }
}

const hasWorkers = async (admin: Admin, kafka: KafkaSettings, state: string): Promise<boolean> => {
  const { groups } = await admin.describeGroups([workersGroup(kafka, state, engineVersion)])
  return groups.some(({ members }) => members.length > 0)
}

const longestLeave = 5_000

/** Leaves nothing behind: after a run its group is nobody's. A broker that has gone is not waited for: the group goes by itself. */
const disconnect = async (line: Line): Promise<void> => {
  const leave = async (): Promise<void> => {
    await line.consumer.disconnect()
    await line.producer.disconnect()
    await line.admin.deleteGroups([groupOf(line)])
    await line.admin.disconnect()
  }
  const left = new AbortController()
  const leaving = leave()
    .catch(() => undefined)
    .finally(() => left.abort())
  await Promise.race([leaving, pause(longestLeave, left.signal)])
}

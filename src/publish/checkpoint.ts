import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import * as t from 'io-ts'
import type { Kafka } from 'kafkajs'
import { failingPaths } from '../../events/encode.js'
import { appError } from '../errors.js'
import type { Message } from './message.js'
import type { Topic } from './topics.js'

/** How far the topics have come, as their own record says. */
const Reached = t.type({
  /** last position whose event and changes are in the topics; −1: none */
  position: t.number,
  /** the event there, by which the store is known; null: none */
  event: t.union([t.string, t.null]),
  /** events of the store up to it */
  events: t.number,
  /** the code that the state topics were folded by */
  foldedBy: t.string,
})
export type Reached = t.TypeOf<typeof Reached>

const positionKey = 'position'
const publisherKey = 'publisher'

export const reachedMessage = (reached: Reached): Message => ({ key: positionKey, value: JSON.stringify(reached) })

export interface Claim {
  readonly id: string
  readonly message: Message
}

/** Says who publishes from now on; whoever reads the topic up to it has read all that was committed before. */
export const makeClaim = (): Claim => {
  const id = randomUUID()
  const value = { id, host: hostname(), process: process.pid, since: new Date().toISOString() }
  return { id, message: { key: publisherKey, value: JSON.stringify(value) } }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const decode = (text: string, topic: Topic): Reached => {
  const decoded = Reached.decode(parsed(text))
  if (decoded._tag === 'Right') return decoded.right
  throw appError('WRONG_TOPIC', `topic ${topic.name} holds no position of ours: ${failingPaths(decoded.left)}`, {
    topic: topic.name,
  })
}

const longestRead = 60_000

/**
 * The newest committed position, read from the topic's start up to our own claim; undefined: nothing was published yet.
 * The consumer is in a group of its own that keeps nothing. Throws kafkajs's errors, WRONG_TOPIC.
 */
export const readReached = async (kafka: Kafka, topic: Topic, claim: Claim): Promise<Reached | undefined> => {
  const groupId = `${topic.name}.${claim.id}`
  const consumer = kafka.consumer({ groupId, readUncommitted: false, maxWaitTimeInMs: 100 })
  await consumer.connect()
  let newest: string | undefined
  let timer: NodeJS.Timeout | undefined
  try {
    await consumer.subscribe({ topics: [topic.name], fromBeginning: true })
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(() => reject(appError('SERVER_UNREACHABLE', `topic ${topic.name} can't be read`)), longestRead)
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error))
      const run = consumer.run({
        autoCommit: false,
        eachMessage: async ({ message: { key, value } }) => {
          const text = value?.toString() ?? ''
          if (key?.toString() === positionKey) newest = text
          else if (text.includes(claim.id)) resolve()
        },
      })
      run.catch(reject)
    })
  } finally {
    clearTimeout(timer)
    await consumer.disconnect()
  }
  return newest === undefined ? undefined : decode(newest, topic)
}

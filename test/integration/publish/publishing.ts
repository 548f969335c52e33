import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { expect } from 'vitest'
import { personVoter } from '../../../projections/book/tables.js'
import { pid } from '../../../projections/pid/table.js'
import type { Table } from '../../../projections/table.js'
import { type KafkaSettings, kafkaSettingsOf } from '../../../src/publish/kafka-settings.js'
import { type PublishRequest, type PublishResult, publish } from '../../../src/publish/publish.js'
import { topicsOf, transactionalIdOf } from '../../../src/publish/topics.js'
import type { StoredEvent } from '../../../src/store/event-store.js'
import { topicPrefix } from '../../servers/kafka.js'
import { type TestWorkplace, workplaceForTests } from '../../servers/workplace.js'
import { append } from '../projections/harness.js'
import { happenings, historyOf } from '../projections/random-history.js'
import type { Written } from '../projections/world.js'
import { type Consumed, kafkaAt, readTopic, tableOf } from './read-topic.js'
import { tableInPostgres } from './table-in-postgres.js'

/** A store with tables, and topics of its own to publish it to. */
export interface Place {
  readonly workplace: TestWorkplace
  readonly settings: KafkaSettings
  readonly env: Readonly<Record<string, string>>
  readonly drop: () => Promise<void>
}

export const openPlace = async (brokers: string, more: Readonly<Record<string, string>> = {}): Promise<Place> => {
  const workplace = await workplaceForTests()
  const env = { KAFKA_BROKERS: brokers, KAFKA_TOPIC_PREFIX: topicPrefix(), ...more }
  return { workplace, settings: kafkaSettingsOf(env)!, env, drop: workplace.drop }
}

/** A history that the program could have written, of some thousand events; the same for the same seed. */
export const someHistory = (seed: number, length = 1_800): readonly Written[] => {
  const happened = fc.sample(happenings, { seed, numRuns: Math.ceil(length / 60) }).flat()
  return historyOf(happened.slice(0, length))
}

export const appendTo = ({ workplace }: Place, history: readonly Written[]) => append(workplace.store, history)

export interface Running {
  readonly ended: Promise<PublishResult>
  readonly notes: readonly string[]
  readonly stop: () => Promise<PublishResult>
}

export const startPublishing = (place: Place, more: Partial<PublishRequest> = {}): Running => {
  const { db, store } = place.workplace
  const ending = new AbortController()
  const notes: string[] = []
  const ended = publish({
    ...{ db, store, settings: place.settings, once: false, signal: ending.signal },
    ...{ note: (text: string) => notes.push(text), onProgress: () => undefined },
    ...more,
  })
  ended.catch(() => undefined)
  const stop = (): Promise<PublishResult> => {
    ending.abort()
    return ended
  }
  return { ended, notes, stop }
}

/**
 * Waits until the last transaction shows: it is committed before its partitions say so. The next producer of its id waits
 * for that; whoever publishes still is fenced by it.
 */
const settle = async ({ settings }: Place): Promise<void> => {
  const producer = kafkaAt(settings.brokers.join(',')).producer({ transactionalId: transactionalIdOf(settings) })
  await producer.connect()
  await (await producer.transaction()).abort()
  await producer.disconnect()
}

export const publishOnce = async (place: Place, more: Partial<PublishRequest> = {}): Promise<PublishResult> => {
  const result = await startPublishing(place, { once: true, ...more }).ended
  await settle(place)
  return result
}

export const waitFor = async (holds: () => Promise<boolean>, milliseconds = 30_000): Promise<void> => {
  const end = Date.now() + milliseconds
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited ${milliseconds} ms in vain`)
    await sleep(20)
  }
}

const readStore = async ({ workplace }: Place): Promise<readonly StoredEvent[]> => {
  const events: StoredEvent[] = []
  for await (const batch of workplace.store.readAll()) events.push(...batch)
  return events
}

export const readEventsTopic = ({ settings }: Place): Promise<readonly Consumed[]> =>
  readTopic(settings.brokers.join(','), topicsOf(settings).events.name)

const withoutPii = (body: string): unknown => {
  const { pii: _, ...event } = JSON.parse(body) as Record<string, unknown>
  return event
}

const positionsByKey = (messages: readonly Consumed[]): ReadonlyMap<string, readonly number[]> => {
  const positions = new Map<string, number[]>()
  for (const { key, headers } of messages) {
    const position = Number(headers['ce_position'])
    const own = positions.get(key)
    if (own === undefined) positions.set(key, [position])
    else own.push(position)
  }
  return positions
}

const expectEvents = async (place: Place, from: number): Promise<void> => {
  const stored = (await readStore(place)).slice(from)
  const messages = await readEventsTopic(place)
  const byPosition = [...messages].sort((a, b) => Number(a.headers['ce_position']) - Number(b.headers['ce_position']))
  expect(byPosition.map(({ headers }) => headers['ce_id'])).toEqual(stored.map(({ id }) => id))
  for (const [i, { value, headers }] of byPosition.entries()) {
    if (headers['ce_leftout'] === undefined) expect(JSON.parse(value!)).toEqual(withoutPii(stored[i]!.body))
  }
  for (const [key, positions] of positionsByKey(messages)) {
    expect(positions, key).toEqual([...positions].sort((a, b) => a - b))
  }
}

/** Every event from that position on once, in order by key, and the compacted topics exactly the tables. */
export const expectPublished = async (place: Place, from = 0): Promise<void> => {
  await settle(place)
  await expectEvents(place, from)
  const { workplace, settings } = place
  await workplace.catchUp()
  const topics = topicsOf(settings)
  const expectTable = async (topic: string, table: Table): Promise<void> => {
    const messages = await readTopic(settings.brokers.join(','), topic)
    expect(tableOf(messages)).toEqual(await tableInPostgres(workplace.db, table))
  }
  await expectTable(topics.personVoter.name, personVoter)
  await expectTable(topics.pid.name, pid)
}

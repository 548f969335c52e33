import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeEvent } from '../../../events/encode.js'
import { orThrow } from '../../../src/errors.js'
import { topicsOf } from '../../../src/publish/topics.js'
import { kafkaForTests } from '../../servers/kafka.js'
import { World } from '../projections/world.js'
import {
  appendTo,
  expectPublished,
  openPlace,
  type Place,
  publishOnce,
  readEventsTopic,
  someHistory,
  startPublishing,
  waitFor,
} from './publishing.js'
import { type Consumed, kafkaAt, readTopic } from './read-topic.js'

const brokers = await kafkaForTests('publishing to Kafka')

const copySchemas = async ({ workplace }: Place): Promise<readonly string[]> => {
  const rows = await orThrow(
    workplace.db.query<{ name: string }>(
      `select nspname as name from pg_namespace where nspname like 'matchbook_kafka%'`,
    ),
  )
  return rows.map(({ name }) => name)
}

describe.skipIf(brokers === undefined)('publishing to Kafka', () => {
  let place: Place
  beforeEach(async () => {
    place = await openPlace(brokers!)
  })
  afterEach(() => place.drop())

  it('puts every event and every row there once; run again, nothing', async () => {
    const history = someHistory(1)
    await appendTo(place, history)
    const first = await publishOnce(place)
    expect(first).toMatchObject({ events: history.length, position: history.length - 1, leftOut: 0 })
    await expectPublished(place)
    expect(await publishOnce(place)).toMatchObject({ events: 0, position: history.length - 1 })
    await expectPublished(place)
  })

  it('follows what is appended, and goes on where it was stopped', async () => {
    const history = someHistory(2)
    const third = Math.floor(history.length / 3)
    await appendTo(place, history.slice(0, third))
    const running = startPublishing(place)
    await appendTo(place, history.slice(third, 2 * third))
    await waitFor(async () => (await readEventsTopic(place).catch(() => [])).length >= 2 * third)
    expect(await running.stop()).toMatchObject({ events: 2 * third })
    await appendTo(place, history.slice(2 * third))
    await publishOnce(place)
    await expectPublished(place)
  })

  it('folds its own copy of the tables again when that is gone', async () => {
    const history = someHistory(3)
    await appendTo(place, history.slice(0, 1_000))
    await publishOnce(place)
    const [schema] = await copySchemas(place)
    await orThrow(place.workplace.db.query(`drop schema ${schema} cascade`))
    await appendTo(place, history.slice(1_000))
    const { notes, ended } = startPublishing(place, { once: true })
    await ended
    expect(notes).toContain('folding the tables of links and PIDs from the events')
    await expectPublished(place)
  })

  it('sends the rows anew when other code has folded them, and takes away those that it alone had', async () => {
    await appendTo(place, someHistory(4, 600))
    await publishOnce(place)
    const { db } = place.workplace
    const [schema] = await copySchemas(place)
    // as if the code before had numbered PIDs otherwise
    await orThrow(db.query(`comment on schema ${schema} is 'book.0 person_voter.0 pid.0'`))
    await orThrow(
      db.query(`insert into ${schema}.pid values ('ZZZZZZ', 'a', gen_random_uuid(), 'ZZZZZZ', null, null, 0)`),
    )
    const topics = topicsOf(place.settings)
    await rewriteCheckpoint(place, (reached) => ({ ...reached, foldedBy: 'book.0 person_voter.0 pid.0' }))
    await publishOnce(place)
    await expectPublished(place)
    const pids = await readTopic(brokers!, topics.pid.name)
    expect(pids.filter(({ key }) => key === 'ZZZZZZ')).toMatchObject([{ value: null }])
    expect(await copySchemas(place)).toHaveLength(2)
    await publishOnce(place)
    expect(await copySchemas(place)).toEqual([schema])
  })

  it('--from leaves out the events before it, and no row', async () => {
    const history = someHistory(5)
    await appendTo(place, history.slice(0, 1_500))
    await expect(publishOnce(place, { from: 1_501 })).rejects.toMatchObject({ code: 'BAD_USAGE' })
    expect(await publishOnce(place, { from: 700 })).toMatchObject({ events: 800, position: 1_499, reached: 1_500 })
    await expect(publishOnce(place, { from: 0 })).rejects.toMatchObject({ code: 'BAD_USAGE' })
    await appendTo(place, history.slice(1_500))
    await publishOnce(place)
    await expectPublished(place, 700)
  })

  it('refuses topics that follow another store', async () => {
    await appendTo(place, someHistory(6, 200))
    await publishOnce(place)
    const other = { ...(await openPlace(brokers!)), settings: place.settings }
    await appendTo(other, someHistory(7, 400))
    await expect(publishOnce(other)).rejects.toMatchObject({ code: 'WRONG_TOPIC' })
    await other.drop()
  })

  it('refuses a position in the checkpoint topic that somebody else has written', async () => {
    await publishOnce(place)
    await sendPosition(place, 'no JSON')
    await expect(publishOnce(place)).rejects.toMatchObject({
      code: 'WRONG_TOPIC',
      message: expect.stringContaining('holds no position of ours: value: "no JSON"'),
    })
  })

  it.each([
    ['pid', 'cleanup.policy', { configEntries: [{ name: 'cleanup.policy', value: 'delete' }] }, 'delete', 'compact'],
    ['events', 'retention.ms', { configEntries: [{ name: 'retention.ms', value: '1000' }] }, '1000', '-1'],
    ['checkpoint', 'partitions', { numPartitions: 2 }, '2', '1'],
  ] as const)('a topic with the wrong settings is refused: %s, %s', async (topic, setting, options, value, wanted) => {
    const { name, partitions } = topicsOf(place.settings)[topic]
    const admin = kafkaAt(brokers!).admin()
    await admin.connect()
    const entries = 'configEntries' in options ? { configEntries: [...options.configEntries] } : {}
    const numPartitions = 'numPartitions' in options ? options.numPartitions : partitions
    await admin.createTopics({ topics: [{ topic: name, numPartitions, ...entries }], waitForLeaders: true })
    await admin.disconnect()
    const details = { topic: name, setting, value, wanted }
    await expect(publishOnce(place)).rejects.toMatchObject({ code: 'WRONG_TOPIC', details })
  })

  it('credentials that this Kafka has no use for are a wrong setting, not waited for', async () => {
    const sasl = { mechanism: 'plain', username: 'ann', password: 'secret' } as const
    const failed = publishOnce({ ...place, settings: { ...place.settings, sasl } })
    await expect(failed).rejects.toMatchObject({ code: 'BAD_USAGE', message: expect.not.stringContaining('secret') })
  })

  it('topics that can not be made say why', async () => {
    const settings = { ...place.settings, replicas: 100 }
    const failed = publishOnce({ ...place, settings }, { longestWait: 0 })
    await expect(failed).rejects.toMatchObject({ message: expect.stringContaining('eplication') })
  })
})

describe.skipIf(brokers === undefined)('messages', () => {
  it('an event over the size limit says where it is and what it hashes to, and nothing is missing', async () => {
    const place = await openPlace(brokers!, { KAFKA_MAX_MESSAGE_BYTES: '20000' })
    const world = new World()
    world.importContact('a', { first_name: 'Ann' })
    const large = { tenant: 'a', hash: '0'.repeat(64), name: 'large', ruleset: { text: 'x'.repeat(30_000) } }
    const event = world.write('ruleset-a', 'RulesetPublished', large)
    world.importContact('a', { first_name: 'Bo' })
    await appendTo(place, world.written)
    expect(await publishOnce(place)).toMatchObject({ events: world.written.length, leftOut: 1 })
    await expectPublished(place)
    const told = (await readEventsTopic(place)).find(({ headers }) => headers['ce_leftout'] === 'true')
    const { sha256, body } = encodeEvent(event)
    const position = world.written.findIndex((one) => one.event === event)
    const leftOut = { bytes: body.length, position, sha256: sha256.toString('hex') }
    expect(JSON.parse(told!.value!)).toEqual({ leftOut })
    expectValid([told!])
    await place.drop()
  })

  it('are what asyncapi.json says, headers and values, and hold nothing that names a person', async () => {
    const place = await openPlace(brokers!)
    const history = someHistory(8)
    await appendTo(place, history.slice(0, 1_000))
    await publishOnce(place)
    await appendTo(place, history.slice(1_000))
    await publishOnce(place)
    const messages = await readEventsTopic(place)
    expect(new Set(messages.map(({ headers }) => headers['ce_type'])).size).toBeGreaterThan(12)
    expectValid(messages)
    const { personVoter, pid } = topicsOf(place.settings)
    const links = await readTopic(brokers!, personVoter.name)
    expect(links.some(({ value }) => value === null)).toBe(true)
    expectPayloads('PersonVoter', links)
    expectPayloads('Pid', await readTopic(brokers!, pid.name))
    const text = messages.map(({ value }) => value).join('\n')
    for (const told of ['Lee', '+1305', '@example.org', 'Main St', '"pii"']) expect(text).not.toContain(told)
    await place.drop()
  })
})

const document = JSON.parse(readFileSync(new URL('../../../events/asyncapi.json', import.meta.url), 'utf8')) as object
// formats are for readers: what writes them checks them
const ajv = new Ajv({ strict: false, validateFormats: false }).addSchema(document, 'asyncapi')

const expectPart = (message: string, part: 'headers' | 'payload', value: unknown): void => {
  const validate = ajv.getSchema(`asyncapi#/components/messages/${message}/${part}`)!
  expect(validate(value), `${message} ${part}: ${JSON.stringify(validate.errors)}`).toBe(true)
}

const expectPayloads = (name: string, messages: readonly Consumed[]): void => {
  for (const { value } of messages) expectPart(name, 'payload', value === null ? null : JSON.parse(value))
}

const expectValid = (messages: readonly Consumed[]): void => {
  for (const message of messages) {
    const [, type] = message.headers['ce_type']!.split('.')
    expectPart(type!, 'headers', message.headers)
    expectPayloads(type!, [message])
  }
}

/** Writes the position's record as another version of the program would have. */
const rewriteCheckpoint = async (place: Place, change: (reached: object) => object): Promise<void> => {
  const { name } = topicsOf(place.settings).checkpoint
  const newest = (await readTopic(brokers!, name)).filter(({ key }) => key === 'position').at(-1)!
  await sendPosition(place, JSON.stringify(change(JSON.parse(newest.value!) as object)))
}

const sendPosition = async (place: Place, value: string): Promise<void> => {
  const producer = kafkaAt(brokers!).producer()
  await producer.connect()
  await producer.send({ topic: topicsOf(place.settings).checkpoint.name, messages: [{ key: 'position', value }] })
  await producer.disconnect()
}

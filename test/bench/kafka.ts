import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import kafkajs from 'kafkajs'
import { orThrow } from '../../src/errors.js'
import { importList } from '../../src/lists/import-list.js'
import { openList } from '../../src/lists/open-list.js'
import { ensureTopics } from '../../src/publish/ensure-topics.js'
import { type KafkaSettings, kafkaSettingsOf } from '../../src/publish/kafka-settings.js'
import { copySchema } from '../../src/publish/link-tables.js'
import { publish } from '../../src/publish/publish.js'
import { topicsOf } from '../../src/publish/topics.js'
import { rulesInForce } from '../../src/rules/rules-in-force.js'
import { runMatch } from '../../src/runs/run-match.js'
import { openIndex } from '../../src/voters/open-index.js'
import { findBroker } from '../servers/kafka/broker.js'
import { type Bench, type BenchOptions, compare, timed } from './harness.js'
import { type Figure, memoryText, report } from './report.js'
import { type Captured, captureMessages, type Transaction } from './sides/captured-messages.js'
import { florida } from './sides/florida.js'
import { type Imported, withImported } from './sides/imported.js'

const bar = 0.7
const longestLag = 5
const defaultEvents = 500_000
const program = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url))

const settingsFor = (brokers: string, name: string): KafkaSettings =>
  kafkaSettingsOf({ KAFKA_BROKERS: brokers, KAFKA_TOPIC_PREFIX: `bench-${process.pid}-${name}.` })!

const publishAll = async ({ workplace: { db, store } }: Imported, settings: KafkaSettings): Promise<void> => {
  const told = { note: (text: string) => process.stderr.write(`${text}\n`), onProgress: () => undefined }
  const signal = new AbortController().signal
  const { events, messages, transactions } = await publish({ db, store, settings, once: true, signal, ...told })
  process.stderr.write(`${events} events, ${messages} messages, ${transactions} transactions\n`)
}

/** kafkajs alone: the same messages, one request and one commit a transaction. What it reads is read before the clock. */
const sendBare = async (captured: Captured, settings: KafkaSettings): Promise<number> => {
  const { Kafka, logLevel } = kafkajs
  const retry = { initialRetryTime: 20 }
  const kafka = new Kafka({ brokers: [...settings.brokers], logLevel: logLevel.NOTHING, retry })
  const admin = kafka.admin()
  await admin.connect()
  await ensureTopics(admin, Object.values(topicsOf(settings)), settings.replicas)
  await admin.disconnect()
  const producer = kafka.producer({ transactionalId: `${settings.prefix}bare`, maxInFlightRequests: 1 })
  await producer.connect()
  const send = async (topicMessages: Transaction): Promise<void> => {
    const transaction = await producer.transaction()
    await transaction.sendBatch({
      topicMessages: topicMessages.map((one) => ({ ...one, messages: [...one.messages] })),
    })
    await transaction.commit()
  }
  let seconds = 0
  for await (const all of captured.transactions()) {
    const renamed = all.map(({ topic, messages }) => ({
      ...{ topic: topic.replace(/^.*matchbook\./, `${settings.prefix}matchbook.`), messages },
    }))
    seconds += await timed(() => send(renamed))
  }
  await producer.disconnect()
  return seconds
}

const peakOf = (pid: number): number => {
  if (process.platform !== 'linux') return 0
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
}

/** Events that the store has and the topics under this prefix have not. */
const behind = async ({ workplace: { db, store } }: Imported, prefix: string): Promise<number> => {
  const there = await orThrow(db.query(`select from pg_namespace where nspname = $1`, [copySchema(prefix)]))
  if (there.length === 0) return Number.POSITIVE_INFINITY
  const rows = await orThrow(db.query<{ position: number }>(`select position from ${copySchema(prefix)}.checkpoint`))
  return (await orThrow(store.head())) - (rows[0]?.position ?? -1)
}

const waitUntilLevel = async (imported: Imported, prefix: string): Promise<void> => {
  while ((await behind(imported, prefix)) > 0) await sleep(50)
}

/** Imports and matches the list for another tenant, as `import` does. */
const importAgain = async ({ workplace, dataDir, contacts }: Imported, options: BenchOptions): Promise<void> => {
  const files = await florida(options.voters ?? contacts * 2, contacts, options)
  const other = workplace.forTenant('lag')
  await importList(other, await orThrow(openList({ file: files.contacts })), {})
  const rules = await rulesInForce(other, (ref) => openIndex(dataDir, ref, () => undefined))
  await runMatch(other, rules, { kind: 'import' })
}

/** Seconds that the program, which publishes beside an import, is behind when that ends; and the program's memory. */
const lagAfterImport = async (imported: Imported, brokers: string, options: BenchOptions): Promise<Figure> => {
  const { prefix } = settingsFor(brokers, 'lag')
  const env = { ...process.env, DATABASE_URL: imported.url, KAFKA_BROKERS: brokers, KAFKA_TOPIC_PREFIX: prefix }
  const child = spawn(program, ['--quiet', 'publish'], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  const ended = once(child, 'close')
  await waitUntilLevel(imported, prefix)
  const importing = await timed(() => importAgain(imported, options))
  const lag = await timed(() => waitUntilLevel(imported, prefix))
  const peak = peakOf(child.pid!)
  child.kill('SIGTERM')
  await ended
  return {
    ...{ name: 'behind when an import ends, s', subject: `import of ${importing.toFixed(1)} s`, yardstick: '' },
    ...{ value: lag, bar: { atMost: longestLag }, memory: memoryText(peak) },
  }
}

/**
 * Publishing what a list and its decisions have left, two events a contact; the yardstick is kafkajs in a bare loop that
 * sends the same messages, to topics of the same settings, as many a transaction.
 */
export const bench: Bench = async (options) => {
  const size = options.size ?? defaultEvents
  const broker = await findBroker()
  if ('missing' in broker) throw new Error(broker.missing)
  const { brokers } = broker
  const contacts = options.contacts ?? Math.ceil(size / 2)
  try {
    await withImported({ ...options, contacts }, { contacts, votersPerContact: 2 }, async (imported) => {
      const captured = await captureMessages(imported, settingsFor(brokers, 'captured'))
      const measured = await compare({
        ...{ name: 'publishing', amount: captured.messages, unit: 'messages', rounds: options.rounds ?? 3, bar },
        subject: (round) => timed(() => publishAll(imported, settingsFor(brokers, `subject-${round}`))),
        yardstick: (round) => sendBare(captured, settingsFor(brokers, `bare-${round}`)),
      })
      report([measured, await lagAfterImport(imported, brokers, options)], options)
    })
  } finally {
    await broker.leave()
  }
}

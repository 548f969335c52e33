import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { orThrow } from '../../../src/errors.js'
import { generate } from '../../../src/generate/generate.js'
import { importList } from '../../../src/lists/import-list.js'
import { openList } from '../../../src/lists/open-list.js'
import { type KafkaSettings, kafkaSettingsOf } from '../../../src/publish/kafka-settings.js'
import { openKafka } from '../../../src/publish/open-kafka.js'
import { rulesInForce } from '../../../src/rules/rules-in-force.js'
import type { OpenMatcher } from '../../../src/runs/match-pool.js'
import type { RulesInForce } from '../../../src/runs/rules-of-run.js'
import { type RunResult, runMatch } from '../../../src/runs/run-match.js'
import { openIndex } from '../../../src/voters/open-index.js'
import { publishVoterFile } from '../../../src/voters/publish-voter-file.js'
import { recordPublication } from '../../../src/voters/record-publication.js'
import { kafkaMatching } from '../../../src/workers/kafka-matcher.js'
import { decidedTopic, workTopic } from '../../../src/workers/work-topics.js'
import type { Workplace } from '../../../src/workplace.js'
import { kafkaForTests, topicPrefix } from '../../servers/kafka.js'
import { temporaryFolder } from '../../servers/temporary-folder.js'
import { ready, startWorker, type TestWorker } from '../../servers/worker.js'
import { type TestWorkplace, workplaceForTests } from '../../servers/workplace.js'

const brokers = await kafkaForTests('match workers')

/** Above 20,000 voters an index has no widest keys, which cost most of the time. */
const sizes = { voters: 21_000, contacts: 8_500 }
let folder: string
let dataDir: string
let place: TestWorkplace
let env: Readonly<Record<string, string>>
let kafka: KafkaSettings
let workers: TestWorker[] = []
let digest: string
let otherDigest: string

const start = async (...args: string[]): Promise<TestWorker> => {
  const worker = startWorker(dataDir, env, '--threads', '1', ...args)
  workers.push(worker)
  await worker.says(ready)
  return worker
}

const publish = async (file: string, state: string): Promise<void> => {
  const request = { dataDir, files: [join(folder, file)], state, format: 'table' } as const
  await recordPublication(place, await orThrow(publishVoterFile(request)))
}

const rulesOf = (deps: Workplace): Promise<RulesInForce> =>
  rulesInForce(deps, (ref) => openIndex(dataDir, ref, () => undefined))

interface Asked {
  readonly deps?: Workplace
  readonly signal?: AbortSignal
  readonly note?: (text: string) => void
  /** awaited before the chunk of this number is matched */
  readonly before?: (chunk: number) => Promise<unknown>
}

const onWorkers = async ({ deps = place, before, ...options }: Asked = {}): Promise<RunResult> => {
  const { signal = new AbortController().signal, note = () => undefined } = options
  const opened = kafkaMatching({ kafka, signal, note, patience: 500 })
  let chunks = 0
  const openMatcher: OpenMatcher = (...args) => {
    const matcher = opened(...args)
    const match: typeof matcher.match = async (chunk) => {
      await before?.(chunks++)
      return matcher.match(chunk)
    }
    return { ...matcher, match }
  }
  return runMatch(deps, await rulesOf(deps), { kind: 'match_all', openMatcher, signal })
}

/** In this process; answers the digest. */
const importAndMatch = async (deps: Workplace, file: string): Promise<string> => {
  await importList(deps, await orThrow(openList({ file: join(folder, file) })), {})
  const { digest } = await runMatch(deps, await rulesOf(deps), { kind: 'match' })
  await deps.catchUp()
  return digest
}

/** Sends every message of a topic once more. */
const repeater = async (topic: string) => {
  const client = openKafka(kafka)
  const consumer = client.consumer({ groupId: `${topic}.repeater`, maxWaitTimeInMs: 100 })
  const producer = client.producer()
  let repeated = 0
  await Promise.all([consumer.connect(), producer.connect()])
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ message: { key, value, headers } }) => {
      if (headers?.['repeated'] !== undefined) return
      repeated++
      await producer.send({ topic, messages: [{ key, value, headers: { ...headers, repeated: 'yes' } }] })
    },
  })
  return {
    repeated: () => repeated,
    stop: () => Promise.all([consumer.disconnect(), producer.disconnect()]),
  }
}

describe.skipIf(brokers === undefined)('match workers', () => {
  beforeAll(async () => {
    folder = temporaryFolder('workers')
    dataDir = join(folder, 'data')
    env = { KAFKA_BROKERS: brokers!, KAFKA_TOPIC_PREFIX: topicPrefix() }
    kafka = kafkaSettingsOf(env)!
    place = await workplaceForTests()
    await orThrow(generate({ ...sizes, seed: 3, out: folder, format: 'table' }))
    await publish('voters.csv', 'FL')
    digest = await importAndMatch(place, 'contacts.csv')
    otherDigest = await importAndMatch(place.forTenant('other'), 'contacts.csv')
  }, 240_000)
  afterEach(async () => {
    for (const worker of workers) await worker.stop()
    workers = []
  })
  afterAll(async () => {
    await place.drop()
    await rm(folder, { recursive: true, force: true })
  })

  it('one worker or two give what this process gives, and nothing new is recorded', async () => {
    const first = await start('--states', 'FL')
    expect(await onWorkers()).toMatchObject({ digest, recorded: 0 })
    const second = await start('--states', 'Florida')
    expect(await onWorkers()).toMatchObject({ digest, recorded: 0 })
    expect(await second.stop()).toBe(0)
    expect(await first.stop('SIGINT')).toBe(0)
  })

  it('the chunks of a worker that is killed are taken over', async () => {
    const killed = await start('--states', 'FL')
    await start('--states', 'FL')
    const before = async (chunk: number): Promise<void> => {
      if (chunk === 4) await killed.stop('SIGKILL')
    }
    expect(await onWorkers({ before })).toMatchObject({ digest, recorded: 0 })
  }, 120_000)

  it('a state moves between workers that come and go in the middle of a run', async () => {
    const leaving = await start('--states', 'FL')
    const coming: TestWorker[] = []
    const before = async (chunk: number): Promise<void> => {
      if (chunk === 3) coming.push(await start('--states', 'FL'))
      if (chunk === 7) expect(await leaving.stop()).toBe(0)
    }
    expect(await onWorkers({ before })).toMatchObject({ digest, recorded: 0 })
    expect(coming).toHaveLength(1)
  })

  it('a chunk done twice, and an answer given twice, count once', async () => {
    await start('--states', 'FL')
    const jobs = await repeater(workTopic(kafka, 'FL').name)
    const answers = await repeater(decidedTopic(kafka).name)
    expect(await onWorkers()).toMatchObject({ digest, recorded: 0 })
    expect(await onWorkers()).toMatchObject({ digest, recorded: 0 })
    await Promise.all([jobs.stop(), answers.stop()])
    expect(jobs.repeated()).toBeGreaterThan(0)
    expect(answers.repeated()).toBeGreaterThan(0)
  })

  it('serves two tenants at once', async () => {
    const other = place.forTenant('other')
    await start('--states', 'FL')
    const runs = await Promise.all([onWorkers(), onWorkers({ deps: other })])
    expect(runs.map((run) => run.digest)).toEqual([digest, otherDigest])
  })

  it('without a worker of the state a run says so and waits; interrupted, it goes on later', async () => {
    const notes: string[] = []
    const interrupt = new AbortController()
    const note = (text: string): void => {
      notes.push(text)
      interrupt.abort()
    }
    await expect(onWorkers({ note, signal: interrupt.signal })).rejects.toMatchObject({ name: 'AbortError' })
    expect(notes).toEqual([expect.stringContaining('no match worker of engine 2 holds FL; waiting for one')])
    await start('--states', 'FL')
    expect(await onWorkers()).toMatchObject({ digest, recorded: 0 })
  })

  it('a worker leaves work of another engine alone and says so', async () => {
    const producer = openKafka(kafka).producer()
    await producer.connect()
    const worker = await start('--states', 'FL')
    const messages = [{ key: 'FL/1', headers: { engine: '1', job: '1' }, value: 'whatever they send' }]
    await producer.send({ topic: workTopic(kafka, 'FL').name, messages })
    await worker.says('work of engine 1 is left alone: this worker is of engine 2')
    await producer.disconnect()
  })

  it('a worker without a voter file of its state does not start; one without the right file says so to the run', async () => {
    const nothing = startWorker(dataDir, env, '--states', 'TX')
    expect(await nothing.stop('SIGCONT')).toBe(4)
    expect(nothing.said()).toContain('there is no voter file of TX in')
    const unknown = startWorker(dataDir, env, '--states', 'Atlantis')
    expect(await unknown.stop('SIGCONT')).toBe(2)
    const elsewhere = join(folder, 'elsewhere')
    await mkdir(join(elsewhere, 'voters', 'FL'), { recursive: true })
    await writeFile(join(elsewhere, 'voters', 'FL', 'other.parquet'), '')
    const wrong = startWorker(elsewhere, env, '--states', 'FL')
    workers.push(wrong)
    await wrong.says(ready)
    await expect(onWorkers()).rejects.toMatchObject({ code: 'VOTER_FILE_NOT_FOUND' })
  })

  it('persons of two states go to the workers of each, those of neither are matched where the run is', async () => {
    await publish('voters.csv', 'GA')
    const list = (await readFile(join(folder, 'contacts.csv'), 'utf8')).split('\n')
    const states = ['FL', 'GA', '', 'TX']
    const mixed = list.map((line, i) => line.replace(/,FL,/, `,${states[i % 4]},`)).join('\n')
    expect(mixed).toContain(',GA,')
    await writeFile(join(folder, 'mixed.csv'), mixed)
    const deps = place.forTenant('mixed')
    const here = await importAndMatch(deps, 'mixed.csv')
    const [one, two] = [await start('--states', 'FL'), await start('--states', 'GA')]
    expect(await onWorkers({ deps })).toMatchObject({ digest: here, recorded: 0 })
    for (const worker of [one, two]) expect(await worker.stop()).toBe(0)
  })
})

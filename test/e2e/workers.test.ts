import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startLocalBroker } from '../servers/kafka/local-broker.js'
import { canStartBrokers, kafkaForTests, topicPrefix } from '../servers/kafka.js'
import { ready, startWorker } from '../servers/worker.js'
import { type Cli, createCli, finish } from './run-cli.js'

const brokers = await kafkaForTests('match workers on the command line')
const canStart = await canStartBrokers('a broker that goes away under match workers')

describe.skipIf(brokers === undefined)('--workers', () => {
  let cli: Cli
  let env: Readonly<Record<string, string>>
  beforeAll(async () => {
    env = { KAFKA_BROKERS: brokers!, KAFKA_TOPIC_PREFIX: topicPrefix() }
    cli = await createCli(env)
    const made = join(cli.dataDir, 'made')
    await cli.json('generate', '--voters', '6000', '--contacts', '5000', '--seed', '5', '--out', made)
    await cli.json('voters', 'publish', join(made, 'voters.csv'), '--state', 'FL')
  }, 120_000)
  afterAll(() => cli.drop())

  it('without a worker an import waits and says so; interrupted it goes on, and match and rematch come to the same', async () => {
    const list = join(cli.dataDir, 'made', 'contacts.csv')
    const waiting = cli.start('import', list, '--workers')
    waiting.stderr?.on('data', (text: Buffer) => {
      if (text.includes('no match worker')) waiting.kill('SIGINT')
    })
    const { code, stderr } = await finish(waiting)
    expect(stderr).toContain('no match worker of engine 2 holds FL; waiting for one: matchbook worker --states FL')
    expect(code).toBe(130)
    const worker = startWorker(cli.dataDir, env, '--states', 'FL', '--threads', '2')
    await worker.says(ready)
    expect(await cli.json('import', list, '--workers')).toMatchObject({ rows: 5000, resumed: false })
    const { digest } = await cli.json('match', '--all')
    expect(await cli.json('match', '--all', '--workers')).toMatchObject({ digest })
    const { plan } = await cli.json('rematch', '--ruleset', 'simple')
    expect(await cli.json('rematch', '--ruleset', 'simple', '--workers')).toMatchObject({ plan, path: 'everybody' })
    expect(await worker.stop()).toBe(0)
  }, 120_000)

  it.skipIf(!canStart)(
    'goes on when its broker went away in the middle and came back',
    async () => {
      const broker = await startLocalBroker()
      const own = { ...env, KAFKA_BROKERS: broker.brokers }
      const waiting = cli.startWith(own, 'match', '--all', '--workers')
      const ended = finish(waiting)
      await new Promise<void>((resolve) => {
        waiting.stderr?.on('data', (text: string) => {
          if (text.includes('no match worker')) resolve()
        })
      })
      await broker.kill()
      await sleep(2_000)
      await broker.start()
      const worker = startWorker(cli.dataDir, own, '--states', 'FL', '--threads', '2')
      await worker.says(ready)
      // half a minute: the broker takes the run's earlier consumer for alive until its session ends
      expect((await ended).code).toBe(0)
      await worker.stop()
      await broker.remove()
    },
    180_000,
  )

  it.skipIf(!canStart)(
    'a worker waits for a broker that is away at its start',
    async () => {
      const broker = await startLocalBroker()
      await broker.kill()
      const worker = startWorker(cli.dataDir, { ...env, KAFKA_BROKERS: broker.brokers }, '--states', 'FL')
      await worker.says(`${broker.brokers} does not serve`)
      await broker.start()
      await worker.says(ready)
      expect(await worker.stop()).toBe(0)
      await broker.remove()
    },
    60_000,
  )

  it('needs brokers, and MATCHBOOK_WORKERS asks for it, too', async () => {
    const without = { KAFKA_BROKERS: '', MATCHBOOK_WORKERS: 'kafka' }
    const { code, stderr } = await finish(cli.startWith(without, 'match', '--all'))
    expect(stderr).toContain('KAFKA_BROKERS is not set')
    expect(code).toBe(2)
  })
})

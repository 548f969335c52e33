import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../../bench/random.js'
import { type Finished, finish } from '../../e2e/run-cli.js'
import { type LocalBroker, startLocalBroker } from '../../servers/kafka/local-broker.js'
import { canStartBrokers } from '../../servers/kafka.js'
import { countWritten } from './count-written.js'
import {
  appendTo,
  expectPublished,
  openPlace,
  type Place,
  publishOnce,
  type Running,
  readEventsTopic,
  someHistory,
  startPublishing,
  waitFor,
} from './publishing.js'

const canStart = await canStartBrokers('faults of Kafka and of the publisher')

const program = fileURLToPath(new URL('../../../dist/src/main.js', import.meta.url))

/** The publisher as a user runs it, to be killed. */
const startProgram = ({ workplace, env }: Place, ...args: readonly string[]) =>
  spawn(program, ['publish', ...args], { env: { ...process.env, ...env, DATABASE_URL: workplace.url } })

const runProgram = (place: Place, ...args: readonly string[]): Promise<Finished> => finish(startProgram(place, ...args))

const kills = 20

describe.skipIf(!canStart)(
  'after a fault every event is there once, in order by key, and the topics are the tables:',
  () => {
    let broker: LocalBroker
    let place: Place
    const open = async (more: Readonly<Record<string, string>> = {}): Promise<Place> => {
      place = await openPlace(broker.brokers, more)
      return place
    }
    beforeAll(async () => {
      broker = await startLocalBroker()
    })
    afterEach(() => place.drop())
    afterAll(() => broker.remove())

    it('the broker is killed in the middle of a transaction and starts again', async () => {
      // small requests: a transaction has hundreds
      await open({ KAFKA_MAX_MESSAGE_BYTES: '10000' })
      const history = someHistory(11, 4_000)
      await publishOnce(place)
      const written = await countWritten(place)
      await appendTo(place, history)
      let reached = 0
      const running = startPublishing(place, { onProgress: (events) => (reached = events) })
      await waitFor(async () => written.count() > 100)
      await broker.kill()
      expect(written.count()).toBeLessThan(history.length)
      await sleep(300)
      await broker.start()
      await waitFor(async () => reached >= history.length, 60_000)
      await running.stop()
      await expectPublished(place)
      // what stood of the transaction was dropped, and sent again
      await waitFor(async () => written.count() > history.length)
      await written.stop()
    }, 120_000)

    it(`the publisher is killed ${kills} times at random moments while events are appended`, async () => {
      await open()
      const random = seededRandom(20261124)
      const history = someHistory(12, 12_000)
      const appending = (async () => {
        for (let at = 0; at < history.length; at += 60) {
          await appendTo(place, history.slice(at, at + 60))
          await sleep(100)
        }
      })()
      for (let turn = 0; turn < kills; turn++) {
        const child = startProgram(place)
        const ended = finish(child)
        await Promise.race([ended, sleep(500 + random() * 1_000)])
        child.kill('SIGKILL')
        expect((await ended).code).toBe(null)
      }
      await appending
      expect(await runProgram(place, '--once')).toMatchObject({ code: 0 })
      await expectPublished(place)
    }, 180_000)

    it('of two publishers at once the second takes over and the first ends with exit 3', async () => {
      await open()
      const history = someHistory(13)
      await appendTo(place, history.slice(0, 500))
      const first = finish(startProgram(place, '--json'))
      await waitFor(() => publishedUpTo(place, 500))
      const second: Running = startPublishing(place)
      for (let at = 500; at < history.length; at += 100) {
        await appendTo(place, history.slice(at, at + 100))
        await sleep(20)
      }
      const { code, stdout } = await first
      expect({ code, error: JSON.parse(stdout).error.code }).toEqual({ code: 3, error: 'FENCED' })
      await second.stop()
      await publishOnce(place)
      await expectPublished(place)
    }, 60_000)

    it('Kafka is away at the start: waited for, or exit 5 with --once', async () => {
      await open()
      await appendTo(place, someHistory(14, 500))
      await broker.kill()
      const failed = publishOnce(place, { longestWait: 1_000 })
      await expect(failed).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' })
      const running = startPublishing(place)
      await waitFor(async () => running.notes.length > 0)
      expect(running.notes[0]).toContain(`${broker.brokers} does not serve`)
      await broker.start()
      await waitFor(() => publishedUpTo(place, 300), 60_000)
      await running.stop()
      await expectPublished(place)
    }, 120_000)
  },
)

const publishedUpTo = async (place: Place, least: number): Promise<boolean> =>
  (await readEventsTopic(place).catch(() => [])).length >= least

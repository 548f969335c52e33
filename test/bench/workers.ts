import { kafkaSettingsOf } from '../../src/publish/kafka-settings.js'
import { rulesInForce } from '../../src/rules/rules-in-force.js'
import type { OpenMatcher } from '../../src/runs/match-pool.js'
import { runMatch } from '../../src/runs/run-match.js'
import { openIndex } from '../../src/voters/open-index.js'
import { kafkaMatching } from '../../src/workers/kafka-matcher.js'
import { startLocalBroker } from '../servers/kafka/local-broker.js'
import { ready, startWorker, type TestWorker } from '../servers/worker.js'
import { type Bench, compare, median } from './harness.js'
import { type Figure, report } from './report.js'
import { type Imported, withImported } from './sides/imported.js'

/** Two workers match in at most 0.65 of the time of one. */
const bar = 1.54

const quiet = (): void => undefined

/**
 * A run over everybody that has nothing to record, on one worker process and on two, of one thread each. All three run all
 * the time, those of one side apart from those of the other, and have loaded the index before the first round. Matching is
 * timed from its first person read to its last answer; who keeps which voter is then decided by the run alone, which the
 * second figure takes in.
 */
export const bench: Bench = async (options) =>
  withImported(options, { contacts: 100_000, votersPerContact: 5 }, async (imported) => {
    const broker = await startLocalBroker()
    const sides: Side[] = []
    try {
      for (const count of [1, 2]) sides.push(await startSide(imported, broker.brokers, count))
      const [one, two] = sides as [Side, Side]
      const digests = new Set([(await one.run()).digest, (await two.run()).digest])
      const wholes = new Map<Side, number[]>([one, two].map((side) => [side, []]))
      const round = (side: Side) => async () => {
        const { digest, matching, whole } = await side.run()
        digests.add(digest)
        wholes.get(side)!.push(whole)
        return matching
      }
      const measured = await compare({
        name: 'matching, two workers : one',
        amount: imported.contacts,
        unit: 'persons',
        rounds: options.rounds ?? 3,
        subject: round(two),
        yardstick: round(one),
        bar,
      })
      if (digests.size !== 1) throw new Error(`the runs have different digests: ${[...digests].join(', ')}`)
      const [subject, yardstick] = [median(wholes.get(two)!), median(wholes.get(one)!)]
      const whole: Figure = {
        ...{ name: 'the whole run, two workers : one', value: yardstick / subject },
        ...{ subject: `${subject.toFixed(2)} s`, yardstick: `${yardstick.toFixed(2)} s` },
      }
      report([measured, whole], options)
    } finally {
      for (const side of sides) await side.stop()
      await broker.remove()
    }
  })

interface Side {
  /** `matching` and `whole` in seconds */
  readonly run: () => Promise<{ readonly digest: string; readonly matching: number; readonly whole: number }>
  readonly stop: () => Promise<void>
}

const startSide = async ({ workplace, dataDir }: Imported, brokers: string, count: number): Promise<Side> => {
  const env = { KAFKA_BROKERS: brokers, KAFKA_TOPIC_PREFIX: `of-${count}.` }
  const workers: TestWorker[] = []
  for (let i = 0; i < count; i++) workers.push(startWorker(dataDir, env, '--states', 'FL', '--threads', '1'))
  for (const worker of workers) await worker.says(ready)
  const rules = await rulesInForce(workplace, (ref) => openIndex(dataDir, ref, quiet))
  const { signal } = new AbortController()
  return {
    run: async () => {
      const opened = kafkaMatching({ kafka: kafkaSettingsOf(env)!, signal, note: quiet })
      let matching = 0
      const openMatcher: OpenMatcher = (...args) => {
        const begun = performance.now()
        const matcher = opened(...args)
        const close = (): Promise<void> => {
          matching = (performance.now() - begun) / 1000
          return matcher.close()
        }
        return { ...matcher, close }
      }
      const begun = performance.now()
      const { digest } = await runMatch(workplace, rules, { kind: 'match_all', openMatcher })
      return { digest, matching, whole: (performance.now() - begun) / 1000 }
    },
    stop: async () => {
      for (const worker of workers) await worker.stop()
    },
  }
}

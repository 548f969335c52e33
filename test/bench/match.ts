import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Bench, type BenchOptions, compare, median, type Ran } from './harness.js'
import { type Figure, memoryText, rateText, report } from './report.js'
import { florida } from './sides/florida.js'
import type { Matched, MatchingRequest, Quality } from './sides/matching-side.js'
import { type Published, withPublished } from './sides/published.js'
import { type SideProcess, startNodeSide, startSide } from './sides/side.js'

/** Peak memory of matching, in GB. */
const memoryBar = 2.5
/** From so many voters on a state's file is large. */
const manyVoters = 4_000_000

const splinkSide = fileURLToPath(new URL('./sides/splink-side.py', import.meta.url))

interface Sides {
  readonly ask: <A>(request: MatchingRequest) => Promise<A>
  readonly peer: Peer | undefined
}

interface Peer {
  readonly process: SideProcess
  readonly outcomes: string
}

/**
 * Blocking, comparing and scoring of a list in memory against a register, as `evaluate` does it with weights learnt from the
 * two files. Threads begin while the list is read, as there. The yardsticks are one thread instead of two, and Splink, set
 * up by hand, on the same files. Each side is a process of its own, which waits while the other works.
 */
export const bench: Bench = async (options) => {
  const { voters = 1_000_000, contacts = 100_000, splink } = options
  const files = await florida(voters, contacts, options)
  await withPublished(files.voters, async (published) => {
    const subject = startNodeSide('./matching-side.ts')
    const peer = splink === undefined ? undefined : startPeer(splink, files.voters, files.contacts, published)
    try {
      const ask: Sides['ask'] = (request) => subject.ask(request)
      await ask({ do: 'load', published, files })
      await peer?.process.ask({ do: 'load' })
      await measure({ ask, peer }, { voters, contacts }, options)
    } finally {
      await subject.close()
      await peer?.process.close()
    }
  })
}

const startPeer = (python: string, voters: string, contacts: string, { dataDir }: Published): Peer => {
  const outcomes = join(dataDir, 'splink.csv')
  return { process: startSide(python, [splinkSide, voters, contacts, outcomes]), outcomes }
}

interface Sizes {
  readonly voters: number
  readonly contacts: number
}

const measure = async ({ ask, peer }: Sides, sizes: Sizes, options: BenchOptions): Promise<void> => {
  const rounds = options.rounds ?? 3
  const learnt = await ask<Ran>({ do: 'learn' })
  process.stderr.write(`learning: ${learnt.seconds.toFixed(2)} s\n`)
  const runs: Matched[] = []
  const match = async (threads: number): Promise<Matched> => {
    const matched = await ask<Matched>({ do: 'match', threads })
    if (threads === 2) runs.push(matched)
    return matched
  }
  const work = { amount: sizes.contacts, unit: 'contacts', rounds, subject: () => match(2) }
  const threads = await compare({ ...work, name: 'two threads : one', yardstick: () => match(1), bar: 1.8 })
  const alone = figuresAlone(sizes, learnt, runs)
  if (peer === undefined) {
    process.stderr.write('Splink is left out: --splink names a Python that has it\n')
    report([threads, ...alone], options)
    return
  }
  const taught = await peer.process.ask<Ran>({ do: 'learn' })
  process.stderr.write(`Splink's learning: ${taught.seconds.toFixed(2)} s\n`)
  const bar = sizes.voters >= manyVoters ? 15 : 5
  const yardstick = () => peer.process.ask<Ran>({ do: 'match' })
  const against = await compare({ ...work, name: 'matching : Splink', yardstick, bar })
  const { pairs } = await peer.process.ask<{ pairs: number }>({ do: 'outcomes' })
  const quality = await ask<Quality>({ do: 'measure', outcomes: peer.outcomes })
  const theirs = { seconds: against.yardstick, pairs, quality }
  report([threads, ...alone, against, ...figuresAgainst(theirs, runs, learnt, taught)], options)
}

const lastOf = (runs: readonly Matched[]): Matched => runs[runs.length - 1]!
const gigabytes = (mib: number): number => (mib * 2 ** 20) / 1e9

const figuresAlone = ({ contacts, voters }: Sizes, learnt: Ran, runs: readonly Matched[]): readonly Figure[] => {
  const seconds = median(runs.map((run) => run.seconds))
  const peak = Math.max(...runs.map((run) => run.peakRssMiB))
  const { pairs, quality } = lastOf(runs)
  const sizes = `${contacts.toLocaleString('en')} × ${voters.toLocaleString('en')}`
  return [
    { name: 'pairs a contact', subject: rateText(pairs, 'pairs', seconds), yardstick: sizes, value: pairs / contacts },
    { name: 'seconds of learning', ...bare, value: learnt.seconds, memory: memoryText(learnt.peakRssMiB) },
    { name: 'GB of matching', ...bare, value: gigabytes(peak), bar: { atMost: memoryBar }, memory: memoryText(peak) },
    { name: 'best F1', subject: qualityText(quality), yardstick: '', value: quality.bestF1 },
  ]
}

const bare = { subject: '', yardstick: '' }

const qualityText = ({ bestF1, f1, precision, ece }: Quality): string =>
  `${bestF1.toFixed(4)}; at .75 F1 ${f1.toFixed(4)}, precision ${precision.toFixed(4)}; ECE ${ece.toFixed(4)}`

interface Theirs {
  readonly seconds: number
  readonly pairs: number
  readonly quality: Quality
}

const figuresAgainst = (theirs: Theirs, runs: readonly Matched[], learnt: Ran, taught: Ran): readonly Figure[] => {
  const seconds = median(runs.map((run) => run.seconds))
  const { pairs, quality } = lastOf(runs)
  return [
    {
      name: 'pairs : Splink',
      subject: rateText(pairs, 'pairs', seconds),
      yardstick: rateText(theirs.pairs, 'pairs', theirs.seconds),
      value: pairs / seconds / (theirs.pairs / theirs.seconds),
      bar: { atLeast: 10 },
    },
    {
      name: 'learning : Splink',
      subject: `${learnt.seconds.toFixed(2)} s`,
      yardstick: `${taught.seconds.toFixed(2)} s`,
      value: learnt.seconds / taught.seconds,
      bar: { atMost: 0.2 },
      memory: memoryText(learnt.peakRssMiB, taught.peakRssMiB),
    },
    {
      name: "Splink's error gone",
      subject: qualityText(quality),
      yardstick: qualityText(theirs.quality),
      value: 1 - (1 - quality.bestF1) / (1 - theirs.quality.bestF1),
      bar: { atLeast: 0.4 },
    },
  ]
}

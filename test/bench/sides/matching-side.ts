import { readFileSync } from 'node:fs'
import { calibrate } from '../../../src/evaluate/calibrate.js'
import { bestThreshold, type Linking, measureThreshold, type Truth } from '../../../src/evaluate/measure-links.js'
import { type LabelledContacts, readContacts } from '../../../src/evaluate/read-contacts.js'
import { readTruth } from '../../../src/evaluate/read-labels.js'
import { runEngine } from '../../../src/evaluate/run-engine.js'
import type { Ruleset } from '../../../src/match/ruleset.js'
import { shippedStandard } from '../../../src/match/standard/standard-ruleset.js'
import { rowOfSvid } from '../../../src/match/voter-version.js'
import type { BegunMatching } from '../../../src/runs/match-pool.js'
import type { LoadedIndex } from '../../../src/voters/load-index.js'
import { openIndex } from '../../../src/voters/open-index.js'
import { peakRssMiB, type Ran, resetPeakRss, timed } from '../harness.js'
import type { Florida } from './florida.js'
import type { Published } from './published.js'
import { answerRequests } from './side.js'

/** Matching as `evaluate` does it, and the measures of it and of its peer. */
export type MatchingRequest =
  | { readonly do: 'load'; readonly published: Published; readonly files: Florida }
  | { readonly do: 'learn' }
  | { readonly do: 'match'; readonly threads: number }
  | { readonly do: 'measure'; readonly outcomes: string }

export interface Quality {
  readonly bestF1: number
  /** at the threshold in force unless set otherwise */
  readonly f1: number
  readonly precision: number
  readonly ece: number
}

export interface Matched extends Ran {
  readonly pairs: number
  readonly quality: Quality
}

const threshold = 0.75
const { signal } = new AbortController()
const untold = (): void => undefined

let loaded: LoadedIndex
let contactsFile: string
let list: LabelledContacts
let truth: Truth
let ruleset: Ruleset = shippedStandard

const qualityOf = (linking: Linking): Quality => {
  const { f1, precision } = measureThreshold(linking, truth, threshold)
  return { bestF1: bestThreshold(linking, truth).f1, f1, precision, ece: calibrate(linking, truth).ece }
}

/** A peer's best voter of each contact, a CSV of contact, SVID and probability. */
const linkingOf = (file: string): Linking => {
  const linking = {
    voters: new Int32Array(list.ids.length).fill(-1),
    score: new Float64Array(list.ids.length),
  }
  for (const line of readFileSync(file, 'utf8').trimEnd().split('\n').slice(1)) {
    const [id, svid, score] = line.split(',') as [string, string, string]
    const place = list.places.get(id)!
    linking.voters[place] = rowOfSvid(loaded.index, svid)
    linking.score[place] = Number(score)
  }
  return linking
}

/**
 * Threads begin while the list is read, under the rules that ship, as in `evaluate`: so it is read once more for each run,
 * and what is timed are new threads with the practice that a user's have, not those of the run before.
 */
const beginReading = async (threads: number): Promise<BegunMatching | undefined> => {
  let begun: BegunMatching | undefined
  const onCounted = (contacts: number): void => {
    begun = runEngine.begin(loaded, contacts, { ruleset: shippedStandard, threshold }, threads)
  }
  await readContacts({ file: contactsFile, signal, onCounted }, untold)
  return begun
}

const measured = async (work: () => Promise<unknown>): Promise<Ran> => {
  resetPeakRss()
  return { seconds: await timed(work), peakRssMiB: peakRssMiB() }
}

await answerRequests(async (request: MatchingRequest) => {
  switch (request.do) {
    case 'load': {
      const { published, files } = request
      loaded = await openIndex(published.dataDir, published, (note) => process.stderr.write(`${note}\n`))
      contactsFile = files.contacts
      list = await readContacts({ file: contactsFile, signal }, untold)
      truth = await readTruth(files.truth, list, loaded.index, signal)
      return { peakRssMiB: peakRssMiB() }
    }
    case 'learn':
      return measured(async () => {
        const { ruleset: learnt, notes } = await runEngine.train(loaded.index, list.packed, untold)
        for (const note of notes) process.stderr.write(`${note}\n`)
        ruleset = learnt
      })
    case 'match': {
      const { threads } = request
      const begun = await beginReading(threads)
      const options = { threshold, threads, voterKeeps: 'every contact', onProgress: untold } as const
      let scored: Awaited<ReturnType<typeof runEngine.match>>
      const ran = await measured(async () => {
        scored = await runEngine.match(
          loaded,
          list.packed,
          ruleset,
          begun === undefined ? options : { ...options, begun },
        )
      })
      return { ...ran, pairs: scored!.pairs, quality: qualityOf({ voters: scored!.best, score: scored!.score }) }
    }
    case 'measure':
      return qualityOf(linkingOf(request.outcomes))
  }
})

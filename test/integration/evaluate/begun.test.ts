import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { orThrow } from '../../../src/errors.js'
import { type LabelledContacts, readContacts } from '../../../src/evaluate/read-contacts.js'
import { runEngine } from '../../../src/evaluate/run-engine.js'
import { generate } from '../../../src/generate/generate.js'
import { unpackContacts } from '../../../src/match/packed-contacts.js'
import { type Ruleset, simpleRuleset } from '../../../src/match/ruleset.js'
import type { ScoredChunk } from '../../../src/match/scored-chunk.js'
import { shippedStandard } from '../../../src/match/standard/standard-ruleset.js'
import type { VoterIndex } from '../../../src/match/voter-index.js'
import { matchPrepared } from '../../../src/runs/match-job.js'
import { practise } from '../../../src/runs/practise.js'
import type { LoadedIndex } from '../../../src/voters/load-index.js'
import { openIndex } from '../../../src/voters/open-index.js'
import { publishVoterFile } from '../../../src/voters/publish-voter-file.js'
import { indexFromShared } from '../../../src/voters/shared-index.js'

const threshold = 0.75
const { signal } = new AbortController()
const { weights } = shippedStandard
/** Of a register that holds few of a list, by housemates who are many. */
const others: Ruleset = { ...shippedStandard, name: 'others', weights: { ...weights, inFile: 0.2, household: 2 } }

let folder: string
let loaded: LoadedIndex
let list: LabelledContacts

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'matchbook-begun-'))
  await orThrow(generate({ voters: 6_000, contacts: 4_500, seed: 23, out: folder, format: 'table' }))
  const dataDir = path.join(folder, 'data')
  const files = [path.join(folder, 'voters.csv')]
  const published = await orThrow(publishVoterFile({ dataDir, files, state: 'FL', format: 'table' }))
  loaded = await openIndex(dataDir, published, () => undefined)
  list = await readContacts({ file: path.join(folder, 'contacts.csv'), signal }, () => undefined)
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const match = (ruleset: Ruleset, more: Partial<Parameters<typeof runEngine.match>[3]> = {}) =>
  runEngine.match(loaded, list.packed, ruleset, {
    ...{ threshold, voterKeeps: 'every contact', threads: 1, onProgress: () => undefined },
    ...more,
  })

const begin = (ruleset: Ruleset, contacts = list.packed.count) => {
  const begun = runEngine.begin(loaded, contacts, { ruleset, threshold: 0.1 }, 2)
  onTestFinished(() => begun?.close())
  return begun
}

describe('matching that begins before there is anything to match', () => {
  it('finds under other rules what they find, whether its threads have practised or not', async () => {
    const rulesets = [others, shippedStandard, simpleRuleset]
    for (const [i, ruleset] of rulesets.entries()) {
      const begun = begin(rulesets[(i + 1) % rulesets.length]!)!
      if (i > 0) await setTimeout(500)
      expect(await match(ruleset, { begun })).toEqual(await match(ruleset))
    }
    expect(await match(others)).not.toEqual(await match(shippedStandard))
  })

  it('replaces a thread that dies while it practises by one under the same rules', async () => {
    const workers: Worker[] = []
    process.on('worker', (worker) => {
      if (workers.push(worker) === 1) worker.once('online', () => void worker.terminate())
    })
    onTestFinished(() => void process.removeAllListeners('worker'))
    const begun = begin(others)!
    const matched = match(shippedStandard, { begun })
    expect(await matched).toEqual(await match(shippedStandard))
    expect(workers).toHaveLength(3)
  })

  it('does not begin for few contacts or one thread', () => {
    expect(begin(shippedStandard, 3_999)).toBeUndefined()
    expect(runEngine.begin(loaded, 100_000, { ruleset: shippedStandard, threshold }, 1)).toBeUndefined()
  })
})

describe('on one thread', () => {
  const matchOn = (index: VoterIndex, ruleset: Ruleset): ScoredChunk => {
    const contacts = unpackContacts(list.packed, 0, 2_000)
    const persons = contacts.map((contact) => ({ contacts: [contact], states: [], excluded: [] }))
    return matchPrepared(persons, [index], { ruleset, threshold })
  }
  /** one for which nothing was made yet */
  const anIndex = (): VoterIndex => {
    const shared = new SharedArrayBuffer(loaded.shared.byteLength)
    new Uint8Array(shared).set(new Uint8Array(loaded.shared))
    return indexFromShared(shared)
  }

  it('one set of rules after another finds what each finds alone, and practice changes nothing', async () => {
    const index = anIndex()
    await practise([index], { ruleset: shippedStandard, threshold }, () => true)
    for (const ruleset of [others, shippedStandard, others]) {
      expect(matchOn(index, ruleset)).toEqual(matchOn(anIndex(), ruleset))
    }
  })

  it('practice ends as soon as there is work', async () => {
    let looks = 0
    await practise([anIndex()], { ruleset: shippedStandard, threshold }, () => ++looks < 3)
    expect(looks).toBe(3)
  })
})

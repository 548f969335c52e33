import { parentPort, workerData } from 'node:worker_threads'
import { indexFromShared } from '../voters/load-index.js'
import { type MatchRules, matchChunk, matchPacked } from './match-job.js'
import { practise } from './practise.js'
import type { RawPerson } from './prepare-person.js'

/** A worker thread of a run: takes chunks of persons, hands back typed arrays. The voter indexes are shared memory. */
export interface WorkerStart {
  readonly indexes: readonly SharedArrayBuffer[]
  readonly rules: MatchRules
}

/** Persons as the tables have them, or packed contacts. */
export type MatchTask = { readonly raw: readonly RawPerson[] } | { readonly packed: string }

/** What a worker is told: a task, which it answers, or the rules from then on. */
export type ToMatchWorker = MatchTask | { readonly rules: MatchRules }

const port = parentPort
if (port === null) throw new Error('match-worker runs as a worker thread')

const { indexes, rules: rulesAtStart } = workerData as WorkerStart
const voterIndexes = indexes.map(indexFromShared)
let rules = rulesAtStart
let isIdle = true

port.on('message', (told: ToMatchWorker) => {
  isIdle = false
  if ('rules' in told) {
    rules = told.rules
    return
  }
  // copied, not handed over: with the first buffer that a thread gives away V8 throws away all its compiled code that reads
  // arrays, and the second chunk took as long as the first, a tenth of a second; copying one takes less than 0.1 ms
  port.postMessage(
    'raw' in told ? matchChunk(told.raw, voterIndexes, rules) : matchPacked(told.packed, voterIndexes, rules),
  )
})

await practise(voterIndexes, rules, () => isIdle)

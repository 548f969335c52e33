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
  // copied, not handed over: the first buffer that a thread gives away makes V8 throw away all its compiled code that reads
  // arrays, which cost a thread a tenth of a second more than the copies of a million contacts' answers
  port.postMessage(
    'raw' in told ? matchChunk(told.raw, voterIndexes, rules) : matchPacked(told.packed, voterIndexes, rules),
  )
})

await practise(voterIndexes, rules, () => isIdle)

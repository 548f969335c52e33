import { parentPort, workerData } from 'node:worker_threads'
import { indexFromShared } from '../voters/shared-index.js'
import { type MatchRules, matchChunk } from './match-job.js'
import type { RawPerson } from './prepare-person.js'

/** A worker thread of a run: takes chunks of persons, hands back typed arrays. The voter indexes are shared memory. */
export interface WorkerStart {
  readonly indexes: readonly SharedArrayBuffer[]
  readonly rules: MatchRules
}

const port = parentPort
if (port === null) throw new Error('match-worker runs as a worker thread')

const { indexes, rules } = workerData as WorkerStart
const voterIndexes = indexes.map(indexFromShared)

port.on('message', (persons: readonly RawPerson[]) => {
  // copied, not handed over: with the first buffer that a thread gives away V8 throws away all its compiled code that reads
  // arrays, and the second chunk took as long as the first, a tenth of a second; copying one takes less than 0.1 ms
  port.postMessage(matchChunk(persons, voterIndexes, rules))
})

import { parentPort, workerData } from 'node:worker_threads'
import { buffersOf } from '../match/scored-chunk.js'
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
  const chunk = matchChunk(persons, voterIndexes, rules)
  port.postMessage(chunk, buffersOf(chunk))
})

import { parentPort, workerData } from 'node:worker_threads'
import { buffersOf } from '../match/scored-chunk.js'
import { indexFromShared } from '../voters/load-index.js'
import { type MatchRules, matchChunk, matchPacked } from './match-job.js'
import type { RawPerson } from './prepare-person.js'

/** A worker thread of a run: takes chunks of persons, hands back typed arrays. The voter indexes are shared memory. */
export interface WorkerStart {
  readonly indexes: readonly SharedArrayBuffer[]
  readonly rules: MatchRules
}

/** Persons as the tables have them, or packed contacts. */
export type MatchTask = { readonly raw: readonly RawPerson[] } | { readonly packed: string }

const port = parentPort
if (port === null) throw new Error('match-worker runs as a worker thread')

const { indexes, rules } = workerData as WorkerStart
const voterIndexes = indexes.map(indexFromShared)

port.on('message', (task: MatchTask) => {
  const chunk =
    'raw' in task ? matchChunk(task.raw, voterIndexes, rules) : matchPacked(task.packed, voterIndexes, rules)
  port.postMessage(chunk, buffersOf(chunk))
})

import { parentPort, workerData } from 'node:worker_threads'
import type { PreparedPerson } from '../match/prepared.js'
import { buffersOf } from '../match/scored-chunk.js'
import { indexFromShared } from '../voters/load-index.js'
import { type MatchRules, matchChunk, matchPrepared } from './match-job.js'
import type { RawPerson } from './prepare-person.js'

/** A worker thread of a run: takes chunks of persons, hands back typed arrays. The voter indexes are shared memory. */
export interface WorkerStart {
  readonly indexes: readonly SharedArrayBuffer[]
  readonly rules: MatchRules
}

/** Persons as the tables have them, or prepared already, as JSON. */
export type MatchTask = { readonly raw: readonly RawPerson[] } | { readonly prepared: string }

const port = parentPort
if (port === null) throw new Error('match-worker runs as a worker thread')

const { indexes, rules } = workerData as WorkerStart
const voterIndexes = indexes.map(indexFromShared)

port.on('message', (task: MatchTask) => {
  const chunk =
    'raw' in task
      ? matchChunk(task.raw, voterIndexes, rules)
      : matchPrepared(JSON.parse(task.prepared) as PreparedPerson[], voterIndexes, rules)
  port.postMessage(chunk, buffersOf(chunk))
})

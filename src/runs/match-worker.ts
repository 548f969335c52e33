import { parentPort, workerData } from 'node:worker_threads'
import type { PackedContacts } from '../match/packed-contacts.js'
import { buffersOf } from '../match/scored-chunk.js'
import { indexFromShared } from '../voters/load-index.js'
import { type MatchRules, matchChunk, matchList } from './match-job.js'
import type { RawPerson } from './prepare-person.js'

/** A worker thread of a run: takes chunks of persons, hands back typed arrays. Indexes and list are shared memory. */
export interface WorkerStart {
  readonly indexes: readonly SharedArrayBuffer[]
  /** where the tasks are parts of one */
  readonly list?: PackedContacts
  readonly rules: MatchRules
}

/** Persons as the tables have them, or contacts of the list. */
export type MatchTask = { readonly raw: readonly RawPerson[] } | { readonly from: number; readonly to: number }

const port = parentPort
if (port === null) throw new Error('match-worker runs as a worker thread')

const { indexes, list, rules } = workerData as WorkerStart
const voterIndexes = indexes.map(indexFromShared)

port.on('message', (task: MatchTask) => {
  const chunk =
    'raw' in task
      ? matchChunk(task.raw, voterIndexes, rules)
      : matchList(list!, task.from, task.to, voterIndexes, rules)
  port.postMessage(chunk, buffersOf(chunk))
})

import { parentPort, workerData } from 'node:worker_threads'
import type { PackedContacts } from '../match/packed-contacts.js'
import { buffersOf } from '../match/scored-chunk.js'
import { indexFromShared } from '../voters/shared-index.js'
import { listMatching } from './match-list.js'
import type { WorkerStart } from './match-worker.js'

/** A worker thread over one list, which is shared memory as the indexes are: it is told which contacts. */
export interface ListWorkerStart extends WorkerStart {
  readonly list: PackedContacts
}

export interface ListPart {
  readonly from: number
  readonly to: number
}

const port = parentPort
if (port === null) throw new Error('list-worker runs as a worker thread')

const { indexes, list, rules } = workerData as ListWorkerStart
const match = await listMatching(list, indexes.map(indexFromShared), rules)

port.on('message', ({ from, to }: ListPart) => {
  const chunk = match(from, to)
  port.postMessage(chunk, buffersOf(chunk))
})

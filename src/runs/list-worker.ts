import { parentPort, workerData } from 'node:worker_threads'
import type { PackedContacts } from '../match/packed-contacts.js'
import { indexFromShared } from '../voters/shared-index.js'
import { listMatching, type MatchContacts } from './match-list.js'
import type { WorkerStart } from './match-worker.js'
import { practise } from './practise.js'

/** A worker thread over one list, which is shared memory as the indexes are: it is told which contacts. */
export interface ListWorkerStart extends WorkerStart {
  /** undefined: it comes later, and until then the thread practises */
  readonly list: PackedContacts | undefined
}

export interface ListPart {
  readonly from: number
  readonly to: number
}

const port = parentPort
if (port === null) throw new Error('list-worker runs as a worker thread')

const { indexes, list, rules } = workerData as ListWorkerStart
const voterIndexes = indexes.map(indexFromShared)
let isIdle = true
let matching: Promise<MatchContacts> | undefined
const take = (start: Omit<ListWorkerStart, 'indexes'>): void => {
  if (start.list !== undefined) matching = listMatching(start.list, voterIndexes, start.rules)
}

port.on('message', async (told: ListPart | ListWorkerStart) => {
  isIdle = false
  if ('rules' in told) return take(told)
  const match = await matching
  if (match === undefined) throw new Error('list-worker was given contacts of no list')
  // copied, as match-worker says
  port.postMessage(match(told.from, told.to))
})

take({ list, rules })
if (list === undefined) await practise(voterIndexes, rules, () => isIdle)

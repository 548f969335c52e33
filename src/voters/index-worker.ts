import { parentPort } from 'node:worker_threads'
import type { KeyIndex } from '../match/voter-index.js'
import { buildPersons, buildReach, type PartRequest, type PersonsPart } from './build-part.js'
import type { EncodedColumns } from './encode-persons.js'
import { buildKey, type ColumnKey, type KeyColumns } from './key-index.js'

/** The second thread of building an index. What it hands back lies in shared memory: nothing is copied. */
export type IndexTask =
  | { readonly kind: 'persons'; readonly request: PartRequest }
  | { readonly kind: 'reach'; readonly request: PartRequest }
  | { readonly kind: 'keys'; readonly keys: readonly ColumnKey[]; readonly columns: KeyColumns }

export type IndexAnswer =
  | { readonly kind: 'persons'; readonly part: PersonsPart }
  | { readonly kind: 'reach'; readonly part: EncodedColumns }
  | { readonly kind: 'keys'; readonly keys: readonly KeyIndex[] }
  | { readonly kind: 'failed'; readonly error: unknown }

const port = parentPort
if (port === null) throw new Error('index-worker runs as a worker thread')

const answer = async (task: IndexTask): Promise<IndexAnswer> => {
  if (task.kind === 'persons') return { kind: 'persons', part: await buildPersons(task.request) }
  if (task.kind === 'reach') return { kind: 'reach', part: await buildReach(task.request) }
  return { kind: 'keys', keys: task.keys.map((key) => buildKey(key, task.columns)) }
}

port.on('message', (task: IndexTask) => {
  answer(task).then(
    (done) => port.postMessage(done),
    (error: unknown) => port.postMessage({ kind: 'failed', error } satisfies IndexAnswer),
  )
})

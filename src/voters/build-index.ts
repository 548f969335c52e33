import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { builtFile } from '../built-file.js'
import { blockingKeys, type KeyIndex, textColumns, type VoterIndex } from '../match/voter-index.js'
import { buildPersons, buildPlaces, buildReach, type PartRequest, type PersonsPart } from './build-part.js'
import { buildRecords } from './build-records.js'
import type { EncodedColumns } from './encode-persons.js'
import type { IndexAnswer, IndexTask } from './index-worker.js'
import { buildKey, type ColumnKey, type KeyColumns } from './key-index.js'
import type { BadSvids } from './svid-column.js'

/** A second thread for half of the work; started early, since loading its modules takes some 200 ms. */
export interface IndexHelper {
  readonly ask: (task: IndexTask) => Promise<IndexAnswer>
  readonly close: () => Promise<void>
}

/** Below this many voters one thread is done before a second has started. */
const fewVoters = 100_000

const startHelper = (): IndexHelper => {
  const worker = new Worker(builtFile(import.meta.url, './index-worker.js'))
  // A worker that fails before anybody asks must not end the process: the next question meets the failure.
  const failed = once(worker, 'exit').then(
    ([code]) => ({ kind: 'failed', error: new Error(`the index worker ended with code ${code}`) }) as const,
    (error: unknown) => ({ kind: 'failed', error }) as const,
  )
  return {
    ask: async (task) => {
      worker.postMessage(task)
      return Promise.race([once(worker, 'message').then(([message]) => message as IndexAnswer), failed])
    },
    close: async () => {
      await worker.terminate()
    },
  }
}

export interface BuiltIndex {
  readonly parts: Omit<VoterIndex, 'state' | 'voterFile'>
  readonly bad: BadSvids
}

/** A helper when the file is worth one. */
export const helperFor = (sourceBytes: number): IndexHelper | undefined =>
  sourceBytes > fewVoters * 50 ? startHelper() : undefined

/** Builds the index of an artifact on this thread and, if there is one, the helper's. Throws AppErrors of reading. */
export const buildIndex = async (request: PartRequest, helper: IndexHelper | undefined): Promise<BuiltIndex> => {
  const [persons, places, reach] = await buildParts(request, helper)
  const { rows } = request
  const columns = {
    voters: rows,
    columns: { ...places.columns, ...reach.columns, ...persons.columns } as VoterIndex['columns'],
    birthDate: persons.birthDate,
    lastSoundex: persons.lastSoundex,
  }
  const vocabularies = {
    ...places.vocabularies,
    ...reach.vocabularies,
    ...persons.vocabularies,
  } as VoterIndex['vocabularies']
  for (const name of textColumns) {
    if (columns.columns[name] === undefined || vocabularies[name] === undefined) throw new Error(`${name} is not built`)
  }
  const keys = { svid: persons.svidKey, ...(await buildKeys({ ...columns, names: vocabularies }, helper)) }
  const { svids, extras, bad } = persons
  const records = buildRecords({ ...columns, contactPoints: vocabularies })
  return { parts: { ...columns, records, vocabularies, svids, extras, keys }, bad }
}

type Parts = readonly [persons: PersonsPart, places: EncodedColumns, reach: EncodedColumns]

/** The helper builds persons, this thread places; reach falls to whoever is done first. */
const buildParts = async (request: PartRequest, helper: IndexHelper | undefined): Promise<Parts> => {
  if (helper === undefined) return [await buildPersons(request), await buildPlaces(request), await buildReach(request)]
  let reach: Promise<EncodedColumns> | undefined
  const persons = helper.ask({ kind: 'persons', request }).then(async (answer) => {
    if (answer.kind !== 'persons') throw failureOf(answer)
    reach ??= askReach(helper, request)
    return [answer.part, await reach] as const
  })
  const places = buildPlaces(request).then(async (part) => {
    reach ??= buildReach(request)
    return [part, await reach] as const
  })
  const [[personsPart, reachPart], [placesPart]] = await Promise.all([persons, places])
  return [personsPart, placesPart, reachPart]
}

const askReach = async (helper: IndexHelper, request: PartRequest): Promise<EncodedColumns> => {
  const answer = await helper.ask({ kind: 'reach', request })
  if (answer.kind !== 'reach') throw failureOf(answer)
  return answer.part
}

const columnKeys = blockingKeys.filter((key): key is ColumnKey => key !== 'svid')

/** In two lists of about the same work, one for the helper. */
const keyLists: readonly (readonly ColumnKey[])[] = [
  columnKeys.filter((_, i) => i % 2 === 0),
  columnKeys.filter((_, i) => i % 2 === 1),
]

const buildKeys = async (
  columns: KeyColumns,
  helper: IndexHelper | undefined,
): Promise<Pick<VoterIndex['keys'], ColumnKey>> => {
  const [ours, theirs] = keyLists as [readonly ColumnKey[], readonly ColumnKey[]]
  const asked = helper?.ask({ kind: 'keys', keys: theirs, columns })
  const built = ours.map((key) => [key, buildKey(key, columns)] as const)
  const answer = await asked
  if (answer !== undefined && answer.kind !== 'keys') throw failureOf(answer)
  const others = theirs.map((key, i) => [key, answer?.keys[i] ?? buildKey(key, columns)] as const)
  return Object.fromEntries([...built, ...others]) as Record<ColumnKey, KeyIndex>
}

const failureOf = (answer: IndexAnswer): unknown =>
  answer.kind === 'failed' ? answer.error : new Error(`the index worker answered ${answer.kind}`)

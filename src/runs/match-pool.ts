import { Worker } from 'node:worker_threads'
import { builtFile } from '../built-file.js'
import type { PackedContacts } from '../match/packed-contacts.js'
import type { ScoredChunk } from '../match/scored-chunk.js'
import type { VoterIndex } from '../match/voter-index.js'
import { indexFromShared } from '../voters/shared-index.js'
import type { ListPart, ListWorkerStart } from './list-worker.js'
import { type MatchRules, matchChunk } from './match-job.js'
import { listMatching } from './match-list.js'
import type { WorkerStart } from './match-worker.js'
import type { RawPerson } from './prepare-person.js'

export interface Matcher {
  /** so many chunks under way keep it busy */
  readonly width: number
  /** Matches one chunk; several may be under way at once. */
  readonly match: (persons: readonly RawPerson[]) => Promise<ScoredChunk>
  readonly close: () => Promise<void>
}

/** Of one list, each contact a person of its own. */
export interface ListMatcher {
  /** Matches the contacts from `from` to below `to`. */
  readonly match: (from: number, to: number) => Promise<ScoredChunk>
  readonly close: () => Promise<void>
}

/** On this thread: for few persons, where starting workers would take longer than matching. */
const inlineMatcher = (indexes: readonly VoterIndex[], rules: MatchRules): Matcher => ({
  width: 1,
  match: async (persons) => matchChunk(persons, indexes, rules),
  close: async () => undefined,
})

interface Pending<Task> {
  readonly task: Task
  readonly resolve: (chunk: ScoredChunk) => void
  readonly reject: (error: unknown) => void
}

interface WorkerPool<Task, Start> {
  readonly ask: (task: Task) => Promise<ScoredChunk>
  /** What threads start with from now on; those that have started are told. */
  readonly startWith: (workerData: Start) => void
  readonly close: () => Promise<void>
}

/** Young generation of a worker, MiB: a chunk of persons dies in it. */
const youngGeneration = 48

/** A worker that dies this often has a bug in it: the chunk that kills it is reported instead of tried for ever. */
const mostDeaths = 3

/**
 * Worker threads over shared indexes. A worker that dies is replaced and its chunk done again: matching is pure, so the
 * answer is the same.
 */
const workerPool = <Task, Start = WorkerStart>(file: URL, first: Start, threads: number): WorkerPool<Task, Start> => {
  let workerData = first
  const waiting: Pending<Task>[] = []
  const idle: Worker[] = []
  const busy = new Map<Worker, Pending<Task>>()
  let deaths = 0
  let closed = false

  const feed = (): void => {
    while (idle.length > 0 && waiting.length > 0) {
      const worker = idle.pop()!
      const pending = waiting.shift()!
      busy.set(worker, pending)
      worker.postMessage(pending.task)
    }
  }
  const start = (): void => {
    const worker = new Worker(file, {
      workerData,
      // built files need no loader that this process may run sources with: it would take longer to start than all else
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: youngGeneration },
    })
    worker.on('message', (chunk: ScoredChunk) => {
      const pending = busy.get(worker)
      busy.delete(worker)
      idle.push(worker)
      pending?.resolve(chunk)
      feed()
    })
    worker.on('error', (error) => bury(worker, error))
    worker.on('exit', (code) => bury(worker, new Error(`a match worker ended with code ${code}`)))
    idle.push(worker)
  }
  const bury = (worker: Worker, error: unknown): void => {
    const known = busy.has(worker) || idle.includes(worker)
    if (!known || closed) return
    const pending = busy.get(worker)
    busy.delete(worker)
    if (idle.includes(worker)) idle.splice(idle.indexOf(worker), 1)
    if (++deaths > mostDeaths) {
      for (const each of [...(pending === undefined ? [] : [pending]), ...waiting.splice(0)]) each.reject(error)
      return
    }
    if (pending !== undefined) waiting.unshift(pending)
    start()
    feed()
  }

  for (let i = 0; i < threads; i++) start()
  return {
    ask: (task) =>
      new Promise((resolve, reject) => {
        waiting.push({ task, resolve, reject })
        feed()
      }),
    startWith: (next) => {
      workerData = next
      for (const worker of [...idle, ...busy.keys()]) worker.postMessage(next)
    },
    close: async () => {
      closed = true
      await Promise.all([...idle, ...busy.keys()].map((worker) => worker.terminate()))
    },
  }
}

/** Below this many persons one thread is done before workers have started (some 60 ms each). */
export const fewPersons = 4_000

/** A matcher for about so many persons over indexes in shared memory. `threads`: of this process. */
export type OpenMatcher = (
  persons: number,
  shared: readonly SharedArrayBuffer[],
  rules: MatchRules,
  threads: number,
) => Matcher

/** In this process. */
export const matcherFor: OpenMatcher = (persons, shared, rules, threads) => {
  if (persons < fewPersons || threads < 2) return inlineMatcher(shared.map(indexFromShared), rules)
  const file = builtFile(import.meta.url, './match-worker.js')
  const pool = workerPool<readonly RawPerson[]>(file, { indexes: shared, rules }, threads)
  return { width: threads, match: pool.ask, close: pool.close }
}

/** Of a list against one voter file or several, in this process. */
export const listMatcherFor = (
  list: PackedContacts,
  shared: readonly SharedArrayBuffer[],
  rules: MatchRules,
  threads: number,
): ListMatcher => {
  if (list.count < fewPersons || threads < 2) {
    const matching = listMatching(list, shared.map(indexFromShared), rules)
    return { match: async (from, to) => (await matching)(from, to), close: async () => undefined }
  }
  return beginMatching(shared, rules, threads, list).matcher(list, rules)
}

/** Threads that have begun to match, before all is known that they will match. */
export interface BegunMatching {
  /** of a list, under other rules than it began with */
  readonly matcher: (list: PackedContacts, rules: MatchRules) => ListMatcher
  readonly close: () => Promise<void>
}

/** Starts threads that practise until they are told of a list, under `rules`. Undefined: few contacts, or one thread. */
export const beginListMatching = (
  contacts: number,
  shared: readonly SharedArrayBuffer[],
  rules: MatchRules,
  threads: number,
): BegunMatching | undefined =>
  contacts < fewPersons || threads < 2 ? undefined : beginMatching(shared, rules, threads, undefined)

const beginMatching = (
  indexes: readonly SharedArrayBuffer[],
  rules: MatchRules,
  threads: number,
  known: PackedContacts | undefined,
): BegunMatching => {
  const file = builtFile(import.meta.url, './list-worker.js')
  const pool = workerPool<ListPart, ListWorkerStart>(file, { indexes, list: known, rules }, threads)
  return {
    matcher: (list, next) => {
      if (list !== known) pool.startWith({ indexes, list, rules: next })
      return { match: (from, to) => pool.ask({ from, to }), close: pool.close }
    },
    close: pool.close,
  }
}

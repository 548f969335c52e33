import { Worker } from 'node:worker_threads'
import { builtFile } from '../built-file.js'
import type { ScoredChunk } from '../match/scored-chunk.js'
import type { VoterIndex } from '../match/voter-index.js'
import { indexFromShared } from '../voters/load-index.js'
import { type MatchRules, matchChunk, matchPacked } from './match-job.js'
import type { MatchTask, ToMatchWorker, WorkerStart } from './match-worker.js'
import type { RawPerson } from './prepare-person.js'

export interface Matcher {
  /** so many chunks under way keep it busy */
  readonly width: number
  /** Matches one chunk; several may be under way at once. */
  readonly match: (persons: readonly RawPerson[]) => Promise<ScoredChunk>
  /** The same for a chunk of packed contacts, each a person of its own. */
  readonly matchPacked: (contacts: string) => Promise<ScoredChunk>
  readonly close: () => Promise<void>
}

/** On this thread: for few persons, where starting workers would take longer than matching. */
const inlineMatcher = (indexes: readonly VoterIndex[], rules: MatchRules): Matcher => ({
  width: 1,
  match: async (persons) => matchChunk(persons, indexes, rules),
  matchPacked: async (contacts) => matchPacked(contacts, indexes, rules),
  close: async () => undefined,
})

interface Pending {
  readonly task: MatchTask
  readonly resolve: (chunk: ScoredChunk) => void
  readonly reject: (error: unknown) => void
}

/** Young generation of a worker, MiB: a chunk of persons dies in it. */
const youngGeneration = 48

/** A worker that dies this often has a bug in it: the chunk that kills it is reported instead of tried for ever. */
const mostDeaths = 3

/** A matcher whose threads have begun before all is known that they will match under. */
export interface ReadyMatcher extends Matcher {
  /** The rules from now on. */
  readonly under: (rules: MatchRules) => void
}

/**
 * Worker threads over shared indexes. A worker that dies is replaced and its chunk done again: matching is pure, so the
 * answer is the same. Until there is something to match they practise, under `rulesAtStart`.
 */
export const threadedMatcher = (
  shared: readonly SharedArrayBuffer[],
  rulesAtStart: MatchRules,
  threads: number,
): ReadyMatcher => {
  let rules = rulesAtStart
  const waiting: Pending[] = []
  const idle: Worker[] = []
  const busy = new Map<Worker, Pending>()
  let deaths = 0
  let closed = false

  const feed = (): void => {
    while (idle.length > 0 && waiting.length > 0) {
      const worker = idle.pop()!
      const pending = waiting.shift()!
      busy.set(worker, pending)
      tell(worker, pending.task)
    }
  }
  const tell = (worker: Worker, what: ToMatchWorker): void => worker.postMessage(what)
  const start = (): void => {
    const workerData: WorkerStart = { indexes: shared, rules }
    const worker = new Worker(builtFile(import.meta.url, './match-worker.js'), {
      workerData,
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

  const ask = (task: MatchTask): Promise<ScoredChunk> =>
    new Promise((resolve, reject) => {
      waiting.push({ task, resolve, reject })
      feed()
    })

  for (let i = 0; i < threads; i++) start()
  return {
    width: threads,
    match: (raw) => ask({ raw }),
    matchPacked: (packed) => ask({ packed }),
    under: (next) => {
      rules = next
      for (const worker of [...idle, ...busy.keys()]) tell(worker, { rules })
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
export const matcherFor: OpenMatcher = (persons, shared, rules, threads) =>
  persons < fewPersons || threads < 2
    ? inlineMatcher(shared.map(indexFromShared), rules)
    : threadedMatcher(shared, rules, threads)

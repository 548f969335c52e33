import { availableParallelism } from 'node:os'
import type { VoterFileRef } from '../../events/matchbook.js'
import { ledgerStream } from '../../events/streams.js'
import type { Placed } from '../../projections/family.js'
import { placed } from '../../projections/read-events.js'
import { engineVersion } from '../engine.js'
import { appError, orThrow } from '../errors.js'
import type { Ruleset } from '../match/ruleset.js'
import { buildDecision } from '../runs/build-decision.js'
import { type Matcher, matcherFor } from '../runs/match-pool.js'
import type { LoadedIndex } from '../voters/load-index.js'
import type { Workplace } from '../workplace.js'
import {
  type Decided,
  type DecisionDifference,
  differencesOf,
  type Evidence,
  evidenceOf,
  holdersOf,
} from './reproduced-decision.js'

/** Which decisions are made again. */
export type Reproduced =
  | { readonly kind: 'all' }
  | { readonly kind: 'run'; readonly runId: string }
  | { readonly kind: 'person'; readonly decisions: readonly Decided[] }

export interface Reproduction {
  readonly decisions: number
  readonly same: number
  readonly differing: number
  /** decisions by the version of the engine that made them */
  readonly engines: Readonly<Record<string, number>>
  /** of this program */
  readonly engine: string
  /** the first hundred */
  readonly differences: readonly DecisionDifference[]
  readonly seconds: number
}

export interface ReproduceDeps extends Pick<Workplace, 'db' | 'store' | 'tenant'> {
  readonly loadIndex: (ref: VoterFileRef) => Promise<LoadedIndex>
  /** by hash; throws RULESET_NOT_FOUND */
  readonly rulesetOf: (hash: string) => Promise<Ruleset>
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, of: number) => void
}

const perBatch = 5_000
const mostShown = 100

/**
 * Decides again what was decided, from the recorded event alone: the person's data of that version, the voter files, the
 * ruleset and the threshold that the event names, and the pairs that humans had rejected by then. Compares every byte of
 * the decision. Who of several persons keeps a voter is not found again, but that the holder held it. Throws
 * VOTER_FILE_NOT_FOUND, RULESET_NOT_FOUND, BAD_EVENT, INTERRUPTED.
 */
export const reproduce = async (deps: ReproduceDeps, what: Reproduced): Promise<Reproduction> => {
  const began = performance.now()
  const engines: Record<string, number> = {}
  const differences: DecisionDifference[] = []
  let decisions = 0
  let differing = 0
  const deciding = decider(deps)
  try {
    for await (const batch of decisionsOf(deps, what)) {
      if (deps.signal?.aborted === true) throw appError('INTERRUPTED', 'interrupted while deciding again')
      for (const { event } of batch) engines[event.meta.engine] = (engines[event.meta.engine] ?? 0) + 1
      const found = await deciding.compare(batch)
      decisions += batch.length
      differing += found.length
      differences.push(...found.slice(0, mostShown - differences.length))
    }
  } finally {
    await deciding.close()
  }
  const seconds = Math.round(performance.now() - began) / 1000
  return { decisions, same: decisions - differing, differing, engines, engine: engineVersion, differences, seconds }
}

export const isDecided = (one: Placed): one is Decided => one.event.type === 'MatchDecided'

async function* decisionsOf(
  { store, tenant, onProgress }: ReproduceDeps,
  what: Reproduced,
): AsyncGenerator<readonly Decided[]> {
  if (what.kind === 'person') {
    if (what.decisions.length > 0) yield what.decisions
    return
  }
  const stream = ledgerStream(tenant)
  const events = (await orThrow(store.revision(stream))) + 1
  for await (const batch of store.readStream(stream, { batchSize: perBatch })) {
    const decided = batch.map(placed).filter(isDecided)
    const wanted = what.kind === 'run' ? decided.filter(({ event }) => event.data.runId === what.runId) : decided
    if (wanted.length > 0) yield wanted
    onProgress?.(batch.at(-1)!.revision + 1, events)
  }
}

/** What decisions rest on besides the person. */
interface Rules {
  readonly key: string
  readonly ruleset: Ruleset
  readonly indexes: readonly LoadedIndex[]
  readonly matcher: Matcher
}

interface Decider {
  readonly compare: (batch: readonly Decided[]) => Promise<readonly DecisionDifference[]>
  readonly close: () => Promise<void>
}

/** Decides batches again; the rules of the last one stay, since the next is mostly of the same run. */
const decider = (deps: ReproduceDeps): Decider => {
  let rules: Rules | undefined
  const rulesFor = async ({ event: { data } }: Decided): Promise<Rules> => {
    const key = keyOf(data)
    if (rules?.key === key) return rules
    await rules?.matcher.close()
    const ruleset = await deps.rulesetOf(data.ruleset)
    const indexes: LoadedIndex[] = []
    for (const ref of data.voterFiles) {
      const before = rules?.indexes.find(({ index }) => index.voterFile === ref.voterFile)
      indexes.push(before ?? (await deps.loadIndex(ref)))
    }
    const shared = indexes.map((loaded) => loaded.shared)
    const matching = { ruleset, threshold: data.threshold }
    rules = { key, ruleset, indexes, matcher: matcherFor(perBatch, shared, matching, availableParallelism()) }
    return rules
  }
  const compareAlike = async (batch: readonly Decided[]): Promise<readonly DecisionDifference[]> => {
    const { ruleset, indexes, matcher } = await rulesFor(batch[0]!)
    const evidence = await evidenceOf(deps, batch)
    const holders = await holdersOf(deps, batch)
    const chunks = await Promise.all(
      inChunks(batch.length).map(([from, to]) =>
        matcher.match(batch.slice(from, to).map((one) => evidence.get(one.position)!.person)),
      ),
    )
    const voterIndexes = indexes.map(({ index }) => index)
    return batch.flatMap((one, i) => {
      const chunk = chunks[Math.floor(i / perChunk)]!
      const place = i % perChunk
      const proposal = buildDecision({ chunk, place }, voterIndexes, ruleset)
      const linked = { file: chunk.file[chunk.starts[place]!]!, row: chunk.row[chunk.starts[place]!]! }
      const known: Evidence = evidence.get(one.position)!
      const found = differencesOf(one, { proposal, index: voterIndexes[linked.file], row: linked.row, known, holders })
      return found === undefined ? [] : [found]
    })
  }
  return {
    compare: async (batch) => {
      const found: DecisionDifference[] = []
      for (const alike of runsOfAlike(batch)) found.push(...(await compareAlike(alike)))
      return found
    },
    close: async () => rules?.matcher.close(),
  }
}

const perChunk = 1_000

const inChunks = (count: number): readonly (readonly [from: number, to: number])[] =>
  Array.from({ length: Math.ceil(count / perChunk) }, (_, i) => [i * perChunk, Math.min(count, (i + 1) * perChunk)])

const keyOf = ({ ruleset, threshold, voterFiles }: Decided['event']['data']): string =>
  [ruleset, threshold, ...voterFiles.map(({ voterFile }) => voterFile)].join(' ')

/** Stretches of decisions that rest on the same rules. */
const runsOfAlike = (batch: readonly Decided[]): readonly (readonly Decided[])[] => {
  const runs: Decided[][] = []
  let key = ''
  for (const one of batch) {
    const its = keyOf(one.event.data)
    if (its === key) runs.at(-1)!.push(one)
    else runs.push([one])
    key = its
  }
  return runs
}

import { availableParallelism } from 'node:os'
import type { DomainEvent } from '../../events/catalogue.js'
import { derivedUuid, eventIdOf } from '../../events/ids.js'
import { ledgerStream } from '../../events/streams.js'
import { isAppError, orThrow } from '../errors.js'
import type { Workplace } from '../workplace.js'
import { conclude } from './conclude.js'
import { countScope, type Scope } from './load-scope.js'
import { matcherFor } from './match-pool.js'
import { reopening } from './reopen.js'
import type { RulesInForce } from './rules-of-run.js'
import type { Run, RunOptions } from './run.js'
import { runOutcomes, type SettledOutcomes } from './run-outcomes.js'
import { type JudgedPerson, type ScoredPersons, scorePersons } from './score-persons.js'
import { unfinishedRun } from './unfinished-run.js'
import { type LedgerWriter, ledgerWriter } from './write-ledger.js'

export interface RunResult extends SettledOutcomes {
  /** null: there was nobody to decide */
  readonly run: string | null
  /** decisions that differ from the ones before and were recorded */
  readonly recorded: number
  /** persons of the scope that stand by a human's verdict: not decided, so in none of the other counts */
  readonly pinned: number
}

/** Nobody to decide: no run took place, and nothing is recorded of it. */
const nothingToDecide = (): RunResult => ({ run: null, ...runOutcomes().settle(), recorded: 0, pinned: 0 })

/**
 * One pass of deciding: persons not considered yet, or everybody. Records a decision only where it differs from the one
 * in force. Cut off, it goes on under the same id when started again; verdicts that come in meanwhile are taken in, and
 * the persons they touch decided again. Throws AppErrors: INTERRUPTED and what the store says.
 */
export const runMatch = async (deps: Workplace, rules: RulesInForce, options: RunOptions): Promise<RunResult> => {
  const begun = await begin(deps, rules, options)
  if (begun === undefined) return nothingToDecide()
  const { scope, persons, ...where } = begun
  const run = newRun({ deps, rules, options, stream: ledgerStream(deps.tenant), ...where })
  await passes(run, scope, persons)
  return complete(run)
}

interface Begun extends Pick<Run, 'runId' | 'revision'> {
  readonly scope: Scope
  readonly persons: number
}

/** A verdict that comes between looking and writing is looked at, too. Undefined: there is nobody to decide. */
const begin = async (deps: Workplace, rules: RulesInForce, options: RunOptions): Promise<Begun | undefined> => {
  for (;;) {
    try {
      return await tryToBegin(deps, rules, options)
    } catch (error) {
      if (!isAppError(error) || error.code !== 'WRONG_REVISION') throw error
    }
  }
}

/** Takes up the run that was cut off, or records the start of a new one. Throws WRONG_REVISION. */
const tryToBegin = async (deps: Workplace, rules: RulesInForce, { kind }: RunOptions): Promise<Begun | undefined> => {
  const stream = ledgerStream(deps.tenant)
  const revision = await orThrow(deps.store.revision(stream))
  await deps.catchUp()
  const before = await unfinishedRun(deps, rules, kind)
  const ids = [revision, rules.rulesetHash, rules.threshold, ...rules.voterFiles.map(({ voterFile }) => voterFile)]
  const runId = before ?? derivedUuid('run', deps.tenant, kind, ...ids)
  const scope: Scope = kind === 'match_all' ? { kind: 'all' } : { kind: 'undecided', runId }
  const persons = await countScope(deps.db, deps.tenant, scope)
  if (before !== undefined) return { runId, revision, scope, persons }
  if (persons === 0) return undefined
  const data = {
    tenant: deps.tenant,
    runId,
    kind,
    ruleset: rules.rulesetHash,
    threshold: rules.threshold,
    voterFiles: [...rules.voterFiles],
    persons,
    ledgerRevision: revision,
  }
  const meta = deps.meta(runId)
  const started: DomainEvent = { id: eventIdOf(stream, runId), type: 'RunStarted', v: 1, meta, data }
  const recorded = await deps.recorder.record(stream, [started], revision)
  return { runId, revision: recorded.revision, scope, persons }
}

/**
 * Decides some persons again, and whoever wants these voters, outside any run: what follows from a verdict, recorded under
 * its event's id.
 */
export const decidePersons = async (
  deps: Workplace,
  rules: RulesInForce,
  { ids, voters }: { readonly ids: readonly string[]; readonly voters: readonly string[] },
  runId: string,
): Promise<void> => {
  const stream = ledgerStream(deps.tenant)
  const revision = await orThrow(deps.store.revision(stream))
  await deps.catchUp()
  const options = { kind: 'match' } as const
  const run = newRun({ deps, rules, options, runId, stream, revision })
  await passes(run, { kind: 'persons', ids, voters }, ids.length)
}

export const newRun = (of: Omit<Run, 'outcomes' | 'recorded' | 'pinned'>): Run => ({
  ...of,
  outcomes: runOutcomes(),
  recorded: 0,
  pinned: new Set(),
})

/** Decides a scope, then whoever was touched by what others wrote meanwhile, until nobody is. */
const passes = async (run: Run, scope: Scope, persons: number): Promise<void> =>
  decideAgain(run, await pass(run, scope, persons))

/** Decides persons whom others touched meanwhile, until nobody is. */
export const decideAgain = async (run: Run, touched: ReadonlySet<string>): Promise<void> => {
  let again = touched
  while (again.size > 0) {
    await run.deps.catchUp()
    again = await pass(run, { kind: 'persons', ids: [...again] }, again.size)
  }
}

/** Decides the `persons` of a scope and answers whom others touched meanwhile. */
const pass = async (run: Run, scope: Scope, persons: number): Promise<ReadonlySet<string>> => {
  const scored = await score(run, scope, persons)
  for (const { person } of scored.judged) run.pinned.add(person.id)
  const ledger = ledgerWriter(run)
  await reopenChanged(run, scored.judged, ledger)
  for (const conclusion of conclude(scored, run.rules)) await ledger.conclude(conclusion)
  return ledger.flush()
}

const score = async ({ deps, rules, options }: Run, scope: Scope, persons: number): Promise<ScoredPersons> => {
  const { signal, onProgress, threads = availableParallelism(), openMatcher = matcherFor } = options
  const shared = rules.indexes.map((loaded) => loaded.shared)
  const matcher = openMatcher(persons, shared, rules, threads)
  let done = 0
  const onScored = (more: number): void => onProgress?.((done += more), persons)
  try {
    return await scorePersons({ deps, rules, matcher, signal, onScored }, scope)
  } finally {
    // before the ledger is written: the workers' memory is free for it
    await matcher.close()
  }
}

const reopenChanged = async (run: Run, judged: readonly JudgedPerson[], ledger: LedgerWriter): Promise<void> => {
  const indexes = run.rules.indexes.map(({ index }) => index)
  for (const one of judged) {
    const data = reopening(one, run.deps.tenant, indexes)
    if (data !== undefined) await ledger.reopen(data)
  }
}

/** Records what the run came to, and answers it. */
export const complete = async (run: Run): Promise<RunResult> => {
  const { deps, stream, runId, outcomes } = run
  const settled = outcomes.settle()
  for (;;) {
    const { size, root } = await deps.streamRoot(stream)
    const data = { tenant: deps.tenant, runId, ...settled, size, root }
    const completed: DomainEvent = {
      id: eventIdOf(stream, runId, 'completed'),
      type: 'RunCompleted',
      v: 1,
      meta: deps.meta(runId),
      data,
    }
    try {
      await deps.recorder.record(stream, [completed], size - 1)
      return { run: runId, ...settled, recorded: run.recorded, pinned: run.pinned.size }
    } catch (error) {
      // a verdict came in between: the run's own decisions stand, only the tree is one event larger
      if (!isAppError(error) || error.code !== 'WRONG_REVISION') throw error
    }
  }
}

import { availableParallelism } from 'node:os'
import type { DomainEvent, EventOf, Meta } from '../../events/catalogue.js'
import { decodeEvent } from '../../events/encode.js'
import { derivedUuid, eventIdOf } from '../../events/ids.js'
import { ledgerStream } from '../../events/streams.js'
import { isLedgerEvent } from '../decide/entry.js'
import { appError, isAppError, orThrow } from '../errors.js'
import type { Workplace } from '../workplace.js'
import { type Conclusion, conclude } from './conclude.js'
import { countScope, type Scope } from './load-scope.js'
import { matcherFor } from './match-pool.js'
import { reopening } from './reopen.js'
import type { RulesInForce } from './rules-of-run.js'
import { type OutcomeCounts, type RunOutcomes, runOutcomes } from './run-outcomes.js'
import { scorePersons } from './score-persons.js'
import { unfinishedRun } from './unfinished-run.js'

export type RunKind = EventOf<'RunStarted'>['data']['kind']

export interface RunOptions {
  readonly kind: RunKind
  readonly threads?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (scored: number, persons: number) => void
}

export interface RunResult extends OutcomeCounts {
  /** null: there was nobody to decide */
  readonly run: string | null
  readonly digest: string
  /** decisions that differ from the ones before and were recorded */
  readonly recorded: number
}

/** Nobody to decide: no run took place, and nothing is recorded of it. */
const nothingToDecide: RunResult = { run: null, ...runOutcomes().counts(), digest: runOutcomes().digest(), recorded: 0 }

interface Run {
  readonly deps: Workplace
  readonly rules: RulesInForce
  readonly options: RunOptions
  readonly runId: string
  readonly stream: string
  readonly outcomes: RunOutcomes
  revision: number
  recorded: number
}

const eventsPerAppend = 5_000

/**
 * One pass of deciding: persons not considered yet, or everybody. Records a decision only where it differs from the one
 * in force. Cut off, it goes on under the same id when started again; verdicts that come in meanwhile are taken in, and
 * the persons they touch decided again. Throws AppErrors: INTERRUPTED and what the store says.
 */
export const runMatch = async (deps: Workplace, rules: RulesInForce, options: RunOptions): Promise<RunResult> => {
  const stream = ledgerStream(deps.tenant)
  let revision = await orThrow(deps.store.revision(stream))
  await deps.catchUp()
  const before = await unfinishedRun(deps, rules, options.kind)
  const ids = [revision, rules.rulesetHash, rules.threshold, ...rules.voterFiles.map(({ voterFile }) => voterFile)]
  const runId = before ?? derivedUuid('run', deps.tenant, options.kind, ...ids)
  const scope: Scope = options.kind === 'match_all' ? { kind: 'all' } : { kind: 'undecided', runId }
  if (before === undefined) {
    const persons = await countScope(deps.db, deps.tenant, scope)
    if (persons === 0) return nothingToDecide
    const data = {
      tenant: deps.tenant,
      runId,
      kind: options.kind,
      ruleset: rules.rulesetHash,
      threshold: rules.threshold,
      voterFiles: [...rules.voterFiles],
      persons,
      ledgerRevision: revision,
    }
    const started: DomainEvent = {
      id: eventIdOf(stream, runId),
      type: 'RunStarted',
      v: 1,
      meta: deps.meta(runId),
      data,
    }
    revision = (await deps.recorder.record(stream, [started], revision)).revision
  }
  const run: Run = { deps, rules, options, runId, stream, outcomes: runOutcomes(), revision, recorded: 0 }
  await passes(run, scope)
  return complete(run)
}

/** Decides some persons again, outside any run: what follows from a verdict, recorded under its event's id. */
export const decidePersons = async (
  deps: Workplace,
  rules: RulesInForce,
  ids: readonly string[],
  runId: string,
): Promise<void> => {
  const stream = ledgerStream(deps.tenant)
  const revision = await orThrow(deps.store.revision(stream))
  await deps.catchUp()
  const options = { kind: 'match' } as const
  const run: Run = { deps, rules, options, runId, stream, outcomes: runOutcomes(), revision, recorded: 0 }
  await passes(run, { kind: 'persons', ids })
}

/** Decides a scope, then whoever was touched by what others wrote meanwhile, until nobody is. */
const passes = async (run: Run, first: Scope): Promise<void> => {
  let scope: Scope | undefined = first
  while (scope !== undefined) {
    const again: ReadonlySet<string> = await pass(run, scope)
    scope = again.size === 0 ? undefined : { kind: 'persons', ids: [...again] }
    if (scope !== undefined) await run.deps.catchUp()
  }
}

const pass = async (run: Run, scope: Scope): Promise<ReadonlySet<string>> => {
  const { deps, rules, options } = run
  const persons = await countScope(deps.db, deps.tenant, scope)
  const threads = options.threads ?? availableParallelism()
  const shared = rules.indexes.map((loaded) => loaded.shared)
  const matcher = matcherFor(persons, shared, rules, threads)
  let scored = 0
  const onScored = (more: number): void => options.onProgress?.((scored += more), persons)
  try {
    const all = await scorePersons({ deps, rules, matcher, threads, signal: options.signal, onScored }, scope)
    const recorder = ledgerWriter(run)
    for (const judged of all.judged) {
      const data = reopening(
        judged,
        deps.tenant,
        rules.indexes.map(({ index }) => index),
      )
      if (data !== undefined) await recorder.reopen(data)
    }
    for (const conclusion of conclude(all, rules)) await recorder.conclude(conclusion)
    return await recorder.flush()
  } finally {
    await matcher.close()
  }
}

interface LedgerWriter {
  readonly reopen: (data: EventOf<'MatchReopened'>['data']) => Promise<void>
  readonly conclude: (conclusion: Conclusion) => Promise<void>
  /** Writes what is left and answers whom others touched meanwhile: they are to be decided again. */
  readonly flush: () => Promise<ReadonlySet<string>>
}

type Pending =
  | {
      readonly personId: string
      readonly voter: string
      readonly type: 'MatchReopened'
      readonly data: EventOf<'MatchReopened'>['data']
    }
  | {
      readonly personId: string
      readonly voter: string
      readonly type: 'MatchDecided'
      readonly conclusion: Conclusion
    }

const ledgerWriter = (run: Run): LedgerWriter => {
  let pending: Pending[] = []
  const touched = { persons: new Set<string>(), voters: new Set<string>() }
  const again = new Set<string>()
  const write = async (): Promise<void> => {
    while (pending.length > 0) {
      if (run.options.signal?.aborted === true) {
        throw appError('INTERRUPTED', 'interrupted while deciding')
      }
      const untouched = pending.filter(
        ({ personId, voter }) => !touched.persons.has(personId) && !touched.voters.has(voter),
      )
      for (const one of pending) if (!untouched.includes(one)) again.add(one.personId)
      pending = untouched
      if (pending.length === 0) return
      const meta = run.deps.meta(run.runId)
      const events = pending.map((one, i) => ledgerEvent(run, one, run.revision + 1 + i, meta))
      try {
        run.revision = (await run.deps.recorder.record(run.stream, events, run.revision)).revision
        for (const one of pending) if (one.type === 'MatchDecided') run.recorded++
        pending = []
      } catch (error) {
        if (!isAppError(error) || error.code !== 'WRONG_REVISION') throw error
        await takeIn(run, touched)
      }
    }
  }
  const add = async (one: Pending): Promise<void> => {
    pending.push(one)
    if (pending.length >= eventsPerAppend) await write()
  }
  return {
    reopen: (data) =>
      add({ type: 'MatchReopened', personId: data.personId, voter: `${data.state}:${data.svid}`, data }),
    conclude: async (conclusion) => {
      const { personId, decision, sha } = conclusion
      run.outcomes.note(personId, decision.outcome, sha)
      const voter = `${decision.state ?? ''}:${decision.svid ?? ''}`
      if (conclusion.changed) await add({ type: 'MatchDecided', personId, voter, conclusion })
    },
    flush: async () => {
      await write()
      return again
    },
  }
}

const ledgerEvent = (run: Run, one: Pending, revision: number, meta: Meta): DomainEvent => {
  if (one.type === 'MatchReopened') {
    return {
      id: eventIdOf(run.stream, revision, run.runId, one.personId, 'reopened'),
      type: one.type,
      v: 1,
      meta,
      data: one.data,
    }
  }
  const { personId, decision, inputVersion, sha, voterVersion } = one.conclusion
  return {
    id: eventIdOf(run.stream, revision, run.runId, personId, sha.toString('hex')),
    type: one.type,
    v: 1,
    meta,
    data: {
      tenant: run.deps.tenant,
      runId: run.runId,
      personId,
      decision,
      threshold: run.rules.threshold,
      ruleset: run.rules.rulesetHash,
      voterFiles: [...run.rules.voterFiles],
      inputVersion,
      decidedBy: run.options.kind === 'import' ? 'import' : 'system',
      ...(voterVersion === undefined ? {} : { voterVersion }),
    },
  }
}

/** Reads what others wrote to the ledger since our last word: those persons, and whoever wants those voters, are stale. */
const takeIn = async (run: Run, touched: { persons: Set<string>; voters: Set<string> }): Promise<void> => {
  for await (const events of run.deps.store.readStream(run.stream, { from: run.revision + 1 })) {
    for (const stored of events) {
      run.revision = stored.revision
      const event = decodeEvent(stored.body)
      if (event._tag === 'Left') throw appError('BAD_EVENT', `${run.stream} ${stored.revision}: ${event.left}`)
      if (!isLedgerEvent(event.right)) continue
      const { data } = event.right
      touched.persons.add(data.personId)
      if ('svid' in data) touched.voters.add(`${data.state}:${data.svid}`)
      if ('decision' in data) touched.voters.add(`${data.decision.state ?? ''}:${data.decision.svid ?? ''}`)
    }
  }
  await run.deps.catchUp()
}

const complete = async (run: Run): Promise<RunResult> => {
  const { deps, stream, runId, outcomes } = run
  const counts = outcomes.counts()
  const digest = outcomes.digest()
  for (;;) {
    const { size, root } = await deps.streamRoot(stream)
    const data = { tenant: deps.tenant, runId, ...counts, digest, size, root }
    const completed: DomainEvent = {
      id: eventIdOf(stream, runId, 'completed'),
      type: 'RunCompleted',
      v: 1,
      meta: deps.meta(runId),
      data,
    }
    try {
      await deps.recorder.record(stream, [completed], size - 1)
      return { run: runId, ...counts, digest, recorded: run.recorded }
    } catch (error) {
      // a verdict came in between: the run's own decisions stand, only the tree is one event larger
      if (!isAppError(error) || error.code !== 'WRONG_REVISION') throw error
    }
  }
}

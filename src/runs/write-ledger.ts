import type { DomainEvent, EventOf, Meta } from '../../events/catalogue.js'
import { eventIdOf } from '../../events/ids.js'
import { isLedgerEvent } from '../decide/entry.js'
import { appError, isAppError } from '../errors.js'
import { decodeStored } from '../store/decode-stored.js'
import type { Conclusion } from './conclude.js'
import type { Run } from './run.js'

export interface LedgerWriter {
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

/** Whom and which voters (`FL:123`) others have written of. */
export interface Touched {
  readonly persons: Set<string>
  readonly voters: Set<string>
}

const nobodyTouched = (): Touched => ({ persons: new Set(), voters: new Set() })

const eventsPerAppend = 5_000

/**
 * Writes what a pass concludes at the ledger's expected revision, in batches. When somebody else has written meanwhile,
 * what they touched is left out and everything else goes on behind it.
 */
export const ledgerWriter = (run: Run, touched: Touched = nobodyTouched()): LedgerWriter => {
  let pending: Pending[] = []
  const again = new Set<string>()
  const write = async (): Promise<void> => {
    while (pending.length > 0) {
      if (run.options.signal?.aborted === true) {
        throw appError('INTERRUPTED', 'interrupted while deciding')
      }
      const isStale = ({ personId, voter }: Pending): boolean =>
        touched.persons.has(personId) || touched.voters.has(voter)
      for (const one of pending) if (isStale(one)) again.add(one.personId)
      pending = pending.filter((one) => !isStale(one))
      if (pending.length === 0) return
      const meta = run.deps.meta(run.runId)
      const events = pending.map((one, i) => ledgerEvent(run, one, run.revision + 1 + i, meta))
      try {
        run.revision = (await run.deps.recorder.recordAhead(run.stream, events, run.revision)).revision
        for (const one of pending) if (one.type === 'MatchDecided') run.recorded++
        pending = []
      } catch (error) {
        if (!isAppError(error) || error.code !== 'WRONG_REVISION') throw error
        const written = await takeIn(run, touched)
        // of a store that writes in steps: these are there, and counted, as what they are
        const isWritten = (one: Pending): boolean => written.has(wordOf(one.type, one.personId))
        run.recorded += pending.filter((one) => one.type === 'MatchDecided' && isWritten(one)).length
        pending = pending.filter((one) => !isWritten(one))
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
      await run.deps.recorder.settle()
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
  // keys in canonical order: see canonicalJson
  return {
    data: {
      decidedBy: run.options.kind === 'import' ? 'import' : 'system',
      decision,
      inputVersion,
      personId,
      ruleset: run.rules.rulesetHash,
      runId: run.runId,
      tenant: run.deps.tenant,
      threshold: run.rules.threshold,
      voterFiles: [...run.rules.voterFiles],
      ...(voterVersion === undefined ? {} : { voterVersion }),
    },
    id: eventIdOf(run.stream, revision, run.runId, personId, sha.toString('hex')),
    meta,
    type: one.type,
    v: 1,
  }
}

const wordOf = (type: string, personId: string): string => `${type} ${personId}`

/**
 * Reads what was written to the ledger since our last word: what others wrote of, persons and whoever wants those voters,
 * is stale. Answers the run's own words among it.
 */
const takeIn = async (run: Run, touched: Touched): Promise<ReadonlySet<string>> => {
  const own = new Set<string>()
  for await (const events of run.deps.store.readStream(run.stream, { from: run.revision + 1 })) {
    for (const stored of events) {
      run.revision = stored.revision
      const event = decodeStored(stored)
      // a run that goes on after it was cut off meets its own words, and so does one whose append was cut in two
      if (event.meta.correlationId !== run.runId) touch(touched, event)
      else if (isLedgerEvent(event)) own.add(wordOf(event.type, event.data.personId))
    }
  }
  await run.deps.catchUp()
  return own
}

/** What others wrote to the ledger while a run was cut off; the run's revision is the ledger's end then. */
export const takeInOthers = async (run: Run): Promise<Touched> => {
  const touched = nobodyTouched()
  await takeIn(run, touched)
  return touched
}

const touch = ({ persons, voters }: Touched, event: DomainEvent): void => {
  if (!isLedgerEvent(event)) return
  const { data } = event
  persons.add(data.personId)
  if ('svid' in data) voters.add(`${data.state}:${data.svid}`)
  if ('decision' in data) voters.add(`${data.decision.state ?? ''}:${data.decision.svid ?? ''}`)
}

import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { EventOf } from '../../events/catalogue.js'
import { type AppError, appError } from '../errors.js'
import { withHolder } from './assign.js'
import { type Entry, standing } from './entry.js'

export interface VoterRef {
  readonly state: string
  readonly svid: string
}

/** What a human wants, with the data that the human saw. */
export type VerdictCommand =
  | { readonly kind: keyof typeof eventTypes; readonly inputVersion: string; readonly voter: VoterRef & Seen }
  | { readonly kind: 'undo' }

interface Seen {
  readonly voterVersion: string
}

/** Another person of the tenant that holds the voter now. */
export interface Holder {
  readonly personId: string
  /** what people call it */
  readonly pid: string
  readonly entry: Entry
}

/** An event without its envelope. */
export type Draft = Pick<
  EventOf<'MatchVerified' | 'PersonLinked' | 'CandidateRejected' | 'PersonUnlinked' | 'VerdictUndone' | 'MatchDecided'>,
  'type' | 'data'
>

const eventTypes = {
  verify: 'MatchVerified',
  link: 'PersonLinked',
  reject: 'CandidateRejected',
  unlink: 'PersonUnlinked',
} as const

/**
 * Turns a human's command into events. A voter that a machine gave to somebody else goes over (the other becomes its
 * duplicate, recorded first so that the voter is never held twice); one that a human gave to somebody else does not.
 * Left: VOTER_TAKEN, NO_CANDIDATE (verify or unlink without a voter), NOTHING_TO_UNDO.
 */
export const decideVerdict = (
  command: VerdictCommand,
  tenant: string,
  personId: string,
  entry: Entry,
  holder: Holder | null,
): Either<AppError, readonly Draft[]> => {
  if (command.kind === 'undo') return decideUndo(tenant, personId, entry, holder)
  const { state, svid, voterVersion } = command.voter
  const data = { tenant, personId, state, svid, inputVersion: command.inputVersion, voterVersion }
  const verdict = { type: eventTypes[command.kind], data } as Draft
  if (command.kind === 'reject') return right([verdict])
  if (command.kind === 'unlink') {
    if (entry.link?.state === state && entry.link.svid === svid) return right([verdict])
    return left(appError('NO_CANDIDATE', `the person is not linked to ${state}:${svid}`, { personId }))
  }
  if (entry.verdict?.state === state && entry.verdict.svid === svid && entry.reopened === null) return right([])
  if (holder === null || holder.personId === personId) return right([verdict])
  if (holder.entry.verdict !== null) return left(taken(command.voter, holder))
  return right([giveUp(tenant, holder, personId), verdict])
}

const taken = ({ state, svid }: VoterRef, holder: Holder): AppError =>
  appError('VOTER_TAKEN', `voter ${state}:${svid} is already linked, by a human, to person ${holder.pid}`, {
    state,
    svid,
    holder: holder.personId,
    holderPid: holder.pid,
  })

/** The holder's own decision, now as a duplicate, so without the voter's version: same evidence, same rules, another pin. */
const giveUp = (tenant: string, holder: Holder, to: string): Draft => {
  const decided = holder.entry.decided
  if (decided === null) throw new Error(`person ${holder.personId} holds a voter without a decision or a verdict`)
  const { decision, runId, threshold, ruleset, voterFiles, inputVersion } = decided
  return {
    type: 'MatchDecided',
    data: {
      tenant,
      runId,
      personId: holder.personId,
      decision: withHolder(decision, holder.personId, to),
      threshold,
      ruleset,
      voterFiles: [...voterFiles],
      inputVersion,
      decidedBy: 'system',
    },
  }
}

const decideUndo = (
  tenant: string,
  personId: string,
  entry: Entry,
  holder: Holder | null,
): Either<AppError, readonly Draft[]> => {
  const last = entry.undo.at(-1)
  if (last === undefined) {
    return left(appError('NOTHING_TO_UNDO', 'no human verdict stands for the person', { personId }))
  }
  const undone: Draft = { type: 'VerdictUndone', data: { tenant, personId, verdictId: last.verdictId } }
  const back = last.before.verdict
  if (back === null || holder === null || holder.personId === personId) return right([undone])
  if (holder.entry.verdict !== null) return left(taken(back, holder))
  return right([giveUp(tenant, holder, personId), undone])
}

/** The voter a command without one speaks of: the link, else the best candidate of the standing decision. */
export const voterInQuestion = (entry: Entry): VoterRef | null => {
  if (entry.link !== null) return { state: entry.link.state, svid: entry.link.svid }
  const now = standing(entry)
  if (now?.state !== undefined && now.svid !== undefined) return { state: now.state, svid: now.svid }
  const best = now === null ? undefined : entry.decided?.decision.candidates[0]
  return best === undefined ? null : { state: best.state, svid: best.svid }
}

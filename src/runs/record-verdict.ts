import type { DomainEvent } from '../../events/catalogue.js'
import { eventIdOf } from '../../events/ids.js'
import { ledgerStream } from '../../events/streams.js'
import { loadEntries, loadEntriesByVoters } from '../../projections/book/queries.js'
import { type Entry, emptyEntry } from '../decide/entry.js'
import {
  type Draft,
  decideVerdict,
  type Holder,
  type VerdictCommand,
  type VoterRef,
  voterInQuestion,
} from '../decide/verdict.js'
import { appError, isAppError, orThrow, rightOrThrow } from '../errors.js'
import { rowOfSvid, voterVersion } from '../match/voter-version.js'
import type { Workplace } from '../workplace.js'
import type { RulesInForce } from './rules-of-run.js'
import { decidePersons } from './run-match.js'

export interface VerdictRequest {
  readonly kind: VerdictCommand['kind']
  readonly personId: string
  /** the voter spoken of; verify and unlink take the one in question when none is named */
  readonly voter?: VoterRef
  readonly user: string
  readonly note?: string
}

const tries = 5

/**
 * Records what a human says of a person, then lets the machine decide again whoever it touches. When somebody else writes
 * to the ledger at the same moment, it is looked at afresh. Throws AppErrors: VOTER_NOT_FOUND, VOTER_TAKEN, NO_CANDIDATE,
 * NOTHING_TO_UNDO, WRONG_REVISION (after five tries), PERSON_NOT_FOUND.
 */
export const recordVerdict = async (deps: Workplace, rules: RulesInForce, request: VerdictRequest): Promise<void> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryVerdict(deps, rules, request)
    } catch (error) {
      if (!isAppError(error) || error.code !== 'WRONG_REVISION' || attempt === tries) throw error
    }
  }
}

const tryVerdict = async (deps: Workplace, rules: RulesInForce, request: VerdictRequest): Promise<void> => {
  const { tenant } = deps
  const stream = ledgerStream(tenant)
  const revision = await orThrow(deps.store.revision(stream))
  await deps.catchUp()
  const entry = (await loadEntries(deps.db, tenant, [request.personId])).get(request.personId) ?? emptyEntry
  const command = await commandOf(deps, rules, request, entry)
  const voter = command.kind === 'undo' ? entry.undo.at(-1)?.before.verdict : command.voter
  const holder = voter == null ? null : await holderOf(deps, voter)
  const drafts = rightOrThrow(decideVerdict(command, tenant, request.personId, entry, holder))
  if (drafts.length === 0) return
  const meta = { ...deps.meta(eventIdOf(stream, revision + 1)), actor: `user:${request.user}` }
  const events = drafts.map((draft, i) => eventOf(draft, stream, revision + 1 + i, meta, request))
  await deps.recorder.record(stream, events, revision)
  // once undone, a link is in no entry any more
  const givenUp = entry.link === null ? [] : [`${entry.link.state}:${entry.link.svid}`]
  await decidePersons(deps, rules, { ids: [request.personId], voters: givenUp }, events.at(-1)!.id)
}

const eventOf = (
  draft: Draft,
  stream: string,
  revision: number,
  meta: DomainEvent['meta'],
  { note, user }: VerdictRequest,
): DomainEvent => {
  const id = eventIdOf(stream, revision, draft.type, draft.data.personId, user)
  if (draft.type === 'MatchDecided') return { id, v: 1, meta: { ...meta, actor: 'system' }, ...draft } as DomainEvent
  return { id, v: 1, meta, ...draft, pii: note === undefined ? {} : { note } } as DomainEvent
}

const holderOf = async ({ db, tenant }: Workplace, voter: VoterRef): Promise<Holder | null> => {
  const entries = await loadEntriesByVoters(db, tenant, [voter])
  for (const [personId, entry] of entries) {
    if (entry.link?.state === voter.state && entry.link.svid === voter.svid) {
      return { personId, pid: (await personRow({ db, tenant }, personId)).pid, entry }
    }
  }
  return null
}

const commandOf = async (
  deps: Workplace,
  rules: RulesInForce,
  { kind, personId, voter: named }: VerdictRequest,
  entry: Entry,
): Promise<VerdictCommand> => {
  if (kind === 'undo') return { kind }
  const voter = named ?? voterInQuestion(entry)
  if (voter === null) throw appError('NO_CANDIDATE', `the person has no candidate to ${kind}`, { personId })
  const { version: inputVersion } = await personRow(deps, personId)
  return { kind, inputVersion, voter: { ...voter, voterVersion: versionOf(rules, voter, entry) } }
}

/** The voter's data as the file has it now; for a voter that has left the file, as it was when it was linked. */
const versionOf = (rules: RulesInForce, { state, svid }: VoterRef, entry: Entry): string => {
  const index = rules.indexes.map((loaded) => loaded.index).find((one) => one.state === state)
  const row = index === undefined ? -1 : rowOfSvid(index, svid)
  if (index !== undefined && row >= 0) return voterVersion(index, row)
  const { verdict, decided } = entry
  if (verdict?.state === state && verdict.svid === svid) return verdict.voterVersion
  if (decided?.decision.svid === svid && decided.voterVersion !== undefined) return decided.voterVersion
  throw appError('VOTER_NOT_FOUND', `no voter ${state}:${svid} in the current voter files`, { state, svid })
}

const personRow = async (
  { db, tenant }: Pick<Workplace, 'db' | 'tenant'>,
  personId: string,
): Promise<{ readonly pid: string; readonly version: string }> => {
  const [row] = await orThrow(
    db.query<{ pid: string; version: string }>(
      `select pid, version from matchbook.person where tenant = $1 and id = $2`,
      [tenant, personId],
    ),
  )
  if (row === undefined) throw appError('PERSON_NOT_FOUND', `there is no person ${personId}`, { personId })
  return row
}

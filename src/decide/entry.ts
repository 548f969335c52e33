import type { DomainEvent, EventOf } from '../../events/catalogue.js'
import type { Decision, MatchType, Outcome, Reason, VoterFileRef } from '../../events/matchbook.js'

/** A machine's newest conclusion for a person, with everything it rested on. */
export interface Decided {
  readonly decision: Decision
  readonly voterVersion?: string
  readonly runId: string
  readonly ruleset: string
  readonly threshold: number
  readonly voterFiles: readonly VoterFileRef[]
  readonly inputVersion: string
  readonly by: string
  readonly at: string
  readonly position: number
}

export interface Link {
  readonly state: string
  readonly svid: string
  readonly matchType: MatchType
  readonly score: number
  readonly matchedAt: string
  readonly matchedBy: string
  readonly verifiedBy?: string
  readonly verifiedAt?: string
}

/** A human's word that a person is this voter, with the data that the human saw. */
export interface Verdict {
  readonly id: string
  readonly kind: 'verified' | 'linked'
  readonly state: string
  readonly svid: string
  readonly inputVersion: string
  readonly voterVersion: string
  readonly by: string
  readonly at: string
  /** of the event, which has the human's note too */
  readonly position: number
}

/** A human's word that a person is not this voter. Holds while neither side's data changes. */
export interface RejectedPair {
  readonly verdictId: string
  readonly kind: 'rejected' | 'unlinked'
  readonly state: string
  readonly svid: string
  readonly inputVersion: string
  readonly voterVersion: string
  readonly by: string
  readonly at: string
  readonly position: number
}

export interface Reopened {
  readonly why: 'person_changed' | 'voter_changed' | 'voter_gone'
  readonly since: string
  readonly inputVersion: string
  readonly voterVersion?: string
}

/** What humans have said of a person; what an undo brings back. */
interface HumanWord {
  readonly verdict: Verdict | null
  readonly link: Link | null
  readonly rejected: readonly RejectedPair[]
  readonly reopened: Reopened | null
}

/** One person's page in the match book: the fold of its ledger events. */
export interface Entry {
  readonly decided: Decided | null
  readonly link: Link | null
  readonly verdict: Verdict | null
  readonly rejected: readonly RejectedPair[]
  readonly reopened: Reopened | null
  /** version of the person's data that was last considered; null: to be decided again */
  readonly consideredVersion: string | null
  /** verdicts that can be undone, newest last, each with what stood before it */
  readonly undo: readonly { readonly verdictId: string; readonly before: HumanWord }[]
}

export const emptyEntry: Entry = {
  decided: null,
  link: null,
  verdict: null,
  rejected: [],
  reopened: null,
  consideredVersion: null,
  undo: [],
}

/** Folds one ledger event of this person into its entry; other events leave it as it is. Pure. */
export const evolve = (entry: Entry, event: DomainEvent, position: number): Entry => {
  switch (event.type) {
    case 'MatchDecided':
      return evolveDecided(entry, event, position)
    case 'MatchVerified':
      return evolveVerdict(entry, event, position, 'verified')
    case 'PersonLinked':
      return evolveVerdict(entry, event, position, 'linked')
    case 'CandidateRejected':
      return evolveRejected(entry, event, position, 'rejected')
    case 'PersonUnlinked':
      return evolveRejected(entry, event, position, 'unlinked')
    case 'VerdictUndone':
      return evolveUndone(entry, event.data.verdictId)
    case 'MatchReopened':
      return {
        ...entry,
        reopened: {
          why: event.data.why,
          since: event.meta.recordedAt,
          inputVersion: event.data.inputVersion,
          ...(event.data.voterVersion === undefined ? {} : { voterVersion: event.data.voterVersion }),
        },
        consideredVersion: event.data.inputVersion,
      }
    default:
      return entry
  }
}

const evolveDecided = (entry: Entry, event: EventOf<'MatchDecided'>, position: number): Entry => {
  const { decision, voterVersion, runId, ruleset, threshold, voterFiles, inputVersion, decidedBy } = event.data
  const decided: Decided = {
    decision,
    ...(voterVersion === undefined ? {} : { voterVersion }),
    runId,
    ruleset,
    threshold,
    voterFiles,
    inputVersion,
    by: decidedBy,
    at: event.meta.recordedAt,
    position,
  }
  // a machine never changes a human's verdict: its link stays whatever a run says
  const link = entry.verdict === null ? machineLink(entry, decided) : entry.link
  return { ...entry, decided, link, consideredVersion: inputVersion }
}

const machineLink = (entry: Entry, { decision, at, by }: Decided): Link | null => {
  const { outcome, state, svid, matchType, score } = decision
  if (outcome !== 'linked' || state === undefined || svid === undefined) return null
  const same = entry.link?.state === state && entry.link.svid === svid ? entry.link : null
  return {
    state,
    svid,
    matchType: matchType ?? 'fuzzy',
    score: score ?? 0,
    matchedAt: same?.matchedAt ?? at,
    matchedBy: same?.matchedBy ?? by,
  }
}

const wordOf = ({ verdict, link, rejected, reopened }: Entry): HumanWord => ({
  verdict,
  link: verdict === null ? null : link,
  rejected,
  reopened,
})

const evolveVerdict = (
  entry: Entry,
  event: EventOf<'MatchVerified' | 'PersonLinked'>,
  position: number,
  kind: Verdict['kind'],
): Entry => {
  const { state, svid, inputVersion, voterVersion } = event.data
  const by = event.meta.actor
  const at = event.meta.recordedAt
  const same = entry.link?.state === state && entry.link.svid === svid ? entry.link : null
  const candidate = entry.decided?.decision.candidates.find((c) => c.state === state && c.svid === svid)
  const verified: Link =
    kind === 'verified' && (same !== null || candidate !== undefined)
      ? {
          state,
          svid,
          matchType: same?.matchType ?? candidate?.matchType ?? 'manual',
          score: same?.score ?? candidate?.score ?? 1,
          matchedAt: same?.matchedAt ?? at,
          matchedBy: same?.matchedBy ?? by,
        }
      : { state, svid, matchType: 'manual', score: 1, matchedAt: at, matchedBy: by }
  return {
    ...entry,
    link: { ...verified, verifiedBy: by, verifiedAt: at },
    verdict: { id: event.id, kind, state, svid, inputVersion, voterVersion, by, at, position },
    rejected: entry.rejected.filter((pair) => pair.state !== state || pair.svid !== svid),
    reopened: null,
    consideredVersion: inputVersion,
    undo: [...entry.undo, { verdictId: event.id, before: wordOf(entry) }],
  }
}

const evolveRejected = (
  entry: Entry,
  event: EventOf<'CandidateRejected' | 'PersonUnlinked'>,
  position: number,
  kind: RejectedPair['kind'],
): Entry => {
  const { state, svid, inputVersion, voterVersion } = event.data
  const { actor: by, recordedAt: at } = event.meta
  const hitsLink = entry.link?.state === state && entry.link.svid === svid
  const verdict = hitsLink ? null : entry.verdict
  return {
    ...entry,
    link: hitsLink ? null : entry.link,
    verdict,
    reopened: hitsLink ? null : entry.reopened,
    rejected: [
      ...entry.rejected.filter((pair) => pair.state !== state || pair.svid !== svid),
      { verdictId: event.id, kind, state, svid, inputVersion, voterVersion, by, at, position },
    ],
    consideredVersion: verdict === null ? null : entry.consideredVersion,
    undo: [...entry.undo, { verdictId: event.id, before: wordOf(entry) }],
  }
}

/** Brings back what humans had said before; a machine's link is not brought back but decided again. */
const evolveUndone = (entry: Entry, verdictId: string): Entry => {
  const place = entry.undo.findIndex((u) => u.verdictId === verdictId)
  const found = entry.undo[place]
  if (found === undefined) return entry
  const { verdict, link, rejected, reopened } = found.before
  return {
    ...entry,
    verdict,
    link,
    rejected,
    reopened,
    consideredVersion: verdict === null ? null : verdict.inputVersion,
    undo: entry.undo.slice(0, place),
  }
}

export interface Standing {
  readonly outcome: Outcome
  /** the rules' reason, or that a human has said so */
  readonly reason: Reason | Verdict['kind']
  readonly state?: string
  readonly svid?: string
  readonly matchType?: MatchType
  readonly score?: number
  readonly duplicateOf?: string
}

/** How the person stands now; null while it waits to be decided. */
export const standing = (entry: Entry): Standing | null => {
  const { link, verdict, reopened, decided } = entry
  if (verdict !== null && link !== null) {
    const { state, svid, matchType, score } = link
    const voter = { state, svid, matchType, score }
    return reopened === null
      ? { outcome: 'linked', reason: verdict.kind, ...voter }
      : { outcome: 'review', reason: 'reopened', ...voter }
  }
  if (decided === null || entry.consideredVersion === null) return null
  const { candidates: _c, candidateCount: _n, vetoes: _v, ...rest } = decided.decision
  return rest
}

/** Types that `evolve` folds. */
export const ledgerTypes = [
  'MatchDecided',
  'MatchVerified',
  'PersonLinked',
  'CandidateRejected',
  'PersonUnlinked',
  'VerdictUndone',
  'MatchReopened',
] as const

export type LedgerEvent = Extract<DomainEvent, { readonly type: (typeof ledgerTypes)[number] }>

/** True for an event that `evolve` folds into one person's entry. */
export const isLedgerEvent = (event: DomainEvent): event is LedgerEvent =>
  (ledgerTypes as readonly string[]).includes(event.type)

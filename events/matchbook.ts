import * as t from 'io-ts'
import { Actor, Count, Score, Sha256, StateCode, Tenant, Uuid } from './primitives.js'

export const Outcome = t.keyof({ linked: null, duplicate: null, review: null, unmatched: null })
export type Outcome = t.TypeOf<typeof Outcome>

export const MatchType = t.keyof({ exact: null, name_address: null, name_city: null, fuzzy: null, manual: null })
export type MatchType = t.TypeOf<typeof MatchType>

export const Reason = t.keyof({
  /** linked: one candidate decided it, or the best reached the threshold and led by the margin */
  match: null,
  /** duplicate: another person of the tenant holds the voter */
  voter_taken: null,
  below_threshold: null,
  ambiguous: null,
  veto: null,
  reopened: null,
  voter_gone: null,
  no_candidate: null,
  below_floor: null,
})
export type Reason = t.TypeOf<typeof Reason>

/** A voter that blocking proposed: ids, levels and score, never names. `levels` is field → level reached. */
export const Candidate = t.type({
  state: StateCode,
  svid: t.string,
  matchType: MatchType,
  score: Score,
  levels: t.record(t.string, t.string),
})
export type Candidate = t.TypeOf<typeof Candidate>

export const VoterFileRef = t.type({ state: StateCode, voterFile: Sha256 })
export type VoterFileRef = t.TypeOf<typeof VoterFileRef>

const VoterRef = t.type({ state: StateCode, svid: t.string })

/** What was concluded for one person. Everything that the pure decision yields, and nothing else. */
export const Decision = t.intersection([
  t.type({
    outcome: Outcome,
    reason: Reason,
    candidates: t.array(Candidate),
  }),
  t.partial({
    /** the voter linked, held by another, or best of the review */
    state: StateCode,
    svid: t.string,
    matchType: MatchType,
    score: Score,
    /** duplicate: the person that holds the voter */
    duplicateOf: Uuid,
    /** how many candidates the deciding key had, when more than are listed */
    candidateCount: Count,
    vetoes: t.array(t.string),
  }),
])
export type Decision = t.TypeOf<typeof Decision>

const verdict = t.type({
  tenant: Tenant,
  personId: Uuid,
  state: StateCode,
  svid: t.string,
  /** the person's data that the human saw */
  inputVersion: Sha256,
  /** SHA-256 of the voter's row that the human saw */
  voterVersion: Sha256,
})
const note = t.partial({ note: t.string })

export const matchbook = {
  HeaderAdopted: { data: t.type({ tenant: Tenant, state: StateCode, voterFile: Sha256, firstPidSerial: Count }) },
  PersonsJoined: { data: t.type({ tenant: Tenant, personId: Uuid, into: Uuid }) },
  PersonsParted: { data: t.type({ tenant: Tenant, personId: Uuid, contactIds: t.array(Uuid), newPersonId: Uuid }) },
  PersonTagged: { data: t.type({ tenant: Tenant, personId: Uuid, tag: t.string }) },
  RunStarted: {
    data: t.type({
      tenant: Tenant,
      runId: Uuid,
      kind: t.keyof({ import: null, match: null, match_all: null, rematch: null }),
      ruleset: Sha256,
      threshold: Score,
      voterFiles: t.array(VoterFileRef),
      persons: Count,
      /** the last event of the ledger that the run had seen; −1: none */
      ledgerRevision: t.number,
    }),
  },
  MatchDecided: {
    data: t.intersection([
      t.type({
        tenant: Tenant,
        runId: Uuid,
        personId: Uuid,
        decision: Decision,
        threshold: Score,
        ruleset: Sha256,
        voterFiles: t.array(VoterFileRef),
        inputVersion: Sha256,
        decidedBy: Actor,
      }),
      t.partial({
        /** SHA-256 of the linked voter's row */
        voterVersion: Sha256,
      }),
    ]),
  },
  RunCompleted: {
    data: t.type({
      tenant: Tenant,
      runId: Uuid,
      persons: Count,
      linked: Count,
      duplicate: Count,
      review: Count,
      unmatched: Count,
      /** over every decision of the run, changed or not, in the order of person ids */
      digest: Sha256,
      size: Count,
      root: Sha256,
    }),
  },
  MatchVerified: { data: verdict, pii: note },
  CandidateRejected: { data: verdict, pii: note },
  PersonLinked: { data: verdict, pii: note },
  PersonUnlinked: { data: verdict, pii: note },
  VerdictUndone: { data: t.type({ tenant: Tenant, personId: Uuid, verdictId: Uuid }), pii: note },
  MatchReopened: {
    data: t.intersection([
      t.type({
        tenant: Tenant,
        personId: Uuid,
        why: t.keyof({ person_changed: null, voter_changed: null, voter_gone: null }),
        inputVersion: Sha256,
      }),
      t.partial({ voterVersion: Sha256 }),
      VoterRef,
    ]),
  },
}

import * as t from 'io-ts'
import { Decision, MatchType, Outcome, Reason, VoterFileRef } from '../../events/matchbook.js'
import { Count, Pid, Score, Sha256, StateCode, Tenant, Uuid } from '../../events/primitives.js'

/**
 * A plan is a file of canonical JSON, a line each: a head, what changes for whom, a summary. It is named by the SHA-256
 * of its bytes. It is derived and may be deleted; nothing of it is an event until it is applied. It holds ids, levels and
 * scores, no names.
 */
const RuleNames = t.type({ ruleset: Sha256, threshold: Score, voterFiles: t.array(VoterFileRef) })

export const Head = t.type({
  kind: t.literal('rematch'),
  v: t.literal(1),
  tenant: Tenant,
  from: RuleNames,
  to: RuleNames,
  /** what the plan rests on: when any of it moves, the plan is stale */
  bound: t.type({
    engine: t.string,
    /** revision of the ledger's last event, −1: none */
    ledger: t.number,
    batches: Count,
    /** rows of the lists that were imported or rejected */
    rows: Count,
  }),
})
export type Head = t.TypeOf<typeof Head>

const before = t.intersection([
  t.type({ outcome: Outcome, reason: t.union([Reason, t.literal('verified'), t.literal('linked')]) }),
  t.partial({ state: StateCode, svid: t.string, matchType: MatchType, score: Score, duplicateOf: Uuid }),
])
/** How a person stands before the plan. */
export type Before = t.TypeOf<typeof before>

/** What becomes of a person, by where it ends. */
export const ChangeKind = t.keyof({
  newlyLinked: null,
  /** linked to another voter */
  moved: null,
  toReview: null,
  toDuplicate: null,
  toUnmatched: null,
  /** the same outcome for the same voter, on another reason, other scores or candidates */
  evidence: null,
})
export type ChangeKind = t.TypeOf<typeof ChangeKind>

const subject = t.type({ personId: Uuid, pid: Pid, why: t.string })

export const Change = t.intersection([
  subject,
  t.type({ kind: ChangeKind, before: t.union([before, t.null]), after: Decision, inputVersion: Sha256 }),
])
export type Change = t.TypeOf<typeof Change>

/** A verdict whose data has changed: it stays, and comes back to a human. */
export const ReopenedVerdict = t.intersection([
  subject,
  t.type({
    kind: t.literal('reopened'),
    reopens: t.intersection([
      t.type({
        why: t.keyof({ person_changed: null, voter_changed: null, voter_gone: null }),
        inputVersion: Sha256,
        state: StateCode,
        svid: t.string,
      }),
      t.partial({ voterVersion: Sha256 }),
    ]),
  }),
])
export type ReopenedVerdict = t.TypeOf<typeof ReopenedVerdict>

/** A verdict that the rules would not have come to: it stays. */
export const KeptVerdict = t.intersection([
  subject,
  t.type({ kind: t.literal('kept'), state: StateCode, svid: t.string, rules: before }),
])
export type KeptVerdict = t.TypeOf<typeof KeptVerdict>

const counts = t.record(t.string, Count)

const example = t.intersection([
  subject,
  t.partial({ before: t.union([before, t.null]), after: before, voter: t.string }),
])
export type Example = t.TypeOf<typeof example>

export const Summary = t.type({
  kind: t.literal('summary'),
  /** all persons: those that the rules decide, and those who stand by a verdict */
  persons: Count,
  /** events that applying it writes for persons */
  changed: Count,
  /** by kind; `unlinked` counts those of the others who lose their link */
  changes: counts,
  outcomes: t.type({ before: counts, after: counts }),
  verdicts: t.type({
    /** that persons are a voter; none is overturned */
    kept: Count,
    /** of these, the ones that the rules would not have come to */
    inTheWay: Count,
    /** of these, the ones that come back to a human as their data has changed */
    reopened: Count,
    /** that a person is not a voter, and holds */
    rejections: Count,
  }),
  histogram: t.array(t.type({ from: t.number, to: t.number, before: Count, after: Count })),
  /** ten of each kind at most, the earliest persons first */
  examples: t.record(t.string, t.array(example)),
})
export type Summary = t.TypeOf<typeof Summary>

export const PlanLine = t.union([Change, ReopenedVerdict, KeptVerdict, Summary])
export type PlanLine = t.TypeOf<typeof PlanLine>

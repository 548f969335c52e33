import { canonicalJson, type Json } from '../../events/canonical-json.js'
import type { Decision, VoterFileRef } from '../../events/matchbook.js'
import { decisionSha, decisionText } from '../../src/decide/decision-sha.js'
import type { Decided, Entry, Link, Standing } from '../../src/decide/entry.js'
import type { Row } from '../row-set.js'
import { isoTime, type TextRow } from '../select-by-keys.js'

const json = (value: unknown): string => canonicalJson(value as Json)

/** True when the columns say all there is: a machine's decision in force and no human word that counts. */
const isPlain = ({ decided, link, verdict, rejected, reopened, consideredVersion, undo }: Entry): boolean =>
  decided !== null &&
  consideredVersion === decided.inputVersion &&
  verdict === null &&
  reopened === null &&
  rejected.length === 0 &&
  undo.length === 0 &&
  (link !== null) === (decided.decision.outcome === 'linked')

/**
 * The row of `book` for an entry that stands as `now`. `reviewSince`: when it came into review, null when it is not. One
 * literal for all columns: see `Row`.
 */
export const entryRow = (
  tenant: string,
  personId: string,
  entry: Entry,
  now: Standing | null,
  reviewSince: string | null,
): Row => {
  const { decided, link } = entry
  const voter = link ?? now
  return {
    tenant,
    person_id: personId,
    outcome: now?.outcome ?? null,
    reason: now?.reason ?? null,
    state: voter?.state ?? null,
    svid: voter?.svid ?? null,
    match_type: voter?.matchType ?? null,
    score: voter?.score ?? null,
    duplicate_of: now?.duplicateOf ?? null,
    matched_at: link?.matchedAt ?? null,
    matched_by: link?.matchedBy ?? null,
    review_since: reviewSince,
    decision: decided === null ? null : decisionText(decided.decision, decided.voterVersion),
    decision_sha: decided === null ? null : decisionSha(decided.decision, decided.voterVersion),
    run_id: decided?.runId ?? null,
    decided_position: decided?.position ?? null,
    decided_at: decided?.at ?? null,
    decided_by: decided?.by ?? null,
    ruleset: decided?.ruleset ?? null,
    threshold: decided?.threshold ?? null,
    voter_files: decided === null ? null : json(decided.voterFiles),
    input_version: entry.consideredVersion,
    voter_version: decided?.voterVersion ?? null,
    verdict: entry.verdict?.kind ?? null,
    entry: isPlain(entry) ? null : json(entry),
  }
}

const machineLink = (row: TextRow, decision: Decision): Link | null =>
  decision.outcome !== 'linked'
    ? null
    : {
        state: row['state']!,
        svid: row['svid']!,
        matchType: decision.matchType ?? 'fuzzy',
        score: decision.score ?? 0,
        matchedAt: isoTime(row['matched_at']!),
        matchedBy: row['matched_by']!,
      }

/** The entry that a row of `book`, read as text, was written from. */
export const entryOf = (row: TextRow): Entry => {
  const whole = row['entry'] ?? null
  if (whole !== null) return JSON.parse(whole) as Entry
  const decision = JSON.parse(row['decision']!) as Decision
  const voterVersion = row['voter_version'] ?? null
  const decided: Decided = {
    decision,
    ...(voterVersion === null ? {} : { voterVersion }),
    runId: row['run_id']!,
    ruleset: row['ruleset']!,
    threshold: Number(row['threshold']),
    voterFiles: JSON.parse(row['voter_files']!) as readonly VoterFileRef[],
    inputVersion: row['input_version']!,
    by: row['decided_by']!,
    at: isoTime(row['decided_at']!),
    position: Number(row['decided_position']),
  }
  return {
    decided,
    link: machineLink(row, decision),
    verdict: null,
    rejected: [],
    reopened: null,
    consideredVersion: decided.inputVersion,
    undo: [],
  }
}

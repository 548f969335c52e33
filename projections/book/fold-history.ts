import type { DomainEvent } from '../../events/catalogue.js'
import { isLedgerEvent } from '../../src/decide/entry.js'
import type { Placed } from '../family.js'
import { type Row, RowSet } from '../row-set.js'
import type { Step } from './fold-entries.js'
import { matchHistory } from './tables.js'

type MatchColumns = Readonly<
  Record<'outcome' | 'reason' | 'state' | 'svid' | 'ruleset' | 'voter_file', string | null> &
    Record<'score' | 'threshold', number | null>
>

const noMatch: MatchColumns = {
  outcome: null,
  reason: null,
  state: null,
  svid: null,
  score: null,
  ruleset: null,
  threshold: null,
  voter_file: null,
}

/** A decision says what was decided, any other event how the person stood after it. */
const matchColumns = ({ placed: { event }, now }: Step): MatchColumns => {
  if (event.type === 'MatchDecided') {
    const { decision, ruleset, threshold, voterFiles } = event.data
    const { outcome, reason, state, svid, score } = decision
    const file = voterFiles.find((one) => one.state === state) ?? (voterFiles.length === 1 ? voterFiles[0] : undefined)
    return {
      outcome,
      reason,
      state: state ?? null,
      svid: svid ?? null,
      score: score ?? null,
      ruleset,
      threshold,
      voter_file: file?.voterFile ?? null,
    }
  }
  const voter = 'svid' in event.data ? event.data : now
  return {
    ...noMatch,
    outcome: now?.outcome ?? null,
    reason: now?.reason ?? null,
    state: voter?.state ?? null,
    svid: voter?.svid ?? null,
    score: voter?.svid !== undefined && voter.svid === now?.svid ? (now.score ?? null) : null,
  }
}

type PersonEvent = Extract<DomainEvent, { readonly data: { readonly tenant: string; readonly personId: string } }>

const isOfPerson = (placed: Placed): placed is Placed<Exclude<PersonEvent, { readonly type: 'ContactImported' }>> => {
  const { event } = placed
  return (
    isLedgerEvent(event) ||
    event.type === 'PersonsJoined' ||
    event.type === 'PersonsParted' ||
    event.type === 'PersonTagged'
  )
}

const historyRow = (placed: Placed<PersonEvent>, match: MatchColumns): Row => {
  const { event, position } = placed
  return {
    tenant: event.data.tenant,
    person_id: event.data.personId,
    position,
    recorded_at: event.meta.recordedAt,
    event_type: event.type,
    actor: event.meta.actor,
    outcome: match.outcome,
    reason: match.reason,
    state: match.state,
    svid: match.svid,
    score: match.score,
    ruleset: match.ruleset,
    threshold: match.threshold,
    voter_file: match.voter_file,
  }
}

/** One row of `match_history` per ledger event that speaks of a person. `steps` are those of the same events, in order. */
export const historyChanges = (events: readonly Placed[], steps: readonly Step[]): RowSet => {
  const set = new RowSet(matchHistory)
  let next = 0
  for (const placed of events) {
    if (!isOfPerson(placed)) continue
    const step = steps[next]?.placed === placed ? steps[next++] : undefined
    set.add(historyRow(placed, step === undefined ? noMatch : matchColumns(step)))
  }
  return set
}

import type { DomainEvent } from '../../events/catalogue.js'
import { isLedgerEvent, standing } from '../../src/decide/entry.js'
import type { Placed } from '../family.js'
import { type Row, RowSet } from '../row-set.js'
import type { Step } from './fold-entries.js'
import { matchHistory } from './tables.js'

/** A decision says what was decided, any other event how the person stood after it. */
const matchColumns = ({ placed: { event }, after }: Step): Row => {
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
  const now = standing(after)
  const voter = 'svid' in event.data ? event.data : now
  return {
    outcome: now?.outcome ?? null,
    reason: now?.reason ?? null,
    state: voter?.state ?? null,
    svid: voter?.svid ?? null,
    score: voter?.svid !== undefined && voter.svid === now?.svid ? (now.score ?? null) : null,
  }
}

const personOf = (event: DomainEvent): { readonly tenant: string; readonly personId: string } | undefined => {
  if (isLedgerEvent(event)) return event.data
  if (event.type === 'PersonsJoined' || event.type === 'PersonsParted' || event.type === 'PersonTagged')
    return event.data
  return undefined
}

/** One row of `match_history` per ledger event that speaks of a person. */
export const historyChanges = (events: readonly Placed[], steps: readonly Step[]): RowSet => {
  const set = new RowSet(matchHistory)
  const stepAt = new Map(steps.map((step) => [step.placed.position, step]))
  for (const { event, position } of events) {
    const about = personOf(event)
    if (about === undefined) continue
    const step = stepAt.get(position)
    set.insert({
      tenant: about.tenant,
      person_id: about.personId,
      position,
      recorded_at: event.meta.recordedAt,
      event_type: event.type,
      actor: event.meta.actor,
      ...(step === undefined ? {} : matchColumns(step)),
    })
  }
  return set
}

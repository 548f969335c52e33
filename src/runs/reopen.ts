import type { EventOf } from '../../events/catalogue.js'
import type { VoterIndex } from '../match/voter-index.js'
import { rowOfSvid, voterVersion } from '../match/voter-version.js'
import type { JudgedPerson } from './score-persons.js'

/**
 * Whether the data under a human's verdict has changed since the human saw it (or since it was last reopened): a
 * MatchReopened's data, or nothing. The verdict itself stays.
 */
export const reopening = (
  { person, entry }: JudgedPerson,
  tenant: string,
  indexes: readonly VoterIndex[],
): EventOf<'MatchReopened'>['data'] | undefined => {
  const { verdict, reopened } = entry
  if (verdict === null) return undefined
  const { state, svid } = verdict
  const index = indexes.find((one) => one.state === state)
  // a run that does not have the state's file can say nothing of its voters
  if (index === undefined) return undefined
  const row = rowOfSvid(index, svid)
  const now = row < 0 ? undefined : voterVersion(index, row)
  const seen = reopened ?? verdict
  const same = seen.inputVersion === person.version && seen.voterVersion === now
  if (same) return undefined
  const personChanged = seen.inputVersion !== person.version
  const why = now === undefined ? 'voter_gone' : personChanged ? 'person_changed' : 'voter_changed'
  const data = { tenant, personId: person.id, why, inputVersion: person.version, state, svid } as const
  return now === undefined ? data : { ...data, voterVersion: now }
}

import type { PersonPage } from '../../projections/person/show-person.js'
import type { RejectedPair, Verdict } from '../decide/entry.js'

/** A human's word on a person and a voter. */
export interface ExplainedVerdict extends Pick<Verdict | RejectedPair, 'kind' | 'by' | 'at'> {
  readonly voter: string
  readonly note: string | null
}

export interface HumanWords {
  /** that the person is a voter, the one explained or another; null: the rules decided */
  readonly verdict: ExplainedVerdict | null
  /** that the person is not the voter explained; it holds while neither side's data changes */
  readonly rejection: (ExplainedVerdict & { readonly holds: boolean }) | null
  /** voters that the rules leave out because a human said that the person is none of them */
  readonly rejectedVoters: readonly string[]
}

const voterText = ({ state, svid }: { readonly state: string; readonly svid: string }): string => `${state}:${svid}`

/** What humans have said of a person, seen from one voter as its file has it now. `notes` are by position. */
export const humanWords = (
  { person, verdict, rejected }: PersonPage,
  voter: Pick<RejectedPair, 'state' | 'svid' | 'voterVersion'>,
  notes: ReadonlyMap<number, string>,
): HumanWords => {
  const explained = (said: Verdict | RejectedPair): ExplainedVerdict => {
    const { kind, by, at, position } = said
    return { kind, voter: voterText(said), by, at, note: notes.get(position) ?? null }
  }
  const isOwn = ({ state, svid }: RejectedPair): boolean => state === voter.state && svid === voter.svid
  const holding = rejected.filter(
    (pair) => pair.inputVersion === person['version'] && (!isOwn(pair) || pair.voterVersion === voter.voterVersion),
  )
  const own = rejected.find(isOwn)
  return {
    verdict: verdict === null ? null : explained(verdict),
    rejection: own === undefined ? null : { ...explained(own), holds: holding.includes(own) },
    rejectedVoters: holding.map(voterText),
  }
}

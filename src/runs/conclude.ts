import type { Decision } from '../../events/matchbook.js'
import { type Claim, withHolder } from '../decide/assign.js'
import { decisionSha } from '../decide/decision-sha.js'
import { proposesLink, scoreAt } from '../match/scored-chunk.js'
import type { VoterIndex } from '../match/voter-index.js'
import { voterVersion } from '../match/voter-version.js'
import { buildDecision, type ScoredPlace } from './build-decision.js'
import type { PersonColumns } from './person-columns.js'
import type { RulesInForce } from './rules-of-run.js'
import type { ScoredPersons } from './score-persons.js'
import { shareOut } from './share-out.js'

/** What is concluded for one person of a pass; `changed` when it differs from the decision in force. */
export interface Conclusion {
  readonly personId: string
  readonly inputVersion: string
  readonly decision: Decision
  readonly voterVersion?: string
  readonly sha: Buffer
  readonly changed: boolean
}

const voterOf = ({ chunk, place }: ScoredPlace): number => {
  const at = chunk.starts[place]!
  return chunk.file[at]! * 2 ** 32 + chunk.row[at]!
}

/** Who keeps each voter that more than one person of the pass wants; voters that one person wants are not listed. */
const contested = ({ columns, places }: ScoredPersons): ReadonlyMap<number, string> =>
  shareOut(
    places.length,
    (row) => (proposesLink(places[row]!.chunk, places[row]!.place) ? voterOf(places[row]!) : -1),
    (row) => claimOf(columns, row, places[row]!),
  )

/** The claim of a person of a pass to the voter that matching proposes for it. */
export const claimOf = (columns: PersonColumns, row: number, { chunk, place }: ScoredPlace): Claim => ({
  personId: columns.id(row),
  verified: false,
  score: scoreAt(chunk, chunk.starts[place]!),
  order: columns.order(row),
})

/** The decisions of a pass, one to one per voter, in the order of its rows. Pure but for the ids it reads. */
export function* conclude(scored: ScoredPersons, { indexes: loaded, ruleset }: RulesInForce): Generator<Conclusion> {
  const indexes = loaded.map(({ index }) => index)
  const holders = contested(scored)
  for (let row = 0; row < scored.columns.count(); row++) {
    const place = scored.places[row]!
    const proposal = buildDecision(place, indexes, ruleset)
    const holder = proposal.outcome === 'linked' ? holderAmong(scored, holders, place, proposal) : undefined
    yield concludeScored(scored.columns, row, place, proposal, holder, indexes)
  }
}

/** What is concluded from a proposal once it is known who holds the voter; undefined: nobody else wants it. */
export const concludeScored = (
  columns: PersonColumns,
  row: number,
  place: ScoredPlace,
  proposal: Decision,
  holder: string | undefined,
  indexes: readonly VoterIndex[],
): Conclusion => {
  const personId = columns.id(row)
  const decision = proposal.outcome === 'linked' ? withHolder(proposal, personId, holder ?? personId) : proposal
  const version = decision.outcome === 'linked' ? linkedVersion(place, indexes) : undefined
  const sha = decisionSha(decision, version)
  const inForce = columns.inForce(row)
  return {
    personId,
    inputVersion: columns.version(row),
    decision,
    ...(version === undefined ? {} : { voterVersion: version }),
    sha,
    changed: inForce === undefined || !inForce.equals(sha),
  }
}

const holderAmong = (
  { heldByVerdict }: ScoredPersons,
  holders: ReadonlyMap<number, string>,
  place: ScoredPlace,
  { state, svid }: Decision,
): string | undefined => heldByVerdict.get(`${state}:${svid}`) ?? holders.get(voterOf(place))

const linkedVersion = ({ chunk, place }: ScoredPlace, indexes: readonly VoterIndex[]): string => {
  const at = chunk.starts[place]!
  return voterVersion(indexes[chunk.file[at]!]!, chunk.row[at]!)
}

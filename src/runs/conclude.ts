import type { Decision } from '../../events/matchbook.js'
import { type Claim, holderOf, withHolder } from '../decide/assign.js'
import { decisionSha } from '../decide/decision-sha.js'
import { proposesLink, scoreAt } from '../match/scored-chunk.js'
import type { VoterIndex } from '../match/voter-index.js'
import { voterVersion } from '../match/voter-version.js'
import { buildDecision, type ScoredPlace } from './build-decision.js'
import type { RulesInForce } from './rules-of-run.js'
import type { ScoredPersons } from './score-persons.js'

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
const contested = ({ columns, places }: ScoredPersons): ReadonlyMap<number, string> => {
  const first = new Map<number, number>()
  const rivals = new Map<number, number[]>()
  places.forEach((scored, row) => {
    if (!proposesLink(scored.chunk, scored.place)) return
    const voter = voterOf(scored)
    const before = first.get(voter)
    if (before === undefined) first.set(voter, row)
    else rivals.set(voter, [...(rivals.get(voter) ?? [before]), row])
  })
  const holders = new Map<number, string>()
  for (const [voter, rows] of rivals) {
    const claims = rows.map((row): Claim => {
      const { chunk, place } = places[row]!
      const score = scoreAt(chunk, chunk.starts[place]!)
      return { personId: columns.id(row), verified: false, score, order: columns.order(row) }
    })
    holders.set(voter, holderOf(claims as [Claim, ...Claim[]]).personId)
  }
  return holders
}

/** The decisions of a pass, one to one per voter, in the order of its rows. Pure but for the ids it reads. */
export function* conclude(scored: ScoredPersons, { indexes: loaded, ruleset }: RulesInForce): Generator<Conclusion> {
  const indexes = loaded.map(({ index }) => index)
  const holders = contested(scored)
  for (let row = 0; row < scored.columns.count(); row++) {
    const place = scored.places[row]!
    const personId = scored.columns.id(row)
    const proposal = buildDecision(place, indexes, ruleset)
    const inForce = scored.columns.inForce(row)
    const holder = proposal.outcome === 'linked' ? holderAmong(scored, holders, place, proposal, personId) : personId
    const decision = proposal.outcome === 'linked' ? withHolder(proposal, personId, holder) : proposal
    const version = decision.outcome === 'linked' ? linkedVersion(place, indexes) : undefined
    const sha = decisionSha(decision, version)
    yield {
      personId,
      inputVersion: scored.columns.version(row),
      decision,
      ...(version === undefined ? {} : { voterVersion: version }),
      sha,
      changed: inForce === undefined || !inForce.equals(sha),
    }
  }
}

const holderAmong = (
  { heldByVerdict }: ScoredPersons,
  holders: ReadonlyMap<number, string>,
  place: ScoredPlace,
  { state, svid }: Decision,
  personId: string,
): string => heldByVerdict.get(`${state}:${svid}`) ?? holders.get(voterOf(place)) ?? personId

const linkedVersion = ({ chunk, place }: ScoredPlace, indexes: readonly VoterIndex[]): string => {
  const at = chunk.starts[place]!
  return voterVersion(indexes[chunk.file[at]!]!, chunk.row[at]!)
}

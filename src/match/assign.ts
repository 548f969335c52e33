import { assignGreedily } from './assign-greedily.js'
import { assignTangle, type Tangle } from './assign-tangle.js'
import { type Contested, compareSaid, findTangles } from './find-tangles.js'
import { repeatRate } from './repeat-rate.js'
import type { ListedCandidates } from './scored-contacts.js'
import { tangleProbabilities } from './tangle-probabilities.js'

/** Fixed, or probabilities against a file of so many voters. */
export type Scores = 'fixed' | { readonly voters: number }

export interface Assigned {
  /** per contact: the candidate that it is given, as its place among all, −1: none */
  readonly given: Int32Array
  /** per candidate: probability that it is the person, given what all contacts say; four decimals */
  readonly score: Float64Array
  /** contacts in tangles that took too long for an exact assignment: there the surest pair went first */
  readonly greedy: number
}

/** A probability that rounds to nothing may still be half of the last decimal. */
const least = 0.00005
const surest = 0.9999
/** Odds of a score of 1, which only the list's own SVID has; and what the pair gains: more than all others of a tangle. */
const certain = 1e9
const certainGain = 1e12
/** Gains are whole millionths of a natural logarithm. */
const millionths = 1e6

/**
 * Gives contacts and voters to each other one to one, tangle by tangle: first the pairs that make all that is said
 * likeliest, then to those left over the voters left over. What a contact's listed candidates leave of 1 is for nobody of
 * them: not in the file, or a candidate that is not listed. Where contacts say the very same the earliest comes first;
 * else the order of contacts changes nothing. Probabilities are judged anew by what the other contacts of the tangle say:
 * strictly one to one would halve those of two contacts that are one person, so by how much the list repeats persons.
 * Fixed scores, as of tiers, stay as they are.
 */
export const assign = (candidates: ListedCandidates, scores: Scores): Assigned => {
  const { starts } = candidates
  const given = Int32Array.from({ length: starts.length - 1 }, (_, i) =>
    starts[i]! < starts[i + 1]! ? starts[i]! : -1,
  )
  const score = candidates.score.slice()
  // 1: contacts say nothing of each other
  const repeats = scores === 'fixed' ? 1 : repeatRate(candidates, scores.voters)
  let greedy = 0
  for (const contacts of findTangles(candidates)) {
    const tangle = tangleOf(candidates, contacts)
    if (repeats < 1) rescore(tangle, repeats, score)
    const { voters, isExact } = giveVoters(tangle, score)
    if (!isExact) greedy += contacts.length
    const offsets = orderAlike(candidates, contacts, offsetsOf(tangle, voters))
    for (const [k, contact] of contacts.entries()) {
      given[contact] = offsets[k]! === nobody ? -1 : starts[contact]! + offsets[k]!
    }
  }
  return { given, score, greedy }
}

/** A tangle with its voters numbered by row. */
interface Local extends Omit<Tangle, 'gain'> {
  /** per pair: its place among all candidates, its score, and its odds against nobody */
  readonly place: Uint32Array
  readonly said: Float64Array
  readonly odds: Float64Array
}

const tangleOf = ({ starts, row, score }: ListedCandidates, contacts: Contested): Local => {
  const counts = contacts.map((contact) => starts[contact + 1]! - starts[contact]!)
  const localStarts = new Uint32Array(contacts.length + 1)
  for (const [k, count] of counts.entries()) localStarts[k + 1] = localStarts[k]! + count
  const place = new Uint32Array(localStarts[contacts.length]!)
  const odds = new Float64Array(place.length)
  for (const [k, contact] of contacts.entries()) {
    const [from, to] = [starts[contact]!, starts[contact + 1]!]
    const nobody = Math.max(least, 1 - score.subarray(from, to).reduce((sum, one) => sum + one, 0))
    for (let p = from; p < to; p++) {
      place[localStarts[k]! + p - from] = p
      odds[localStarts[k]! + p - from] = score[p]! === 1 ? certain : score[p]! / nobody
    }
  }
  const rows = [...new Set(Array.from(place, (p) => row[p]!))].sort((a, b) => a - b)
  const numbers = new Map(rows.map((one, number) => [one, number]))
  return {
    ...{ starts: localStarts, place, odds, voters: rows.length },
    voter: Uint32Array.from(place, (p) => numbers.get(row[p]!)!),
    said: Float64Array.from(place, (p) => score[p]!),
  }
}

const rescore = (tangle: Local, repeats: number, score: Float64Array): void => {
  tangleProbabilities(tangle, repeats).forEach((probability, p) => {
    if (tangle.said[p] === 1) return
    score[tangle.place[p]!] = Math.min(surest, Math.round(probability * 10_000) / 10_000)
  })
}

/** The likeliest pairs, then from what is left the most that can be expected to be right; the voter of each contact. */
const giveVoters = (tangle: Local, score: Float64Array): { readonly voters: Int32Array; readonly isExact: boolean } => {
  const likeliest = tangle.odds.map((odds) =>
    odds === certain ? certainGain : Math.round(Math.log(odds) * millionths),
  )
  const first = assignWhere(tangle, likeliest)
  const isTaken = new Uint8Array(tangle.voters)
  for (const voter of first.voters) if (voter >= 0) isTaken[voter] = 1
  const rest = Float64Array.from(tangle.voter, (voter, p) =>
    isTaken[voter] === 1 ? 0 : Math.round(score[tangle.place[p]!]! * 10_000),
  )
  first.voters.forEach((voter, k) => {
    if (voter >= 0) rest.fill(0, tangle.starts[k], tangle.starts[k + 1])
  })
  const second = assignWhere(tangle, rest)
  return {
    voters: first.voters.map((voter, k) => (voter >= 0 ? voter : second.voters[k]!)),
    isExact: first.isExact && second.isExact,
  }
}

/** Assigns the pairs that gain something: another would never be among the best. */
const assignWhere = (
  { starts, voter, voters }: Local,
  gain: Float64Array,
): { readonly voters: Int32Array; readonly isExact: boolean } => {
  const kept = [...gain.keys()].filter((p) => gain[p]! > 0)
  const keptStarts = new Uint32Array(starts.length)
  let at = 0
  for (let k = 0; k < starts.length; k++) {
    while (at < kept.length && kept[at]! < starts[k]!) at++
    keptStarts[k] = at
  }
  const some: Tangle = {
    ...{ starts: keptStarts, voters },
    voter: Uint32Array.from(kept, (p) => voter[p]!),
    gain: Float64Array.from(kept, (p) => gain[p]!),
  }
  const exact = assignTangle(some)
  return exact === null ? { voters: assignGreedily(some), isExact: false } : { voters: exact, isExact: true }
}

const nobody = Number.MAX_SAFE_INTEGER

/** Which of its candidates each contact is given, 0 for the best. */
const offsetsOf = ({ starts, voter }: Local, voters: Int32Array): readonly number[] =>
  Array.from(voters, (one, k) => {
    if (one < 0) return nobody
    return voter.subarray(starts[k], starts[k + 1]).indexOf(one)
  })

/** Of contacts that say the very same, and so stand together, the earliest is given the best. */
const orderAlike = (
  candidates: ListedCandidates,
  contacts: Contested,
  offsets: readonly number[],
): readonly number[] => {
  const ordered: number[] = []
  for (let from = 0; from < contacts.length; ) {
    let to = from + 1
    while (to < contacts.length && compareSaid(candidates, contacts[from]!, contacts[to]!) === 0) to++
    for (const offset of offsets.slice(from, to).sort((a, b) => a - b)) ordered.push(offset)
    from = to
  }
  return ordered
}

import { availableParallelism } from 'node:os'
import type { FieldMap } from '../lists/parse-map.js'
import type { PreparedPerson } from '../match/prepared.js'
import type { Ruleset } from '../match/ruleset.js'
import { proposalReasons, proposals, type ScoredChunk, scoreAt } from '../match/scored-chunk.js'
import { matchTypes } from '../match/scored-contacts.js'
import { learnWeights } from '../match/standard/learn-weights.js'
import { standardRuleset } from '../match/standard/standard-ruleset.js'
import { textOf, type VoterIndex } from '../match/voter-index.js'
import { rowOfSvid } from '../match/voter-version.js'
import { matcherFor } from '../runs/match-pool.js'
import { personOf } from '../runs/prepare-person.js'
import type { LoadedIndex } from '../voters/load-index.js'
import { type Evaluation, judge } from './judge.js'
import { oneToOne } from './one-to-one.js'
import { type LabelledContact, readContacts, readTruth } from './read-labelled.js'
import { readRegister } from './read-register.js'

export interface EvaluateRequest {
  readonly voters: string
  readonly contacts: string
  readonly truth: string
  readonly mapVoters?: FieldMap
  readonly mapContacts?: FieldMap
  readonly ruleset: Ruleset
  /** learn the weights from the two files first */
  readonly train: boolean
  readonly oneToOne: boolean
  readonly threshold: number
  readonly threads?: number
  readonly signal: AbortSignal
  readonly onProgress: (done: number, of: number) => void
}

/** What was concluded for one contact. */
export interface Conclusion {
  readonly contact: string
  readonly outcome: (typeof proposals)[number]
  readonly reason: string
  /** the best voter, '' without a candidate */
  readonly svid: string
  readonly matchType: string
  readonly score: number
}

export interface Evaluated {
  readonly evaluation: Evaluation
  readonly conclusions: readonly Conclusion[]
  readonly ruleset: Ruleset
}

/**
 * Matches a labelled list without a store: the code, rulesets and worker threads of a run. Throws what reading the files
 * says, BAD_USAGE for learning the weights of a ruleset that has none, INTERRUPTED.
 */
export const evaluate = async (request: EvaluateRequest): Promise<Evaluated> => {
  const { signal, onProgress } = request
  const began = performance.now()
  const reading = { signal, onProgress: onProgress }
  const loaded = await readRegister(request.voters, withSvid(request.mapVoters), reading)
  const indexSeconds = secondsSince(began)
  const contacts = await readContacts(request.contacts, request.mapContacts, signal)
  const truth = await readTruth(request.truth, signal)
  const persons = contacts.map(({ contact }) => personOf(contact))
  const trainBegan = performance.now()
  const ruleset = request.train ? trained(request, loaded.index, persons) : request.ruleset
  const trainSeconds = secondsSince(trainBegan)
  const matchBegan = performance.now()
  const matched = await matchAll(request, ruleset, loaded, contacts, persons)
  const matchSeconds = secondsSince(matchBegan)
  const conclusions = request.oneToOne ? oneToOne(matched.conclusions) : matched.conclusions
  const counts = { contacts: contacts.length, voters: loaded.index.voters, pairsCompared: matched.pairs }
  const seconds = { indexSeconds, trainSeconds, matchSeconds }
  const truePairs = truthInFiles(truth, contacts, loaded.index)
  return { evaluation: judge({ conclusions, truth: truePairs, ...counts, ...seconds }), conclusions, ruleset }
}

const secondsSince = (began: number): number => Math.round(performance.now() - began) / 1000

/** A file whose own id is the SVID needs no second map. */
const withSvid = (map: FieldMap | undefined): FieldMap | undefined => {
  if (map === undefined || map['svid'] !== undefined || map['id'] === undefined) return map
  const { id, ...rest } = map
  return { ...rest, svid: id }
}

const trained = (
  { ruleset, onProgress }: EvaluateRequest,
  index: VoterIndex,
  persons: readonly PreparedPerson[],
): Ruleset => {
  const extras = Object.keys(index.extras).sort()
  const contacts = persons.flatMap((person) => person.contacts)
  const weights = learnWeights(index, contacts, extras, {
    onProgress,
  })
  return standardRuleset(ruleset.name, weights, 'the files of the evaluation')
}

/** Contacts a chunk: some tens of milliseconds of work. */
const chunkSize = 1_000

const matchAll = async (
  { threshold, threads = availableParallelism(), signal, onProgress }: EvaluateRequest,
  ruleset: Ruleset,
  { index, shared }: LoadedIndex,
  contacts: readonly LabelledContact[],
  persons: readonly PreparedPerson[],
): Promise<{ readonly conclusions: readonly Conclusion[]; readonly pairs: number }> => {
  const matcher = matcherFor(contacts.length, [shared], { ruleset, threshold }, threads)
  const conclusions: Conclusion[] = []
  let pairs = 0
  const take = (chunk: ScoredChunk, from: number): void => {
    for (let i = 0; i < chunk.persons; i++) {
      pairs += chunk.found[i]!
      conclusions[from + i] = conclusionAt(chunk, i, contacts[from + i]!.id, index, ruleset)
    }
    onProgress(from + chunk.persons, contacts.length)
  }
  try {
    const underWay: Promise<void>[] = []
    for (let from = 0; from < contacts.length; from += chunkSize) {
      signal.throwIfAborted()
      underWay.push(matcher.matchPrepared(persons.slice(from, from + chunkSize)).then((chunk) => take(chunk, from)))
      if (underWay.length > threads * 2) await underWay.shift()
    }
    await Promise.all(underWay)
    return { conclusions, pairs }
  } finally {
    await matcher.close()
  }
}

const conclusionAt = (
  chunk: ScoredChunk,
  place: number,
  contact: string,
  index: VoterIndex,
  ruleset: Ruleset,
): Conclusion => {
  const at = chunk.starts[place]!
  const outcome = proposals[chunk.outcome[place]!]!
  const reason = proposalReasons[chunk.reason[place]!]!
  if (at === chunk.starts[place + 1]) return { contact, outcome, reason, svid: '', matchType: '', score: 0 }
  const tier = chunk.tier[at]!
  const matchType = ruleset.kind === 'tiers' ? ruleset.tiers[tier]!.matchType : matchTypes[tier]!
  return {
    contact,
    outcome,
    reason,
    svid: textOf(index.svids, chunk.row[at]! + 1),
    matchType,
    score: scoreAt(chunk, at),
  }
}

/** The labelled pairs of which both sides are in the files. */
const truthInFiles = (
  truth: ReadonlyMap<string, string>,
  contacts: readonly LabelledContact[],
  index: VoterIndex,
): ReadonlyMap<string, string> => {
  const pairs = new Map<string, string>()
  for (const { id } of contacts) {
    const svid = truth.get(id)
    if (svid !== undefined && rowOfSvid(index, svid) >= 0) pairs.set(id, svid)
  }
  return pairs
}

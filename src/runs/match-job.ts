import { matchListByTiers, matchTiers } from '../match/match-tiers.js'
import { type PackedContacts, unpackContacts } from '../match/packed-contacts.js'
import type { PreparedPerson } from '../match/prepared.js'
import type { Ruleset } from '../match/ruleset.js'
import type { ScoredChunk } from '../match/scored-chunk.js'
import { matchStandard } from '../match/standard/match-standard.js'
import type { VoterIndex } from '../match/voter-index.js'
import { preparePerson, type RawPerson } from './prepare-person.js'

/** Everything that the matching of one run rests on besides the persons. */
export interface MatchRules {
  readonly ruleset: Ruleset
  readonly threshold: number
}

/** Prepares and matches a chunk; the same on the main thread and in a worker. */
export const matchChunk = (
  persons: readonly RawPerson[],
  indexes: readonly VoterIndex[],
  rules: MatchRules,
): ScoredChunk => matchPrepared(persons.map(preparePerson), indexes, rules)

/** Matches the contacts from `from` to below `to` of a list, each as a person of its own. By tiers they get no levels. */
export const matchList = (
  list: PackedContacts,
  from: number,
  to: number,
  indexes: readonly VoterIndex[],
  { ruleset, threshold }: MatchRules,
): ScoredChunk => {
  if (ruleset.kind === 'tiers') return matchListByTiers(list, from, to, indexes, ruleset, threshold)
  const persons = unpackContacts(list, from, to).map((contact) => ({ contacts: [contact], states: none, excluded: none }))
  return matchStandard(persons, indexes, ruleset, threshold)
}

const none: readonly never[] = []

/** Matches persons that are prepared. */
export const matchPrepared = (
  persons: readonly PreparedPerson[],
  indexes: readonly VoterIndex[],
  { ruleset, threshold }: MatchRules,
): ScoredChunk =>
  ruleset.kind === 'tiers'
    ? matchTiers(persons, indexes, ruleset, threshold)
    : matchStandard(persons, indexes, ruleset, threshold)

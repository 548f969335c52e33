import { matchTiers } from '../match/match-tiers.js'
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

/** Matches persons that are prepared. */
export const matchPrepared = (
  persons: readonly PreparedPerson[],
  indexes: readonly VoterIndex[],
  { ruleset, threshold }: MatchRules,
): ScoredChunk =>
  ruleset.kind === 'tiers'
    ? matchTiers(persons, indexes, ruleset, threshold)
    : matchStandard(persons, indexes, ruleset, threshold)

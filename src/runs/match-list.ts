import type { PackedContacts } from '../match/packed-contacts.js'
import type { ScoredChunk } from '../match/scored-chunk.js'
import type { VoterIndex } from '../match/voter-index.js'
import type { MatchRules } from './match-job.js'

/** Matches the contacts from `from` to below `to` of a list, each as a person of its own. By tiers they get no levels. */
export type MatchContacts = (from: number, to: number) => ScoredChunk

/** Loads only what the rules need: a thread that loads the kernels of both is ready some 40 ms later. */
export const listMatching = async (
  list: PackedContacts,
  indexes: readonly VoterIndex[],
  { ruleset, threshold }: MatchRules,
): Promise<MatchContacts> => {
  if (ruleset.kind === 'tiers') {
    const { matchListByTiers } = await import('../match/match-tiers.js')
    return (from, to) => matchListByTiers(list, from, to, indexes, ruleset, threshold)
  }
  const { matchStandard } = await import('../match/standard/match-standard.js')
  const { unpackContacts } = await import('../match/packed-contacts.js')
  return (from, to) => {
    const persons = unpackContacts(list, from, to).map((contact) => ({ ...alone, contacts: [contact] }))
    return matchStandard(persons, indexes, ruleset, threshold)
  }
}

const alone = { states: [], excluded: [] } as const

import { askedFiles, excludedRows } from './asked-rows.js'
import { comparedFields, compareFields } from './compare-fields.js'
import { type ContactIds, contactIds, findCandidates } from './find-candidates.js'
import type { PreparedPerson } from './prepared.js'
import { proposeByTier } from './propose.js'
import type { TierRuleset } from './ruleset.js'
import { conclude, emptyChunk, type ScoredChunk, trimChunk } from './scored-chunk.js'
import { textOf, type VoterIndex } from './voter-index.js'

interface Hit {
  readonly file: number
  readonly row: number
}

/**
 * Matches a chunk of persons by tiers: the first tier with exactly one candidate decides, several at every tier that has
 * any are ambiguous. A pure function of persons, indexes, rules and threshold; the order of persons changes nothing.
 */
export const matchTiers = (
  persons: readonly PreparedPerson[],
  indexes: readonly VoterIndex[],
  ruleset: TierRuleset,
  threshold: number,
): ScoredChunk => {
  const chunk = emptyChunk(persons.length, ruleset.listed, comparedFields.length)
  let at = 0
  for (let i = 0; i < persons.length; i++) {
    chunk.starts[i] = at
    at = matchPerson(persons[i]!, i, at, chunk, indexes, ruleset, threshold)
  }
  chunk.starts[persons.length] = at
  return trimChunk(chunk)
}

const matchPerson = (
  person: PreparedPerson,
  place: number,
  at: number,
  chunk: ScoredChunk,
  indexes: readonly VoterIndex[],
  ruleset: TierRuleset,
  threshold: number,
): number => {
  const asked = askedFiles(person, indexes)
  const ids = asked.map((file) => person.contacts.map((contact) => contactIds(indexes[file]!, contact)))
  const excluded = asked.map((file) => excludedRows(person, indexes[file]!))
  let ambiguous: readonly Hit[] = []
  let ambiguousTier = -1
  for (let tier = 0; tier < ruleset.tiers.length; tier++) {
    const hits = hitsAt(person, ids, asked, indexes, ruleset, tier, excluded)
    if (hits.length === 1) {
      chunk.found[place] = 1
      conclude(chunk, place, ...proposeByTier(1, ruleset.tiers[tier]!.score, ruleset, threshold))
      return list(chunk, at, hits, tier, person, ids, asked, indexes, ruleset)
    }
    if (hits.length > 1 && ambiguousTier < 0) {
      ambiguous = hits
      ambiguousTier = tier
    }
  }
  if (ambiguousTier < 0) {
    conclude(chunk, place, 'unmatched', 'no_candidate')
    return at
  }
  chunk.found[place] = ambiguous.length
  const best = ruleset.tiers[ambiguousTier]!.score
  conclude(chunk, place, ...proposeByTier(ambiguous.length, best, ruleset, threshold))
  return list(chunk, at, ambiguous, ambiguousTier, person, ids, asked, indexes, ruleset)
}

const hitsAt = (
  person: PreparedPerson,
  ids: readonly (readonly ContactIds[])[],
  asked: readonly number[],
  indexes: readonly VoterIndex[],
  ruleset: TierRuleset,
  tier: number,
  excluded: readonly ReadonlySet<number>[],
): readonly Hit[] => {
  const hits: Hit[] = []
  for (let a = 0; a < asked.length; a++) {
    const file = asked[a]!
    for (let c = 0; c < person.contacts.length; c++) {
      findCandidates(indexes[file]!, person.contacts[c]!, ids[a]![c]!, ruleset.tiers[tier]!, (row) => {
        if (excluded[a]!.has(row)) return
        if (hits.some((hit) => hit.row === row && hit.file === file)) return
        hits.push({ file, row })
      })
    }
  }
  return hits.length > 1 ? hits.sort((x, y) => x.file - y.file || x.row - y.row) : hits
}

const list = (
  chunk: ScoredChunk,
  start: number,
  hits: readonly Hit[],
  tier: number,
  person: PreparedPerson,
  ids: readonly (readonly ContactIds[])[],
  asked: readonly number[],
  indexes: readonly VoterIndex[],
  ruleset: TierRuleset,
): number => {
  let at = start
  for (const { file, row } of hits) {
    if (at - start === ruleset.listed) break
    const index = indexes[file]!
    const a = asked.indexOf(file)
    chunk.file[at] = file
    chunk.row[at] = row
    chunk.tier[at] = tier
    chunk.score[at] = Math.round(ruleset.tiers[tier]!.score * 10_000)
    person.contacts.forEach((contact, c) => {
      const sameSvid = contact.svid !== '' && textOf(index.svids, row + 1) === contact.svid ? 1 : 0
      compareFields(index, contact, ids[a]![c]!, row, chunk.levels, at * comparedFields.length, sameSvid)
    })
    at++
  }
  return at
}

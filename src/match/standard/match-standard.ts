import { askedFiles, excludedRows } from '../asked-rows.js'
import type { PreparedPerson } from '../prepared.js'
import type { FellegiSunterRuleset } from '../ruleset.js'
import {
  conclude,
  emptyChunk,
  type proposalReasons,
  type proposals,
  type ScoredChunk,
  trimChunk,
} from '../scored-chunk.js'
import { matchTypes } from '../scored-contacts.js'
import type { VoterIndex } from '../voter-index.js'
import { rowOfSvid } from '../voter-version.js'
import { encodeContact } from './encode-contact.js'
import { addressLevels, allFields, areaLevels, codesOf, fieldAt } from './levels.js'
import { type Scorer, scorer } from './score-contact.js'

const first = codesOf('first_name')
const last = codesOf('last_name')

/** The scorer of an index under a ruleset, kept while both are: it remembers which rows it saw and which letters are where. */
const scorers = new WeakMap<VoterIndex, WeakMap<FellegiSunterRuleset, Scorer>>()

const scorerOf = (index: VoterIndex, ruleset: FellegiSunterRuleset): Scorer => {
  const byRuleset = scorers.get(index) ?? new WeakMap<FellegiSunterRuleset, Scorer>()
  scorers.set(index, byRuleset)
  const known = byRuleset.get(ruleset) ?? scorer(index, ruleset.weights, Math.max(ruleset.listed, leastKept))
  byRuleset.set(ruleset, known)
  return known
}

/** The second best decides on the margin, whatever is listed. */
const leastKept = 2

interface Hit {
  readonly file: number
  readonly row: number
  readonly odds: number
  readonly levels: Uint8Array
  readonly isSvid: boolean
}

/**
 * Matches a chunk of persons by probability: that of each candidate over all of them and "not in any file". A pure
 * function of persons, indexes, ruleset and threshold; the order of persons changes nothing.
 */
export const matchStandard = (
  persons: readonly PreparedPerson[],
  indexes: readonly VoterIndex[],
  ruleset: FellegiSunterRuleset,
  threshold: number,
): ScoredChunk => {
  const fields = allFields(ruleset.weights.extras)
  const counts = fields.map(({ levels }) => levels.length)
  const chunk = emptyChunk(persons.length, ruleset.listed, fields.length)
  let at = 0
  persons.forEach((person, place) => {
    chunk.starts[place] = at
    const { hits, sum, pairs } = candidatesOf(person, indexes, ruleset, counts)
    chunk.found[place] = pairs
    conclude(chunk, place, ...proposalOf(hits, sum, ruleset, threshold))
    for (const hit of hits.slice(0, ruleset.listed)) {
      const score = Math.round(scoreOf(hit, hits, sum, ruleset) * 10_000)
      // what rounds to nothing is nobody's candidate, but the best one shows why there is none
      if (score === 0 && hit !== hits[0]) break
      chunk.file[at] = hit.file
      chunk.row[at] = hit.row
      chunk.tier[at] = matchTypes.indexOf(matchTypeOf(hit))
      chunk.score[at] = score
      chunk.levels.set(hit.levels, at * fields.length)
      at++
    }
  })
  chunk.starts[persons.length] = at
  return trimChunk(chunk)
}

const candidatesOf = (
  person: PreparedPerson,
  indexes: readonly VoterIndex[],
  ruleset: FellegiSunterRuleset,
  counts: readonly number[],
): { readonly hits: readonly Hit[]; readonly sum: number; readonly pairs: number } => {
  const hits: Hit[] = []
  let sum = 0
  let pairs = 0
  for (const file of askedFiles(person, indexes)) {
    const index = indexes[file]!
    const scoring = scorerOf(index, ruleset)
    const contacts = person.contacts.map((contact) => encodeContact(index, contact, ruleset.weights.extras))
    pairs += scoring.score(contacts, excludedRows(person, index))
    sum += scoring.sum()
    const { candidates, width } = scoring
    const svids = new Set(person.contacts.flatMap(({ svid }) => (svid === '' ? [] : [rowOfSvid(index, svid)])))
    for (let k = 0; k < candidates.count; k++) {
      const row = candidates.rows[k]!
      const levels = Uint8Array.from(counts, (count, f) => candidates.codes[k * width + f]! % count)
      hits.push({ file, row, odds: candidates.odds[k]!, levels, isSvid: svids.has(row) })
    }
  }
  // the list's own SVID first, then by odds; of equal odds the earlier file and row
  hits.sort((a, b) => Number(b.isSvid) - Number(a.isSvid) || b.odds - a.odds || a.file - b.file || a.row - b.row)
  return { hits, sum, pairs }
}

/** No probability is certainty: 1 is for an SVID and for a human's word. */
const surest = 0.9999

/** An SVID that the list gives is the person; else the probability over all candidates. Four decimals. */
const scoreOf = (hit: Hit, hits: readonly Hit[], sum: number, { weights }: FellegiSunterRuleset): number => {
  if (hit.isSvid) return 1
  if (hits[0]!.isSvid) return 0
  return Math.min(surest, Math.round((hit.odds / (1 - weights.inFile + sum)) * 10_000) / 10_000)
}

const isZip = (area: (typeof areaLevels)[number]): boolean =>
  area === 'zip' || area === 'zip_city' || area === 'zip_other_city'

const isNamed = (levels: Uint8Array): boolean => {
  const f = levels[fieldAt.first_name]!
  return levels[fieldAt.last_name] === last.equal && (f === first.equal || f === first.nickname)
}

const matchTypeOf = ({ isSvid, levels }: Hit): (typeof matchTypes)[number] => {
  if (isSvid) return 'exact'
  const address = addressLevels[Math.floor(levels[fieldAt.place]! / areaLevels.length)]!
  const area = areaLevels[levels[fieldAt.place]! % areaLevels.length]!
  if (!isNamed(levels)) return 'fuzzy'
  if (address === 'equal' && isZip(area)) return 'name_address'
  return isZip(area) || area === 'city' || area === 'city_zip_missing' ? 'name_city' : 'fuzzy'
}

type Proposal = readonly [outcome: (typeof proposals)[number], reason: (typeof proposalReasons)[number]]

const proposalOf = (hits: readonly Hit[], sum: number, ruleset: FellegiSunterRuleset, threshold: number): Proposal => {
  const [best, second] = hits
  if (best === undefined) return ['unmatched', 'no_candidate']
  const score = scoreOf(best, hits, sum, ruleset)
  const next = second === undefined ? 0 : scoreOf(second, hits, sum, ruleset)
  // two that nothing tells apart halve the probability between them: one of them is likely the person
  if (score < ruleset.reviewFloor) {
    return score + next >= ruleset.reviewFloor ? ['review', 'ambiguous'] : ['unmatched', 'below_floor']
  }
  if (isVetoed(best, ruleset)) return ['review', 'veto']
  if (score < threshold) return ['review', 'below_threshold']
  return score - next < ruleset.margin ? ['review', 'ambiguous'] : ['linked', 'match']
}

/** What weights can't say. */
const isVetoed = ({ levels }: Hit, { vetoes, weights }: FellegiSunterRuleset): boolean => {
  const fields = allFields(weights.extras)
  return vetoes.some((veto) =>
    Object.entries(veto).every(([name, level]) => {
      const f = fields.findIndex((field) => field.name === name)
      return fields[f]!.levels[levels[f]!] === level
    }),
  )
}

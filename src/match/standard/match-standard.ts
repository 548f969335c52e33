import { askedFiles, excludedRows } from '../asked-rows.js'
import type { PreparedPerson } from '../prepared.js'
import type { FellegiSunterRuleset } from '../ruleset.js'
import { conclude, emptyChunk, type ScoredChunk, trimChunk } from '../scored-chunk.js'
import { matchTypes } from '../scored-contacts.js'
import type { VoterIndex } from '../voter-index.js'
import { encodeContact } from './encode-contact.js'
import { type KeptCandidates, keptCandidates } from './kept-candidates.js'
import { scorerOf } from './kept-scorers.js'
import { addressLevels, allFields, areaLevels, codesOf, fieldAt } from './levels.js'
import { type Proposal, propose, type Veto, vetoesOf } from './propose.js'

const first = codesOf('first_name')
const last = codesOf('last_name')

/** What matching under a ruleset reads over and over. */
interface Rules {
  readonly ruleset: FellegiSunterRuleset
  /** levels of each field */
  readonly counts: readonly number[]
  /** veto → field and level, all of which must be reached */
  readonly vetoes: readonly Veto[]
  readonly kept: KeptCandidates
}

const rulesets = new WeakMap<FellegiSunterRuleset, Rules>()

const rulesOf = (ruleset: FellegiSunterRuleset): Rules => {
  const known = rulesets.get(ruleset)
  if (known !== undefined) return known
  const fields = allFields(ruleset.weights.extras)
  const rules: Rules = {
    ruleset,
    counts: fields.map(({ levels }) => levels.length),
    vetoes: vetoesOf(ruleset),
    kept: keptCandidates(Math.max(ruleset.listed, leastKept), fields.length),
  }
  rulesets.set(ruleset, rules)
  return rules
}

/** The second best decides on the margin, whatever is listed. */
const leastKept = 2

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
  const rules = rulesOf(ruleset)
  const { counts, kept } = rules
  const { width } = kept
  const chunk = emptyChunk(persons.length, ruleset.listed, width)
  let at = 0
  for (let place = 0; place < persons.length; place++) {
    chunk.starts[place] = at
    const { sum, pairs } = findCandidates(persons[place]!, indexes, rules)
    chunk.found[place] = pairs
    conclude(chunk, place, ...proposalOf(rules, sum, threshold))
    for (let k = 0; k < Math.min(kept.count, ruleset.listed); k++) {
      const score = Math.round(scoreOf(rules, k, sum) * 10_000)
      // what rounds to nothing is nobody's candidate, but the best one shows why there is none
      if (score === 0 && k > 0) break
      chunk.file[at] = kept.files[k]!
      chunk.row[at] = kept.rows[k]!
      chunk.tier[at] = matchTypes.indexOf(matchTypeOf(rules, k))
      chunk.score[at] = score
      for (let f = 0; f < width; f++) chunk.levels[at * width + f] = kept.codes[k * width + f]! % counts[f]!
      at++
    }
  }
  chunk.starts[persons.length] = at
  return trimChunk(chunk)
}

/** Fills `kept` with the best of all files asked. */
const findCandidates = (
  person: PreparedPerson,
  indexes: readonly VoterIndex[],
  rules: Rules,
): { readonly sum: number; readonly pairs: number } => {
  const { kept, ruleset } = rules
  kept.count = 0
  let sum = person.unlisted ?? 0
  let pairs = 0
  for (const file of askedFiles(person, indexes)) {
    const index = indexes[file]!
    const scoring = scorerOf(index, ruleset.weights)
    const contacts = person.contacts.map((contact) => encodeContact(index, contact, ruleset.weights.extras))
    pairs += scoring.score(contacts, kept, file, excludedRows(person, index))
    sum += scoring.sum()
  }
  return { sum, pairs }
}

/** No probability is certainty: 1 is for an SVID and for a human's word. */
const surest = 0.9999

const isSvid = ({ kept }: Rules, k: number): boolean => kept.odds[k] === Number.POSITIVE_INFINITY

/** An SVID that the list gives is the person; else the probability over all candidates. Four decimals. */
const scoreOf = (rules: Rules, k: number, sum: number): number => {
  if (isSvid(rules, k)) return 1
  if (isSvid(rules, 0)) return 0
  const { kept, ruleset } = rules
  return Math.min(surest, Math.round((kept.odds[k]! / (1 - ruleset.weights.inFile + sum)) * 10_000) / 10_000)
}

const levelOf = ({ kept, counts }: Rules, k: number, f: number): number => kept.codes[k * kept.width + f]! % counts[f]!

const isZip = (area: (typeof areaLevels)[number]): boolean =>
  area === 'zip' || area === 'zip_city' || area === 'zip_other_city'

const matchTypeOf = (rules: Rules, k: number): (typeof matchTypes)[number] => {
  if (isSvid(rules, k)) return 'exact'
  const f = levelOf(rules, k, fieldAt.first_name)
  const isNamed = levelOf(rules, k, fieldAt.last_name) === last.equal && (f === first.equal || f === first.nickname)
  if (!isNamed) return 'fuzzy'
  const place = levelOf(rules, k, fieldAt.place)
  const address = addressLevels[Math.floor(place / areaLevels.length)]!
  const area = areaLevels[place % areaLevels.length]!
  if (address === 'equal' && isZip(area)) return 'name_address'
  return isZip(area) || area === 'city' || area === 'city_zip_missing' ? 'name_city' : 'fuzzy'
}

const proposalOf = (rules: Rules, sum: number, threshold: number): Proposal => {
  const { kept, ruleset } = rules
  if (kept.count === 0) return ['unmatched', 'no_candidate']
  const score = scoreOf(rules, 0, sum)
  const next = kept.count === 1 ? 0 : scoreOf(rules, 1, sum)
  return propose(score, next, isVetoed(rules) ? 'vetoed' : 'free', ruleset, threshold)
}

/** What weights can't say, of the best candidate. */
const isVetoed = (rules: Rules): boolean =>
  rules.vetoes.some((veto) => veto.every(([f, level]) => levelOf(rules, 0, f) === level))

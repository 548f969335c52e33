import { type Hits, lookUpTier, noHits, type Questions } from './look-up-tier.js'
import { proposeByTier } from './propose.js'
import type { TierRuleset } from './ruleset.js'
import { conclude, emptyChunk, type ScoredChunk, trimChunk } from './scored-chunk.js'
import type { VoterIndex } from './voter-index.js'

/** Persons, each with the questions of its contacts to the voter files, file by file. */
export interface AskingPersons extends Questions {
  /** person p asks questions starts[p] to starts[p + 1] − 1 */
  readonly starts: Uint32Array
  /** question → rows that are none of its candidates */
  readonly excluded: ReadonlyMap<number, ReadonlySet<number>>
}

const hits = noHits()

/**
 * Decides every person, tier by tier. Its candidates are those of the first tier that has exactly one, else of the first
 * that has any. Nothing is compared: their levels, of `width` fields, are all 0.
 */
export const decideByTiers = (
  asking: AskingPersons,
  indexes: readonly VoterIndex[],
  ruleset: TierRuleset,
  threshold: number,
  width: number,
): ScoredChunk => {
  const { starts } = asking
  const { tiers, listed } = ruleset
  const persons = starts.length - 1
  const chunk = emptyChunk(persons, listed, width)
  const tierOf = new Uint8Array(persons)
  let open = new Uint32Array(persons).map((_, p) => p)
  for (const [t, tier] of tiers.entries()) {
    lookUpTier(indexes, tier, asking, questionsOf(open, starts), hits)
    let left = 0
    let h = 0
    for (let o = 0; o < open.length; o++) {
      const p = open[o]!
      const first = h
      while (h < hits.count && hits.question[h]! < starts[p + 1]!) h++
      const found = h === first ? 0 : settle(asking, p, hits, first, h)
      if (found !== 1) open[left++] = p
      // several candidates say less than those of a tier before
      if (found === 0 || (found > 1 && chunk.found[p]! > 0)) continue
      chunk.found[p] = found
      tierOf[p] = t
      for (let k = 0; k < Math.min(found, listed); k++) {
        chunk.file[p * listed + k] = asking.file[hits.question[first + k]!]!
        chunk.row[p * listed + k] = hits.row[first + k]!
      }
    }
    open = open.subarray(0, left)
  }
  concludeAll(chunk, tierOf, ruleset, threshold)
  return trimChunk(chunk)
}

/** The questions of some persons, in order. */
const questionsOf = (persons: Uint32Array, starts: Uint32Array): Uint32Array => {
  const questions = new Uint32Array(starts[starts.length - 1]!)
  let count = 0
  for (let i = 0; i < persons.length; i++) {
    const p = persons[i]!
    for (let q = starts[p]!; q < starts[p + 1]!; q++) questions[count++] = q
  }
  return questions.subarray(0, count)
}

/** Leaves of one person's hits, from `first` to below `end`, each voter once, by file and row, none excluded; how many. */
const settle = (
  { starts, file, excluded }: AskingPersons,
  p: number,
  hits: Hits,
  first: number,
  end: number,
): number => {
  if (starts[p + 1]! - starts[p]! === 1 && excluded.size === 0) return end - first
  const { question, row } = hits
  const questions = new Map<number, number>()
  for (let h = first; h < end; h++) {
    const q = question[h]!
    if (excluded.get(q)?.has(row[h]!) !== true) questions.set(file[q]! * 2 ** 32 + row[h]!, q)
  }
  const voters = [...questions.keys()].sort((a, b) => a - b)
  for (const [k, voter] of voters.entries()) {
    question[first + k] = questions.get(voter)!
    row[first + k] = voter % 2 ** 32
  }
  return voters.length
}

/** Concludes what was found for each person, and moves the candidates together. */
const concludeAll = (chunk: ScoredChunk, tierOf: Uint8Array, ruleset: TierRuleset, threshold: number): void => {
  const { persons, found, starts, file, row, tier, score } = chunk
  const { tiers, listed } = ruleset
  let at = 0
  for (let p = 0; p < persons; p++) {
    starts[p] = at
    if (found[p] === 0) {
      conclude(chunk, p, 'unmatched', 'no_candidate')
      continue
    }
    const t = tierOf[p]!
    conclude(chunk, p, ...proposeByTier(found[p]!, tiers[t]!.score, ruleset, threshold))
    for (let k = p * listed; k < p * listed + Math.min(found[p]!, listed); k++) {
      file[at] = file[k]!
      row[at] = row[k]!
      tier[at] = t
      score[at++] = Math.round(tiers[t]!.score * 10_000)
    }
  }
  starts[persons] = at
}

import type { Candidate, Decision } from '../../events/matchbook.js'
import { comparedFields, levelNames } from '../match/compare-fields.js'
import type { Ruleset } from '../match/ruleset.js'
import { proposalReasons, proposals, type ScoredChunk, scoreAt } from '../match/scored-chunk.js'
import { textOf, type VoterIndex } from '../match/voter-index.js'

/** One person's place in a scored chunk. */
export interface ScoredPlace {
  readonly chunk: ScoredChunk
  readonly place: number
}

/** The proposal in a chunk as the decision that events record; voters are not yet shared out one to one. */
export const buildDecision = (
  { chunk, place }: ScoredPlace,
  indexes: readonly VoterIndex[],
  ruleset: Ruleset,
): Decision => {
  const start = chunk.starts[place]!
  const candidates: Candidate[] = []
  for (let at = start; at < chunk.starts[place + 1]!; at++) candidates.push(candidateAt(chunk, at, indexes, ruleset))
  const outcome = proposals[chunk.outcome[place]!]!
  const found = chunk.found[place]!
  const [best] = candidates
  return {
    outcome,
    reason: proposalReasons[chunk.reason[place]!]!,
    candidates,
    ...(outcome === 'unmatched' || best === undefined
      ? {}
      : { state: best.state, svid: best.svid, matchType: best.matchType, score: best.score }),
    ...(found > candidates.length ? { candidateCount: found } : {}),
  }
}

const candidateAt = (chunk: ScoredChunk, at: number, indexes: readonly VoterIndex[], ruleset: Ruleset): Candidate => {
  const index = indexes[chunk.file[at]!]!
  const levels: Record<string, string> = {}
  comparedFields.forEach((field, f) => {
    const level = chunk.levels[at * comparedFields.length + f]!
    if (level > 0) levels[field] = levelNames[level]!
  })
  return {
    state: index.state,
    svid: textOf(index.svids, chunk.row[at]! + 1),
    matchType: ruleset.tiers[chunk.tier[at]!]!.matchType,
    score: scoreAt(chunk, at),
    levels,
  }
}

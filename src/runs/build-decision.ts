import type { Candidate, Decision } from '../../events/matchbook.js'
import type { Ruleset } from '../match/ruleset.js'
import { levelsOf, matchTypeAt } from '../match/ruleset-levels.js'
import { proposalReasons, proposals, type ScoredChunk, scoreAt } from '../match/scored-chunk.js'
import type { Proposal } from '../match/standard/propose.js'
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
  const proposal = [proposals[chunk.outcome[place]!]!, proposalReasons[chunk.reason[place]!]!] as const
  return decisionOf(candidates, chunk.found[place]!, proposal)
}

/** The decision that a proposal on these candidates is; `found`: how many there are, listed or not. */
export const decisionOf = (candidates: readonly Candidate[], found: number, [outcome, reason]: Proposal): Decision => {
  const best = outcome === 'unmatched' ? undefined : candidates[0]
  // keys in canonical order, here and in the candidates: see canonicalJson
  return {
    ...(found > candidates.length ? { candidateCount: found } : {}),
    candidates: [...candidates],
    ...(best === undefined ? {} : { matchType: best.matchType }),
    outcome,
    reason,
    ...(best === undefined ? {} : { score: best.score, state: best.state, svid: best.svid }),
  }
}

const candidateAt = (chunk: ScoredChunk, at: number, indexes: readonly VoterIndex[], ruleset: Ruleset): Candidate => {
  const index = indexes[chunk.file[at]!]!
  const levels: Record<string, string> = {}
  for (const { name, levels: names, place } of levelsOf(ruleset)) {
    const level = chunk.levels[at * chunk.width + place]!
    if (level > 0) levels[name] = names[level]!
  }
  return {
    levels,
    matchType: matchTypeAt(ruleset, chunk.tier[at]!),
    score: scoreAt(chunk, at),
    state: index.state,
    svid: textOf(index.svids, chunk.row[at]! + 1),
  }
}

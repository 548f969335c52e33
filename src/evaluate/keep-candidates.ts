import type { Ruleset } from '../match/ruleset.js'
import { matchTypeAt } from '../match/ruleset-levels.js'
import { type ScoredChunk, scoreAt } from '../match/scored-chunk.js'
import { type ListedCandidates, matchTypes } from '../match/scored-contacts.js'
import { isVetoed } from '../match/standard/propose.js'

/**
 * Score of the contact's candidate at `at`. Of several voters at a tier each is as likely as the others, so each has its
 * share of the tier's score: no threshold links what the tiers call ambiguous.
 */
export const candidateScore = (chunk: ScoredChunk, contact: number, at: number, { kind }: Ruleset): number => {
  const alike = kind === 'tiers' ? chunk.found[contact]! : 1
  return Math.round((scoreAt(chunk, at) / alike) * 10_000) / 10_000
}

export const candidateType = (chunk: ScoredChunk, at: number, ruleset: Ruleset): number =>
  (matchTypes as readonly string[]).indexOf(matchTypeAt(ruleset, chunk.tier[at]!))

/** What is listed in a chunk. */
export const candidatesOf = (chunk: ScoredChunk, ruleset: Ruleset): ListedCandidates => {
  const { persons, starts, row, levels, width } = chunk
  const score = new Float64Array(row.length)
  for (let i = 0; i < persons; i++) {
    for (let at = starts[i]!; at < starts[i + 1]!; at++) score[at] = candidateScore(chunk, i, at, ruleset)
  }
  const vetoOf = (at: number): number =>
    ruleset.kind === 'fellegi_sunter' && isVetoed(levels.subarray(at * width, (at + 1) * width), ruleset) ? 1 : 0
  return {
    ...{ starts, row, score },
    matchType: Uint8Array.from(row, (_, at) => candidateType(chunk, at, ruleset)),
    isVetoed: Uint8Array.from(row, (_, at) => vetoOf(at)),
  }
}

/** The candidates of several chunks, one after the other. */
export const joinCandidates = (parts: readonly ListedCandidates[]): ListedCandidates => {
  const count = parts.reduce((sum, { row }) => sum + row.length, 0)
  const contacts = parts.reduce((sum, { starts }) => sum + starts.length - 1, 0)
  const joined: ListedCandidates = {
    starts: new Uint32Array(contacts + 1),
    row: new Uint32Array(count),
    score: new Float64Array(count),
    matchType: new Uint8Array(count),
    isVetoed: new Uint8Array(count),
  }
  let contact = 0
  let at = 0
  for (const part of parts) {
    for (const start of part.starts.subarray(1)) joined.starts[++contact] = at + start
    for (const name of ['row', 'score', 'matchType', 'isVetoed'] as const) joined[name].set(part[name], at)
    at += part.row.length
  }
  return joined
}

export const proposals = ['linked', 'review', 'unmatched'] as const
export const proposalReasons = ['match', 'below_threshold', 'ambiguous', 'veto', 'no_candidate', 'below_floor'] as const

/**
 * What matching concludes for a chunk of persons, before voters are shared out one to one: typed arrays only, so that a
 * worker hands them over as bytes and a million persons fit in some tens of megabytes.
 */
export interface ScoredChunk {
  readonly persons: number
  /** fields that a candidate has a level of */
  readonly width: number
  /** per person: index into `proposals` and `proposalReasons` */
  readonly outcome: Uint8Array
  readonly reason: Uint8Array
  /** per person: candidates at the deciding key, listed or not */
  readonly found: Uint32Array
  /** person i's candidates, best first: starts[i] to starts[i + 1] − 1 */
  readonly starts: Uint32Array
  /** per candidate: which voter index, its row, tier, score × 10,000, and one level code per compared field */
  readonly file: Uint8Array
  readonly row: Uint32Array
  readonly tier: Uint8Array
  readonly score: Uint16Array
  readonly levels: Uint8Array
}

/** True when the proposal is to link person `place` to its first candidate. */
export const proposesLink = (chunk: ScoredChunk, place: number): boolean => chunk.outcome[place] === linked

const linked = proposals.indexOf('linked')

/** Scores are kept as whole ten-thousandths: the four decimals that are compared and stored. */
export const scoreAt = (chunk: ScoredChunk, at: number): number => chunk.score[at]! / 10_000

/** A chunk large enough for `persons` with `listed` candidates each; `trimChunk` cuts what stayed unused. */
export const emptyChunk = (persons: number, listed: number, width: number): ScoredChunk => {
  const most = persons * listed
  return {
    persons,
    width,
    outcome: new Uint8Array(persons),
    reason: new Uint8Array(persons),
    found: new Uint32Array(persons),
    starts: new Uint32Array(persons + 1),
    file: new Uint8Array(most),
    row: new Uint32Array(most),
    tier: new Uint8Array(most),
    score: new Uint16Array(most),
    levels: new Uint8Array(most * width),
  }
}

export const trimChunk = (chunk: ScoredChunk): ScoredChunk => {
  const used = chunk.starts[chunk.persons]!
  return {
    ...chunk,
    file: chunk.file.slice(0, used),
    row: chunk.row.slice(0, used),
    tier: chunk.tier.slice(0, used),
    score: chunk.score.slice(0, used),
    levels: chunk.levels.slice(0, used * chunk.width),
  }
}

/** Writes what is concluded for person `place`. */
export const conclude = (
  chunk: ScoredChunk,
  place: number,
  outcome: (typeof proposals)[number],
  reason: (typeof proposalReasons)[number],
): void => {
  chunk.outcome[place] = proposals.indexOf(outcome)
  chunk.reason[place] = proposalReasons.indexOf(reason)
}

import type { VoterIndex } from '../voter-index.js'
import { type Scorer, scorer } from './score-contact.js'
import type { Weights } from './weights.js'

interface KeptScorer {
  readonly scorer: Scorer
  weights: Weights
}

const scorers = new WeakMap<VoterIndex, KeptScorer>()

/**
 * The scorer of an index under weights, kept: making one takes longer than many contacts, and V8 compiles its functions for
 * the one that there is: with a second one all run a fifth slower. Other weights are taken in by the same; only those of
 * other extras make a new one.
 */
export const scorerOf = (index: VoterIndex, weights: Weights): Scorer => {
  const known = scorers.get(index)
  if (known?.weights === weights) return known.scorer
  if (known !== undefined && sameTexts(known.weights.extras, weights.extras)) {
    known.scorer.use(weights)
    known.weights = weights
    return known.scorer
  }
  const kept = { scorer: scorer(index, weights), weights }
  scorers.set(index, kept)
  return kept.scorer
}

const sameTexts = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((text, i) => text === b[i])

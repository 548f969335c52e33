import type { Linking, Truth } from './measure-links.js'

/** Contacts whose best voter has a score from `from` on and below `to`; the last bin has 1 too. */
export interface Bin {
  readonly from: number
  readonly to: number
  readonly n: number
  /** 0 where nobody is */
  readonly meanScore: number
  /** share whose best voter is the person; 0 where nobody is */
  readonly observed: number
}

export interface Calibration {
  /** expected calibration error: what scores promise less what holds, bin by bin, over all contacts with a voter */
  readonly ece: number
  readonly bins: readonly Bin[]
}

const binCount = 10

/**
 * How far scores are the probabilities they claim to be: ten equal bins over the best voter of every contact that has one
 * (Naeini, Cooper, Hauskrecht: Obtaining Well Calibrated Probabilities Using Bayesian Binning, AAAI 2015).
 */
export const calibrate = ({ voters, score }: Linking, truth: Truth): Calibration => {
  const sums = Array.from({ length: binCount }, () => ({ n: 0, score: 0, correct: 0 }))
  for (let i = 0; i < voters.length; i++) {
    if (voters[i]! < 0) continue
    const sum = sums[Math.min(binCount - 1, Math.floor(score[i]! * binCount))]!
    sum.n++
    sum.score += score[i]!
    if (voters[i] === truth.voters[i]) sum.correct++
  }
  const all = sums.reduce((n, sum) => n + sum.n, 0)
  const apart = sums.reduce((error, sum) => error + Math.abs(sum.score - sum.correct), 0)
  return {
    ece: all === 0 ? 0 : apart / all,
    bins: sums.map((sum, bin) => ({
      from: bin / binCount,
      to: (bin + 1) / binCount,
      n: sum.n,
      meanScore: sum.n === 0 ? 0 : sum.score / sum.n,
      observed: sum.n === 0 ? 0 : sum.correct / sum.n,
    })),
  }
}

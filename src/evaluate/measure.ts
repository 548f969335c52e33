/** A contact's best voter: what it scored, and whether it is the right one. Contacts without a candidate have none. */
export interface Judged {
  readonly score: number
  readonly isRight: boolean
}

export interface Accuracy {
  readonly linked: number
  readonly correct: number
  readonly precision: number
  readonly recall: number
  readonly f1: number
}

export interface Bin {
  readonly from: number
  readonly to: number
  readonly n: number
  readonly meanScore: number
  readonly observed: number
}

export interface Calibration {
  /** expected calibration error: what a bin's scores claim against what is right in it, over the bins, per candidate */
  readonly ece: number
  readonly bins: readonly Bin[]
}

/** Of `linked` links `correct` are right, of `truePairs` that there are. Nothing linked is right throughout. */
export const accuracyOf = (linked: number, correct: number, truePairs: number): Accuracy => {
  const precision = linked === 0 ? 1 : correct / linked
  const recall = truePairs === 0 ? 1 : correct / truePairs
  return { linked, correct, precision, recall, f1: linked + truePairs === 0 ? 1 : (2 * correct) / (linked + truePairs) }
}

/** What linking at a threshold gives: every contact whose best voter scores that or more. */
export const accuracyAt = (judged: readonly Judged[], truePairs: number, threshold: number): Accuracy => {
  const kept = judged.filter(({ score }) => score >= threshold)
  return accuracyOf(kept.length, kept.filter(({ isRight }) => isRight).length, truePairs)
}

/** The threshold with the best F1, of all scores there are; equal scores are linked together or not at all. */
export const bestThreshold = (
  judged: readonly Judged[],
  truePairs: number,
): { readonly threshold: number; readonly f1: number } => {
  const sorted = [...judged].sort((a, b) => b.score - a.score)
  let best = { threshold: 1, f1: 0 }
  let correct = 0
  sorted.forEach(({ score, isRight }, i) => {
    if (isRight) correct++
    if (sorted[i + 1]?.score === score) return
    const { f1 } = accuracyOf(i + 1, correct, truePairs)
    if (f1 > best.f1) best = { threshold: score, f1 }
  })
  return best
}

const binCount = 10

/** Ten equal bins over the scores of the best candidates. */
export const calibrationOf = (judged: readonly Judged[]): Calibration => {
  const sums = Array.from({ length: binCount }, () => ({ n: 0, score: 0, right: 0 }))
  for (const { score, isRight } of judged) {
    const bin = sums[Math.min(binCount - 1, Math.floor(score * binCount))]!
    bin.n++
    bin.score += score
    if (isRight) bin.right++
  }
  const gap = sums.reduce((sum, { score, right }) => sum + Math.abs(score - right), 0)
  return {
    ece: judged.length === 0 ? 0 : gap / judged.length,
    bins: sums.map(({ n, score, right }, i) => ({
      from: i / binCount,
      to: (i + 1) / binCount,
      n,
      meanScore: n === 0 ? 0 : score / n,
      observed: n === 0 ? 0 : right / n,
    })),
  }
}

import type { Outcome } from '../../events/matchbook.js'

const bins = 20

export interface OutcomeCounts extends Record<Outcome, number> {
  /** whose data has not been decided on yet */
  undecided: number
}

export interface Histogram {
  readonly from: number
  readonly to: number
  /** persons whose best candidate scores in [from, to), the last bin with its end; nobody's who is unmatched */
  readonly before: number
  readonly after: number
}

/** Counts persons that the rules decide, as they stand and as they would. */
export interface Tally {
  readonly before: (now: { readonly outcome: Outcome | null; readonly score: number | null }) => void
  readonly after: (outcome: Outcome, score: number | undefined) => void
  readonly settle: () => {
    readonly outcomes: { readonly before: OutcomeCounts; readonly after: OutcomeCounts }
    readonly histogram: readonly Histogram[]
  }
}

const none = (): OutcomeCounts => ({ linked: 0, duplicate: 0, review: 0, unmatched: 0, undecided: 0 })

const binOf = (score: number): number => Math.min(bins - 1, Math.floor((Math.round(score * 10_000) * bins) / 10_000))

export const tally = (): Tally => {
  const outcomes = { before: none(), after: none() }
  const scores = { before: new Uint32Array(bins), after: new Uint32Array(bins) }
  return {
    before: ({ outcome, score }) => {
      outcomes.before[outcome ?? 'undecided']++
      if (outcome !== null && outcome !== 'unmatched' && score !== null) scores.before[binOf(score)]!++
    },
    after: (outcome, score) => {
      outcomes.after[outcome]++
      if (outcome !== 'unmatched' && score !== undefined) scores.after[binOf(score)]!++
    },
    settle: () => ({
      outcomes,
      histogram: [...scores.before].map((before, bin) => ({
        from: bin / bins,
        to: (bin + 1) / bins,
        before,
        after: scores.after[bin]!,
      })),
    }),
  }
}

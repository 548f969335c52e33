import type { Conclusion } from './evaluate.js'
import {
  type Accuracy,
  accuracyAt,
  accuracyOf,
  bestThreshold,
  type Calibration,
  calibrationOf,
  type Judged,
} from './measure.js'

/** What `evaluate` answers; seconds, MiB, shares from 0 to 1. */
export interface Evaluation {
  readonly contacts: number
  readonly voters: number
  readonly truePairs: number
  readonly trainSeconds: number
  readonly indexSeconds: number
  readonly matchSeconds: number
  readonly contactsPerSecond: number
  readonly pairsCompared: number
  readonly pairsPerSecond: number
  readonly peakRssMiB: number
  readonly thresholds: readonly (Accuracy & { readonly threshold: number })[]
  readonly best: { readonly threshold: number; readonly f1: number }
  readonly outcome: Pick<Accuracy, 'linked' | 'precision' | 'recall' | 'f1'> & {
    readonly review: number
    readonly unmatched: number
  }
  readonly calibration: Calibration
}

export interface Concluded {
  readonly conclusions: readonly Conclusion[]
  /** contact → SVID, of the pairs that are in the files */
  readonly truth: ReadonlyMap<string, string>
  readonly contacts: number
  readonly voters: number
  readonly pairsCompared: number
  readonly indexSeconds: number
  readonly trainSeconds: number
  readonly matchSeconds: number
}

const thresholds = [0.5, 0.75, 0.9, 0.95, 0.99]

export const judge = ({ conclusions, truth, ...counted }: Concluded): Evaluation => {
  const truePairs = truth.size
  const isRight = ({ contact, svid }: Conclusion): boolean => truth.get(contact) === svid
  const judged = conclusions.flatMap((one): Judged[] =>
    one.svid === '' ? [] : [{ score: one.score, isRight: isRight(one) }],
  )
  const linked = conclusions.filter(({ outcome }) => outcome === 'linked')
  const decided = accuracyOf(linked.length, linked.filter(isRight).length, truePairs)
  const { precision, recall, f1 } = decided
  const having = (outcome: Conclusion['outcome']): number => conclusions.filter((one) => one.outcome === outcome).length
  const rate = (count: number): number => Math.round(count / Math.max(counted.matchSeconds, 0.001))
  return {
    ...counted,
    truePairs,
    contactsPerSecond: rate(counted.contacts),
    pairsPerSecond: rate(counted.pairsCompared),
    peakRssMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    thresholds: thresholds.map((threshold) => ({ threshold, ...accuracyAt(judged, truePairs, threshold) })),
    best: bestThreshold(judged, truePairs),
    outcome: {
      linked: linked.length,
      review: having('review'),
      unmatched: having('unmatched'),
      precision,
      recall,
      f1,
    },
    calibration: calibrationOf(judged),
  }
}

import type { Ruleset } from '../match/ruleset.js'
import type { ScoredContacts } from '../match/scored-contacts.js'
import { type Calibration, calibrate } from './calibrate.js'
import { outcomeOf } from './conclude.js'
import type { Concluded } from './concluded.js'
import type { Blocking } from './measure-blocking.js'
import { type KindLinks, measureKinds } from './measure-kinds.js'
import { bestThreshold, type Links, measureLinks, measureThreshold, type Quality, type Truth } from './measure-links.js'

/** What is measured of matching itself. */
export interface Effort {
  readonly trainSeconds: number
  /** what learning has to say; only when there was any */
  readonly trainNotes?: readonly string[]
  /** reading the voters and building their index */
  readonly indexSeconds: number
  readonly matchSeconds: number
  readonly contactsPerSecond: number
  readonly pairsPerSecond: number
  readonly peakRssMiB: number
}

export interface Counts {
  readonly contacts: number
  readonly voters: number
  /** rows of the voter file without an SVID of their own, or that can't be read */
  readonly rejectedVoters: number
  /** values of the list that are of no use as their field and count as missing, by field */
  readonly setAside: Readonly<Record<string, number>>
}

export interface Measures {
  readonly truePairs: number
  readonly pairsCompared: number
  readonly thresholds: readonly (Links & { readonly threshold: number })[]
  readonly best: { readonly threshold: number; readonly f1: number }
  /** as the rules decide; duplicate: another contact keeps the voter, one to one only */
  readonly outcome: Quality & Readonly<Record<'linked' | 'correct' | 'duplicate' | 'review' | 'unmatched', number>>
  readonly calibration: Calibration
  /** as the rules decide, by what sets a contact apart from its voter; only when it was told */
  readonly kinds?: readonly KindLinks[]
}

/** What `evaluate` answers. Shares are of 1. */
export interface Evaluation extends Counts, Effort, Measures {
  readonly ruleset: string
  readonly kind: Ruleset['kind']
  /** in force */
  readonly threshold: number
  readonly oneToOne: boolean
  /** under probabilities: tiers have a key each and nothing besides */
  readonly blocking?: Blocking
}

const thresholds = [0.5, 0.75, 0.9, 0.95, 0.99]

/** All measures of what was concluded. Calibration looks at everybody's likeliest voter, whoever keeps it. */
export const measure = (
  scored: ScoredContacts,
  concluded: Concluded,
  truth: Truth,
  kinds: ReadonlyMap<string, readonly number[]> | undefined,
): Measures => {
  const { reached } = concluded
  const outcomes = { linked: 0, duplicate: 0, review: 0, unmatched: 0 }
  for (let i = 0; i < scored.best.length; i++) outcomes[outcomeOf(scored, concluded, i).outcome]++
  return {
    truePairs: truth.pairs,
    pairsCompared: scored.pairs,
    thresholds: thresholds.map((threshold) => measureThreshold(reached, truth, threshold)),
    best: bestThreshold(reached, truth),
    outcome: { ...outcomes, ...measureLinks(concluded.linked, truth) },
    calibration: calibrate({ voters: scored.best, score: scored.score }, truth),
    ...(kinds === undefined ? {} : { kinds: measureKinds(kinds, concluded.linked, truth) }),
  }
}

import type { RejectedPair, Verdict } from '../decide/entry.js'
import { timeText } from './time-text.js'

/** Whose word it is: `rejected by a human (user:ann, 2026-03-01 10:00 UTC)`. */
export const verdictText = ({ kind, by, at }: Pick<Verdict | RejectedPair, 'kind' | 'by' | 'at'>): string =>
  `${kind} by a human (${by}, ${timeText(at)})`

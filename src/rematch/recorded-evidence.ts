import type { Decision } from '../../events/matchbook.js'
import { type Evidence, noEvidence } from '../match/propose.js'
import type { StandingRow } from './load-standings.js'

/**
 * The evidence of a decision in force, from as few columns as a new threshold needs: where the reason itself says how the
 * second best stands or that a veto holds, the decision is not read.
 */
export const evidenceOf = ({ reason, score, decision }: StandingRow): Evidence => {
  if (decision !== null) return evidenceOfDecision(JSON.parse(decision) as Decision)
  if (reason === 'no_candidate') return noEvidence
  // linked or duplicate: it led by the margin, and leads by it under any threshold
  const alone: Evidence = { candidates: 1, score: score ?? 0, next: 0, vetoed: false }
  if (reason === 'ambiguous') return { ...alone, candidates: 2, next: alone.score }
  return reason === 'veto' ? { ...alone, vetoed: true } : alone
}

const evidenceOfDecision = ({ candidates, candidateCount, reason }: Decision): Evidence => ({
  candidates: candidateCount ?? candidates.length,
  score: candidates[0]?.score ?? 0,
  next: candidates[1]?.score ?? 0,
  vetoed: reason === 'veto',
})

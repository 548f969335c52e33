import type { Example, PlanLine, Summary } from './plan.js'
import type { Tally } from './tally.js'

const examplesOfEach = 10

type Line = Exclude<PlanLine, Summary>

/** Counts the lines of a plan and keeps the first ten of each kind. */
export const summariser = () => {
  const changes: Record<string, number> = {
    newlyLinked: 0,
    moved: 0,
    unlinked: 0,
    toReview: 0,
    toDuplicate: 0,
    toUnmatched: 0,
    evidence: 0,
    reopened: 0,
  }
  const examples: Record<string, Example[]> = {}
  let inTheWay = 0
  let changed = 0
  const show = (kind: string, line: Line): void => {
    examples[kind] ??= []
    if (examples[kind].length < examplesOfEach) examples[kind].push(exampleOf(line))
  }
  return {
    take: (line: Line): void => {
      show(line.kind, line)
      if (line.kind === 'kept') {
        inTheWay++
        return
      }
      changed++
      changes[line.kind]!++
      if (line.kind === 'reopened') return
      if (line.before?.outcome !== 'linked' || line.after.outcome === 'linked') return
      changes['unlinked']!++
      show('unlinked', line)
    },
    settle: (tally: Tally, verdicts: { readonly kept: number; readonly rejections: number }): Summary => {
      const { outcomes, histogram } = tally.settle()
      const decided = Object.values(outcomes.after).reduce((sum, one) => sum + one, 0)
      return {
        kind: 'summary',
        persons: decided + verdicts.kept,
        changed,
        changes,
        outcomes: { before: { ...outcomes.before }, after: { ...outcomes.after } },
        verdicts: { ...verdicts, inTheWay, reopened: changes['reopened']! },
        histogram: [...histogram],
        examples,
      }
    },
  }
}

const exampleOf = (line: Line): Example => {
  const { personId, pid, why } = line
  if (line.kind === 'reopened') return { personId, pid, why, voter: `${line.reopens.state}:${line.reopens.svid}` }
  if (line.kind === 'kept') return { personId, pid, why, voter: `${line.state}:${line.svid}`, after: line.rules }
  const { candidates: _c, candidateCount: _n, vetoes: _v, ...after } = line.after
  return { personId, pid, why, before: line.before, after }
}

import type { Head, Summary } from '../rematch/plan.js'

const kindWords: Readonly<Record<string, string>> = {
  newlyLinked: 'newly linked',
  moved: 'moved to another voter',
  unlinked: 'lose their link (counted below, too)',
  toReview: 'go to review',
  toDuplicate: 'become duplicate',
  toUnmatched: 'become unmatched',
  evidence: 'end as before, with other scores, candidates or reason',
  reopened: 'verdicts come back to a human, as their data has changed',
  kept: 'verdicts that the rules would not have come to, and stay',
}

const longestBar = 40

/** Names, looked up when a plan is shown: a plan holds none. */
export interface PlanNames {
  readonly person: (id: string) => string
  readonly ruleset: (hash: string) => string
  /** the same text, its persons named */
  readonly named: (text: string) => string
}

const rulesText = ({ from, to }: Head, { ruleset }: PlanNames): readonly string[] => {
  const lines: string[] = []
  if (from.threshold !== to.threshold) lines.push(`threshold ${from.threshold} → ${to.threshold}`)
  if (from.ruleset !== to.ruleset) lines.push(`ruleset ${ruleset(from.ruleset)} → ${ruleset(to.ruleset)}`)
  for (const { state, voterFile } of to.voterFiles) {
    const before = from.voterFiles.find((one) => one.state === state)?.voterFile
    if (before === voterFile) continue
    lines.push(`voter file of ${state} ${before?.slice(0, 12) ?? 'none'} → ${voterFile.slice(0, 12)}, for all tenants`)
  }
  return lines.length === 0 ? ['the rules in force'] : lines
}

const outcomesText = ({ outcomes: { before, after } }: Summary): readonly string[] =>
  Object.keys(after)
    .filter((outcome) => (before[outcome] ?? 0) + (after[outcome] ?? 0) > 0)
    .map((outcome) => `  ${outcome.padEnd(9)} ${before[outcome] ?? 0} → ${after[outcome] ?? 0}`)

/** A bar a bin, `=` as it stands and `-` as it would, with the thresholds between the bins. */
const histogramText = ({ from, to }: Head, { histogram }: Summary): readonly string[] => {
  const most = Math.max(1, ...histogram.flatMap(({ before, after }) => [before, after]))
  const bar = (count: number, mark: string): string => mark.repeat(Math.ceil((count / most) * longestBar))
  return histogram.flatMap((bin) => {
    const marks = [
      ...(from.threshold >= bin.from && from.threshold < bin.to ? [`threshold ${from.threshold}`] : []),
      ...(to.threshold !== from.threshold && to.threshold >= bin.from && to.threshold < bin.to
        ? [`new threshold ${to.threshold}`]
        : []),
    ]
    if (bin.before === 0 && bin.after === 0 && marks.length === 0) return []
    const label = `  ${bin.from.toFixed(2)}–${bin.to.toFixed(2)}`
    const mark = marks.length === 0 ? '' : `  ◄ ${marks.join(', ')}`
    if (bin.before === bin.after) return [`${label} ${String(bin.after).padStart(8)} ${bar(bin.after, '=')}${mark}`]
    return [
      `${label} ${String(bin.before).padStart(8)} ${bar(bin.before, '=')}${mark}`,
      `${' '.repeat(label.length)} ${String(bin.after).padStart(8)} ${bar(bin.after, '-')}`,
    ]
  })
}

export const planText = (plan: string, head: Head, summary: Summary, names: PlanNames): string => {
  const { persons, changed, changes, verdicts, examples } = summary
  const lines = [
    `plan ${plan}`,
    ...rulesText(head, names),
    `${persons} persons, ${changed} of them change`,
    ...outcomesText(summary),
    `${verdicts.kept} verdicts are kept, ${verdicts.inTheWay} of them against the rules, ${verdicts.reopened} reopened; ` +
      `${verdicts.rejections} rejected pairs stay out`,
    'best scores, as they stand (=) and as they would (-), of all but the unmatched',
    ...histogramText(head, summary),
  ]
  for (const [kind, words] of Object.entries(kindWords)) {
    const count = kind === 'kept' ? verdicts.inTheWay : (changes[kind] ?? 0)
    if (count === 0) continue
    lines.push(`${count} ${words}`)
    for (const { personId, pid, why } of examples[kind] ?? [])
      lines.push(`  ${pid} ${names.person(personId)}: ${names.named(why)}`)
    const more = count - (examples[kind]?.length ?? 0)
    if (more > 0) lines.push(`  and ${more} more`)
  }
  return lines.map((line) => line.trimEnd()).join('\n')
}

import type { ChangedValue, RulesetDiff } from '../rules/diff-rulesets.js'
import { tableText } from './table-text.js'

/** What it means when a number of a ruleset goes up, and when it goes down. */
const meanings: Readonly<Record<string, readonly [up: string, down: string]>> = {
  reviewFloor: ['fewer persons go to review, more are unmatched', 'more persons go to review, fewer are unmatched'],
  listed: ['decisions list more candidates', 'decisions list fewer candidates'],
  margin: [
    'the best candidate must lead the second by more: more go to review as ambiguous',
    'the best candidate may lead the second by less: fewer go to review as ambiguous',
  ],
  'weights.inFile': [
    'more of the contacts are taken to be in the file: every score rises',
    'fewer of the contacts are taken to be in the file: every score falls',
  ],
  'weights.household': [
    "more candidates are taken for somebody else of the contact's household",
    "fewer candidates are taken for somebody else of the contact's household",
  ],
  'weights.strangers': [
    'more strangers are taken to live at an address: the same address says less',
    'fewer strangers are taken to live at an address: the same address says more',
  ],
}

const valueText = ({ path, a, b }: ChangedValue): string => {
  const meaning = typeof a === 'number' && typeof b === 'number' ? meanings[path]?.[b > a ? 0 : 1] : undefined
  const prior =
    path === 'weights.inFile' && typeof a === 'number' && typeof b === 'number'
      ? ` (${signed(Math.log2(b / a))} bits)`
      : ''
  return `${path}: ${short(a)} → ${short(b)}${prior}${meaning === undefined ? '' : `: ${meaning}`}`
}

const short = (value: ChangedValue['a']): string | number =>
  typeof value === 'number' ? Number(value.toPrecision(5)) : (value ?? 'none')

const signed = (n: number): string => `${n > 0 ? '+' : ''}${n.toFixed(2)}`

/** Weights that people are shown; --json has all. */
const mostWeights = 40

const weightsText = ({ weights }: RulesetDiff): readonly string[] => {
  if (weights.length === 0) return []
  const shown = weights.slice(0, mostWeights)
  const rows = shown.map((one) => [
    ...[one.field, one.class, `${one.level}${one.byRegister ? ' *' : ''}`, one.of],
    ...[one.a.toFixed(2), one.b.toFixed(2), signed(one.difference)],
  ])
  const smaller = weights[mostWeights]
  return [
    `weights in bits, for the person (log2 m/u) and for a housemate (log2 q/u); ${weights.length} differ`,
    tableText(['field', 'contact gives', 'level', 'of', 'A', 'B', 'difference'], rows),
    ...(shown.some(({ byRegister }) => byRegister)
      ? ['* the voter file says how frequent the value is: log2 m or log2 q alone']
      : []),
    ...(smaller === undefined
      ? []
      : [
          `and ${weights.length - mostWeights} that differ by ${Math.abs(smaller.difference)} bits or less; --json has all`,
        ]),
  ]
}

const listed = (what: string, all: readonly string[]): readonly string[] => all.map((one) => `${what}: ${one}`)

/** What two rulesets do differently, in words and numbers. */
export const rulesetDiffText = (a: string, b: string, diff: RulesetDiff): string => {
  const { values, vetoes, fields, tiers } = diff
  const lines = [
    ...values.map(valueText),
    ...listed('veto added', vetoes.added),
    ...listed('veto removed', vetoes.removed),
    ...listed('compared besides', fields.added),
    ...listed('no longer compared', fields.removed),
    ...listed('tier added', tiers.added),
    ...listed('tier removed', tiers.removed),
    ...tiers.moved.map((one) => `tier moved: ${one.tier}, from place ${one.a} to ${one.b}`),
    ...tiers.rescored.map((one) => `score changed: ${one.tier}, ${one.a} → ${one.b}`),
    ...weightsText(diff),
  ]
  return [`A ${a}`, `B ${b}`, ...(lines.length === 0 ? ['no difference'] : lines)].join('\n')
}

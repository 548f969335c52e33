import * as t from 'io-ts'
import { failing } from '../../../events/encode.js'
import { FellegiSunterRuleset, FieldShares } from '../ruleset.js'
import { orderedLevels, runsBackwards } from './level-order.js'
import { allFields, type FieldLevels } from './levels.js'

const WithExtras = t.type({ weights: t.type({ extras: t.array(t.string) }) })
const WithFields = t.type({ weights: t.type({ fields: t.record(t.string, t.unknown) }) })
const WithVetoes = t.type({ vetoes: FellegiSunterRuleset.props.vetoes })
const { weights: Weights } = FellegiSunterRuleset.props

/** What of a ruleset by weights makes no sense, path by path. What is not of the right shape is passed over. */
export const weightFaults = (value: unknown): readonly string[] => {
  if (!WithExtras.is(value)) return []
  const { weights } = value
  const known = allFields(weights.extras)
  return [
    ...extraFaults(weights.extras),
    ...numberFaults(weights),
    ...Object.entries(weights)
      .filter(([name]) => !Object.hasOwn(Weights.props, name))
      .map(([name, part]) => failing(`weights.${name}`, part, 'no part of weights')),
    ...(WithVetoes.is(value) ? vetoFaults(value.vetoes, known) : []),
    ...(WithFields.is(value) ? fieldFaults(value.weights.fields, known) : []),
  ]
}

const namesOf = (known: readonly FieldLevels[]): string => known.map(({ name }) => name).join(', ')

const extraFaults = (extras: readonly string[]): readonly string[] =>
  extras.flatMap((name, i) => (extras.indexOf(name) < i ? [failing(`weights.extras.${i}`, name, 'named twice')] : []))

/** Shares that stand alone; their logarithms are taken. */
const numberFaults = (weights: Readonly<Record<string, unknown>>): readonly string[] => {
  const check = (name: string, is: (n: number) => boolean, what: string): readonly string[] => {
    const number = weights[name]
    return typeof number !== 'number' || is(number) ? [] : [failing(`weights.${name}`, number, `not ${what}`)]
  }
  return [
    ...check('inFile', (n) => n > 0 && n < 1, 'above 0 and below 1'),
    ...check('household', (n) => n >= 0 && Number.isFinite(n), 'a number from 0 on'),
    ...check('strangers', (n) => n > 0 && Number.isFinite(n), 'a number above 0'),
  ]
}

const vetoFaults = (vetoes: readonly Readonly<Record<string, string>>[], known: readonly FieldLevels[]) =>
  vetoes.flatMap((veto, i) => {
    if (Object.keys(veto).length === 0)
      return [failing(`vetoes.${i}`, veto, 'names no field: it would hold for everybody')]
    return Object.entries(veto).flatMap(([name, level]) => {
      const field = known.find((one) => one.name === name)
      const path = `vetoes.${i}.${name}`
      if (field === undefined) return [failing(path, level, `unknown field: there are ${namesOf(known)}`)]
      if (field.levels.includes(level)) return []
      return [failing(path, level, `not a level of ${name}: there are ${field.levels.join(', ')}`)]
    })
  })

const fieldFaults = (fields: Readonly<Record<string, unknown>>, known: readonly FieldLevels[]): readonly string[] => [
  ...Object.entries(fields)
    .filter(([name]) => known.every((field) => field.name !== name))
    .map(([name, shares]) => failing(`weights.fields.${name}`, shares, `unknown field: there are ${namesOf(known)}`)),
  ...known.flatMap((field) => {
    const path = `weights.fields.${field.name}`
    const shares = fields[field.name]
    if (shares === undefined) return [failing(path, shares, 'missing')]
    if (!FieldShares.is(shares)) return []
    const ofParts = (['m', 'q', 'u'] as const).flatMap((part) => partFaults(`${path}.${part}`, shares[part], field))
    return ofParts.length > 0 ? ofParts : backwardFaults(path, shares, field)
  }),
]

/** Shares of a class may be off by this, together. */
const rounding = 0.001

const partFaults = (path: string, rows: readonly (readonly number[])[], { classes, levels }: FieldLevels) => {
  if (rows.length !== classes.length) {
    return [failing(path, rows, `${rows.length} classes, not ${classes.length}: ${classes.join(', ')}`)]
  }
  return rows.flatMap((row, c) => {
    const at = `${path}.${c}`
    if (row.length !== levels.length) {
      return [failing(at, row, `${row.length} shares, not one for each level: ${levels.join(', ')}`)]
    }
    const bad = row.flatMap((share, l) =>
      share >= 0 && share <= 1 ? [] : [failing(`${at}.${l}`, share, `share of ${levels[l]} not from 0 to 1`)],
    )
    if (bad.length > 0) return bad
    const sum = row.reduce((total, share, l) => (l === 0 ? total : total + share), 0)
    return [
      ...(row[0] === 1 ? [] : [failing(`${at}.0`, row[0], 'not 1: a missing value says nothing')]),
      ...(Math.abs(sum - 1) <= rounding ? [] : [failing(at, row, `the shares of its levels sum to ${sum}, not to 1`)]),
    ]
  })
}

const bits = (m: number, u: number): string => Math.log2(m / u).toFixed(1)

const backwardFaults = (path: string, { m, u }: t.TypeOf<typeof FieldShares>, field: FieldLevels): readonly string[] =>
  m.flatMap((shares, c) =>
    orderedLevels(field)
      .filter((pair) => runsBackwards(shares, u[c]!, pair))
      .map(([worse, better]) => {
        const [low, high] = [bits(shares[better]!, u[c]![better]!), bits(shares[worse]!, u[c]![worse]!)]
        const why = `backwards: ${field.levels[better]} weighs ${low} bits, ${field.levels[worse]} ${high}`
        return failing(`${path}.m.${c}.${better}`, shares[better], why)
      }),
  )

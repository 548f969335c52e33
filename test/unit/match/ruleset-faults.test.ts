import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { simpleRuleset } from '../../../src/match/ruleset.js'
import { checkedRuleset } from '../../../src/match/ruleset-faults.js'
import { shippedStandard } from '../../../src/match/standard/standard-ruleset.js'
import { assumedWeights } from '../../../src/match/standard/weights.js'

type Json = Record<string, unknown>

/** A ruleset with the value at each path replaced; undefined takes it out. */
const withChanges = (ruleset: unknown, changes: Readonly<Record<string, unknown>>): Json => {
  const copy = structuredClone(ruleset) as Json
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split('.')
    const last = keys.pop()!
    const parent = keys.reduce((at, key) => at[key] as Json, copy)
    if (value === undefined) delete parent[last]
    else parent[last] = value
  }
  return copy
}

const faultsOf = (value: unknown): string => {
  const checked = checkedRuleset(value)
  return isLeft(checked) ? checked.left : ''
}

const sex = { m: [[1, 0.01, 0.99]], q: [[1, 0.6, 0.4]], u: [[1, 0.5, 0.5]] }

describe('a ruleset', () => {
  it.each([simpleRuleset, shippedStandard])('that ships passes as it is: $name', (ruleset) => {
    expect(checkedRuleset(ruleset)).toMatchObject({ right: ruleset })
  })

  it('may compare further columns and veto by them', () => {
    const weights = assumedWeights(['occupation'])
    const vetoes = [{ 'extra.occupation': 'different', sex: 'different' }]
    expect(isRight(checkedRuleset({ ...shippedStandard, weights, vetoes }))).toBe(true)
  })

  it.each<readonly [string, Readonly<Record<string, unknown>>, string]>([
    ['of an unknown kind', { kind: 'magic' }, 'kind: "magic"'],
    ['that lacks a part', { margin: undefined }, 'margin: undefined'],
    ['with a part that none has', { thresold: 0.8 }, 'thresold: 0.8 (no part of a ruleset)'],
    ['that lists nobody', { listed: 0 }, 'listed: 0'],
    ['that lists more than anybody reads', { listed: 101 }, 'listed: 101 (not a whole number from 1 to 100)'],
    ['without a name', { name: '' }, 'name: "" (not a name'],
    ['whose name turns the terminal around', { name: 'a\u202eb' }, 'name: "a\\u202eb" (not a name'],
    ['whose name is half a sign', { name: 'a\ud800' }, 'name: "a\\ud800" (not a name'],
    ['whose name passes for a hash', { name: '471defd1' }, 'name: "471defd1" (not a name'],
    ['that lists half of one', { listed: 2.5 }, 'listed: 2.5'],
    ['with a margin above 1', { margin: 1.2 }, 'margin: 1.2'],
    ['with a floor below 0', { reviewFloor: -0.1 }, 'reviewFloor: -0.1'],
    ['with everybody in the file', { 'weights.inFile': 1 }, 'weights.inFile: 1 (not above 0 and below 1)'],
    ['without strangers', { 'weights.strangers': 0 }, 'weights.strangers: 0'],
    ['with a household below 0', { 'weights.household': -1 }, 'weights.household: -1'],
    ['that names an extra twice', { 'weights.extras': ['job', 'job'] }, 'weights.extras.1: "job" (named twice)'],
    ['with a veto on no field', { vetoes: [{}] }, 'vetoes.0: {}'],
    ['with a veto on an unknown field', { vetoes: [{ hair: 'red' }] }, 'vetoes.0.hair: "red" (unknown field'],
    ['with a veto on an unknown level', { vetoes: [{ sex: 'both' }] }, 'vetoes.0.sex: "both" (not a level of sex'],
    ['with an unknown field', { 'weights.fields.hair': sex }, 'weights.fields.hair: {"m":[[1,0.01,0.99]]'],
    ['without a field', { 'weights.fields.phone': undefined }, 'weights.fields.phone: undefined (missing)'],
    [
      'with a class too many',
      { 'weights.fields.sex.q': [...sex.q, ...sex.q] },
      'weights.fields.sex.q: [[1,0.6,0.4],[1',
    ],
    ['that lacks a level', { 'weights.fields.sex.m.0': [1, 1] }, 'weights.fields.sex.m.0: [1,1] (2 shares'],
    [
      'that lacks the level of a missing value',
      { 'weights.fields.sex.u.0': [0.5, 0.5] },
      'fields.sex.u.0: [0.5,0.5] (2',
    ],
    ['in which a missing value speaks', { 'weights.fields.sex.u.0.0': 0.9 }, 'weights.fields.sex.u.0.0: 0.9 (not 1'],
    ['with a share below 0', { 'weights.fields.sex.m.0': [1, -0.1, 1.1] }, 'weights.fields.sex.m.0.1: -0.1'],
    ['with a share that is no number', { 'weights.fields.sex.m.0.1': Number.NaN }, 'weights.fields.sex.m.0.1: NaN'],
    ['with shares that sum to more', { 'weights.fields.sex.m.0.1': 0.2 }, 'weights.fields.sex.m.0: [1,0.2,'],
    [
      'that weighs backwards',
      { 'weights.fields.sex': { ...sex, m: [[1, 0.9, 0.1]] } },
      'weights.fields.sex.m.0.2: 0.1 (backwards: equal weighs -2.3 bits, different 0.8)',
    ],
  ])('%s is refused, path and value named', (_, changes, fault) => {
    expect(faultsOf(withChanges(shippedStandard, changes))).toContain(fault)
  })

  it('has all its faults named at once, those of shape and those of sense', () => {
    const faults = faultsOf(
      withChanges(shippedStandard, {
        margin: 'wide',
        vetoes: [{ suffix: 'different' }, { hair: 'red' }],
        'weights.fields.sex.m.0.1': 2,
        'weights.fields.phone': undefined,
      }),
    )
    for (const fault of [
      'margin: "wide"',
      'vetoes.1.hair: "red"',
      'weights.fields.sex.m.0.1: 2',
      'fields.phone: undef',
    ]) {
      expect(faults).toContain(fault)
    }
  })

  const tier = (key: string, also: readonly string[], score: number) => ({ matchType: 'fuzzy', key, also, score })

  it.each<readonly [string, readonly unknown[], string]>([
    ['none at all', [], 'tiers: []'],
    ['a score above 1', [tier('svid', [], 1.5)], 'tiers.0.score: 1.5'],
    ['a score of five decimals', [tier('svid', [], 0.12345)], 'tiers.0.score: 0.12345 (more than four decimals)'],
    ["a human's word", [{ ...tier('svid', [], 1), matchType: 'manual' }], 'tiers.0.matchType: "manual"'],
    ['a hundred thousand', Array(100_000).fill(tier('svid', [], 1)), 'tiers.length: 100000 (more than 100 tiers)'],
    ['an unknown key', [tier('shoe_size', [], 0.5)], 'tiers.0.key: "shoe_size"'],
    ['one there twice', [tier('name_city', [], 0.7), tier('name_city', [], 0.6)], 'tiers.1: {'],
    [
      'one that its key covers',
      [tier('name_address', [], 0.9), tier('name_address', ['address'], 0.8)],
      'overlaps tiers.0',
    ],
    [
      'more asked, less scored',
      [tier('name_city', [], 0.7), tier('name_city', ['address'], 0.6)],
      'tiers.1.score: 0.6',
    ],
    [
      'less asked, more scored',
      [tier('name_city', ['address'], 0.7), tier('name_city', [], 0.8)],
      'tiers.1.score: 0.8',
    ],
  ])('by tiers is refused with %s', (_, tiers, fault) => {
    expect(faultsOf({ ...simpleRuleset, tiers })).toContain(fault)
  })
})

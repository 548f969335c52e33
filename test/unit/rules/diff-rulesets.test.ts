import { describe, expect, it } from 'vitest'
import { simpleRuleset } from '../../../src/match/ruleset.js'
import { shippedStandard } from '../../../src/match/standard/standard-ruleset.js'
import { assumedWeights } from '../../../src/match/standard/weights.js'
import { diffRulesets } from '../../../src/rules/diff-rulesets.js'

const none = { added: [], removed: [] }

describe('the difference of two rulesets', () => {
  it.each([simpleRuleset, shippedStandard])('is nothing for one and itself: $name', (ruleset) => {
    expect(diffRulesets(ruleset, structuredClone(ruleset))).toEqual({
      ...{ values: [], vetoes: none, fields: none, weights: [] },
      tiers: { ...none, moved: [], rescored: [] },
    })
  })

  it('names numbers, vetoes and weights in bits, the largest first', () => {
    const { weights } = shippedStandard
    const sex = { ...weights.fields['sex']!, m: [[1, 0.25, 0.75]] }
    const other = {
      ...shippedStandard,
      ...{ name: 'mine', margin: 0.2, vetoes: [{ sex: 'different', suffix: 'different' }] },
      weights: { ...weights, inFile: 0.5, fields: { ...weights.fields, sex } },
    }
    const diff = diffRulesets(shippedStandard, other)
    expect(diff.values).toEqual([
      { path: 'name', a: 'standard', b: 'mine' },
      { path: 'margin', a: 0.1, b: 0.2 },
      { path: 'weights.inFile', a: weights.inFile, b: 0.5 },
    ])
    expect(diff.vetoes).toEqual({ added: ['sex different and suffix different'], removed: ['suffix different'] })
    const [different, equal] = [Math.log2(0.25 / 0.49898), Math.log2(0.75 / 0.50102)].map(
      (bits) => Math.round(bits * 1_000) / 1_000,
    )
    expect(diff.weights).toMatchObject([
      { field: 'sex', class: 'any', level: 'different', of: 'person', b: different },
      { field: 'sex', class: 'any', level: 'equal', of: 'person', b: equal },
    ])
    for (const { a, b, difference } of diff.weights) expect(difference).toBeCloseTo(b - a, 9)
  })

  it('leaves out what the voter file itself says: how frequent a value is', () => {
    const { weights } = shippedStandard
    const { phone } = weights.fields
    const other = (part: 'm' | 'u', row: readonly number[]) => ({
      ...shippedStandard,
      weights: { ...weights, fields: { ...weights.fields, phone: { ...phone!, [part]: [row] } } },
    })
    const rarer = diffRulesets(shippedStandard, other('u', [1, 1, phone!.u[0]![2]!, 1e-6])).weights
    expect(rarer.filter(({ level }) => level === 'equal')).toEqual([])
    const [first] = diffRulesets(shippedStandard, other('m', [1, 0.83, phone!.m[0]![2]!, 0.17])).weights
    const [a, b] = [Math.log2(phone!.m[0]![3]!), Math.log2(0.17)].map((bits) => Math.round(bits * 1_000) / 1_000)
    expect(first).toMatchObject({ field: 'phone', level: 'equal', of: 'person', byRegister: true, a, b })
  })

  it('turns round when asked the other way round', () => {
    const other = { ...shippedStandard, weights: assumedWeights([]) as typeof shippedStandard.weights }
    const [there, back] = [diffRulesets(shippedStandard, other), diffRulesets(other, shippedStandard)]
    expect(back.weights).toEqual(
      there.weights.map((one) => ({ ...one, a: one.b, b: one.a, difference: -one.difference })),
    )
    expect(there.weights.length).toBeGreaterThan(100)
  })

  it('names fields that only one compares', () => {
    const other = { ...shippedStandard, weights: assumedWeights(['job']) as typeof shippedStandard.weights }
    expect(diffRulesets(shippedStandard, other).fields).toEqual({ added: ['extra.job'], removed: [] })
    expect(diffRulesets(other, shippedStandard).fields).toEqual({ added: [], removed: ['extra.job'] })
  })

  it('names tiers that come, go, move or score otherwise', () => {
    const [svid, address, city, ...fuzzy] = simpleRuleset.tiers
    const added = { ...city!, also: ['birth_date' as const], score: 0.9 }
    const other = { ...simpleRuleset, tiers: [svid!, city!, added, { ...address!, score: 0.9 }, ...fuzzy.slice(1)] }
    expect(diffRulesets(simpleRuleset, other).tiers).toEqual({
      added: ['name_city by name_city and birth_date'],
      removed: ['fuzzy by soundex_birth and address'],
      moved: [
        { tier: 'name_address by name_address', a: 2, b: 4 },
        { tier: 'name_city by name_city', a: 3, b: 2 },
      ],
      rescored: [{ tier: 'name_address by name_address', a: 0.95, b: 0.9 }],
    })
  })

  it('of two kinds says so, and what each has', () => {
    const diff = diffRulesets(simpleRuleset, shippedStandard)
    expect(diff.values).toContainEqual({ path: 'kind', a: 'tiers', b: 'fellegi_sunter' })
    expect(diff.values).toContainEqual({ path: 'margin', a: null, b: 0.1 })
    expect(diff.tiers.removed).toHaveLength(simpleRuleset.tiers.length)
    expect(diff.vetoes.added).toEqual(['suffix different'])
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { orderedLevels, poolBackwards, runsBackwards } from '../../../../src/match/standard/level-order.js'
import { allFields } from '../../../../src/match/standard/levels.js'
import { scaled } from '../../../../src/match/standard/weights.js'

const fields = allFields(['occupation'])

const sharesOf = (levels: number) =>
  fc.array(fc.double({ min: 1e-6, max: 1, noNaN: true }), { minLength: levels, maxLength: levels }).map(scaled)

const sum = (row: readonly number[], from: number, to: number): number =>
  row.slice(from, to + 1).reduce((total, share) => total + share, 0)

/** Isotonic regression of m/u with weights u by its definition: the largest of all smallest means around a level. */
const slowWeight = (m: readonly number[], u: readonly number[], level: number): number => {
  const all = m.map((_, i) => i).slice(1)
  const mean = (from: number, to: number): number => sum(m, from, to) / sum(u, from, to)
  return Math.max(
    ...all
      .filter((from) => from <= level)
      .map((from) => Math.min(...all.filter((to) => to >= level).map((to) => mean(from, to)))),
  )
}

describe('pooling what runs backwards', () => {
  it('puts the levels of every field in order, and keeps the sum of their shares', () => {
    for (const field of fields) {
      const shares = sharesOf(field.levels.length)
      fc.assert(
        fc.property(shares, shares, (m, u) => {
          const pooled = poolBackwards(m, u, field)
          expect(orderedLevels(field).filter((pair) => runsBackwards(pooled.m, u, pair))).toEqual([])
          expect(sum(pooled.m, 1, m.length)).toBeCloseTo(1, 9)
        }),
        { numRuns: 200 },
      )
    }
  })

  it('gives the likeliest weights in order, as by definition, where all levels are one chain', () => {
    const phone = fields.find(({ name }) => name === 'phone')!
    fc.assert(
      fc.property(sharesOf(4), sharesOf(4), (m, u) => {
        const pooled = poolBackwards(m, u, phone)
        for (const level of [1, 2, 3]) {
          // what rounding alone may turn round is left as it is
          expect(pooled.m[level]! / u[level]! / slowWeight(m, u, level)).toBeCloseTo(1, 2)
        }
      }),
    )
  })

  it('changes nothing where all is in order, and says which levels it made equal', () => {
    const phone = fields.find(({ name }) => name === 'phone')!
    const u = [1, 0.9, 0.05, 0.05]
    expect(poolBackwards([1, 0.1, 0.2, 0.7], u, phone)).toEqual({ m: [1, 0.1, 0.2, 0.7], levels: [] })
    const { m, levels } = poolBackwards([1, 0.1, 0.6, 0.3], u, phone)
    expect(levels).toEqual([[2, 3]])
    expect(m[2]).toBeCloseTo(0.45, 12)
    expect(m[3]).toBeCloseTo(0.45, 12)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { misscan, mistype } from '../../../src/generate/damage-text.js'
import { Random } from '../../../src/generate/random.js'

const upper = fc.string({ unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ '), minLength: 2, maxLength: 14 })

/** Damerau-Levenshtein with adjacent transpositions, by the book. */
const distance = (a: string, b: string): number => {
  const table = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i ? i : j)),
  )
  for (let i = 0; i <= a.length; i++) table[i]![0] = i
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min(table[i - 1]![j]! + 1, table[i]![j - 1]! + 1, table[i - 1]![j - 1]! + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, table[i - 2]![j - 2]! + 1)
      table[i]![j] = best
    }
  return table[a.length]![b.length]!
}

describe('mistype', () => {
  it('is never more than one edit away', () => {
    fc.assert(
      fc.property(upper, fc.nat(), (text, seed) => {
        expect(distance(text, mistype(text, new Random(seed).at(0, 0)))).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('makes all four slips', () => {
    const random = new Random(3).at(0, 0)
    const slips = new Set(Array.from({ length: 400 }, () => mistype('WORD', random)))
    for (const slip of ['OWRD', 'WRD', 'WOORD', 'WPRD']) expect(slips).toContain(slip)
  })
})

describe('misscan', () => {
  it('reads what looks alike, once', () => {
    const random = new Random(1).at(0, 0)
    const readings = new Set(Array.from({ length: 400 }, () => misscan('MCDONALD', random)))
    for (const reading of ['RNCDONALD', 'MCCLONALD', 'MCD0NALD', 'MCDONA1D', 'MCDONALCL'])
      expect(readings).toContain(reading)
  })

  it('leaves alone what nothing looks like', () => {
    expect(misscan('AAA', new Random(1).at(0, 0))).toBe('AAA')
  })
})

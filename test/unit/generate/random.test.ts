import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { permutation } from '../../../src/generate/permutation.js'
import { Random } from '../../../src/generate/random.js'
import { weighted } from '../../../src/generate/weighted.js'

describe('Random', () => {
  it('gives the same sequence for the same seed, stream and index, whatever was drawn before', () => {
    const law = (seed: number, stream: number, index: number, drawn: number): void => {
      const fresh = new Random(seed).at(stream, index)
      const used = new Random(seed).at(stream + 1, index + 1)
      for (let i = 0; i < drawn; i++) used.next()
      used.at(stream, index)
      for (let i = 0; i < 8; i++) expect(used.next()).toBe(fresh.next())
    }
    fc.assert(fc.property(fc.nat(), fc.nat(200), fc.nat(), fc.nat(20), law))
  })

  it('starts no two of a million sequences alike', () => {
    const random = new Random(5)
    const starts = new Set<number>()
    for (let i = 0; i < 1_000_000; i++) {
      random.at(3, i)
      starts.add(random.next() * 2 ** 21 + (random.next() >>> 11))
    }
    expect(starts.size).toBe(1_000_000)
  })

  it('spreads first draws of neighbouring sequences evenly', () => {
    const random = new Random(9)
    const buckets = new Array<number>(16).fill(0)
    for (let i = 0; i < 160_000; i++) buckets[random.at(1, i).below(16)]!++
    for (const count of buckets) expect(Math.abs(count - 10_000)).toBeLessThan(500)
  })

  it('keeps between() inside its bounds, both included', () => {
    const random = new Random(2).at(0, 0)
    const seen = new Set(Array.from({ length: 1000 }, () => random.between(3, 6)))
    expect([...seen].sort()).toEqual([3, 4, 5, 6])
  })
})

describe('weighted', () => {
  it('draws each index as often as its weight says', () => {
    const weights = [50, 0, 30, 15, 5]
    const draw = weighted(weights)
    const random = new Random(1).at(0, 0)
    const counts = weights.map(() => 0)
    for (let i = 0; i < 100_000; i++) counts[draw(random)]!++
    expect(counts[1]).toBe(0)
    weights.forEach((weight, i) => {
      expect(Math.abs(counts[i]! - weight * 1000)).toBeLessThan(600)
    })
  })

  it('refuses weights that sum to nothing', () => {
    expect(() => weighted([0, 0])).toThrow('above zero')
  })
})

describe('permutation', () => {
  it('maps the numbers below any size onto themselves, none twice', () => {
    const law = (size: number, seed: number): void => {
      const at = permutation(size, seed)
      const values = new Set(Array.from({ length: size }, (_, i) => at(i)))
      expect(values.size).toBe(size)
      for (const value of values) expect(value >= 0 && value < size).toBe(true)
    }
    fc.assert(fc.property(fc.integer({ min: 1, max: 3000 }), fc.nat(), law))
  })

  it('starts over beyond its size', () => {
    const at = permutation(10, 4)
    expect(at(13)).toBe(at(3))
  })
})

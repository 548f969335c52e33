import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calibrate } from '../../../src/evaluate/calibrate.js'
import { measureKinds } from '../../../src/evaluate/measure-kinds.js'
import {
  bestThreshold,
  type Linking,
  measureLinks,
  measureThreshold,
  type Truth,
} from '../../../src/evaluate/measure-links.js'

/** A contact as the slow twins see it. */
interface Plain {
  readonly voter: number
  readonly score: number
  readonly truth: number
}

/** Few voters and few scores, so that they meet. */
const voter = fc.integer({ min: -1, max: 5 })
const plain: fc.Arbitrary<readonly Plain[]> = fc.array(
  fc.record({ voter, score: fc.constantFrom(0, 0.05, 0.1, 0.3, 0.49, 0.5, 0.75, 0.9, 0.9999, 1), truth: voter }),
  { maxLength: 40 },
)

const linkingOf = (contacts: readonly Plain[]): Linking => ({
  voters: Int32Array.from(contacts, (one) => one.voter),
  score: Float64Array.from(contacts, ({ score }) => score),
})
const truthOf = (contacts: readonly Plain[]): Truth => ({
  voters: Int32Array.from(contacts, ({ truth }) => truth),
  pairs: contacts.filter(({ truth }) => truth >= 0).length,
})
const isRight = ({ voter, truth }: Plain): boolean => voter >= 0 && voter === truth

const plainLinks = (kept: readonly Plain[], all: readonly Plain[]) => {
  const correct = kept.filter(isRight).length
  const pairs = all.filter(({ truth }) => truth >= 0).length
  const precision = kept.length === 0 ? 1 : correct / kept.length
  const recall = pairs === 0 ? 1 : correct / pairs
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall)
  return { linked: kept.length, correct, precision, recall, f1 }
}
const plainAt = (all: readonly Plain[], threshold: number) =>
  plainLinks(
    all.filter((one) => one.voter >= 0 && one.score >= threshold),
    all,
  )

describe('links', () => {
  it('are counted and rated at every threshold as by hand', () => {
    fc.assert(
      fc.property(plain, fc.constantFrom(0, 0.3, 0.5, 0.75, 0.95, 1), (all, threshold) => {
        const { threshold: at, f1, ...measured } = measureThreshold(linkingOf(all), truthOf(all), threshold)
        const { f1: expected, ...counts } = plainAt(all, threshold)
        expect({ at, ...measured }).toEqual({ at: threshold, ...counts })
        expect(f1).toBeCloseTo(expected, 12)
      }),
    )
  })

  it('of a contact whose voter is not in the file are wrong', () => {
    const truth = { voters: Int32Array.of(3, -1, 7), pairs: 2 }
    const links = Int32Array.of(3, 4, -1)
    expect(measureLinks(links, truth)).toEqual({ linked: 2, correct: 1, precision: 0.5, recall: 0.5, f1: 0.5 })
  })

  it('that are none and that there are none of, are right', () => {
    const none = Int32Array.of(-1)
    expect(measureLinks(none, { voters: none, pairs: 0 })).toMatchObject({ precision: 1, recall: 1, f1: 1 })
    expect(measureLinks(none, { voters: Int32Array.of(1), pairs: 1 })).toMatchObject({ precision: 1, recall: 0, f1: 0 })
  })
})

describe('the best threshold', () => {
  it('is the highest of all scores at which F1 is highest', () => {
    fc.assert(
      fc.property(plain, (all) => {
        let best = { threshold: 1, f1: 0 }
        // the score of who has no voter is no threshold
        const linked = all.filter(({ voter }) => voter >= 0)
        for (const { score } of linked.sort((a, b) => b.score - a.score)) {
          const { f1 } = plainAt(all, score)
          if (f1 > best.f1 + 1e-12) best = { threshold: score, f1 }
        }
        const found = bestThreshold(linkingOf(all), truthOf(all))
        expect(found.f1).toBeCloseTo(best.f1, 12)
        if (best.f1 > 0) expect(plainAt(all, found.threshold).f1).toBeCloseTo(best.f1, 12)
        if (best.f1 > 0) expect(found.threshold).toBeGreaterThanOrEqual(best.threshold)
      }),
    )
  })

  it('does not part contacts of one score', () => {
    const all = [
      { voter: 1, score: 0.8, truth: 1 },
      { voter: 2, score: 0.8, truth: 3 },
    ]
    expect(bestThreshold(linkingOf(all), truthOf(all))).toEqual({ threshold: 0.8, f1: 0.5 })
  })
})

describe('calibration', () => {
  it('is that of ten bins over everybody with a voter', () => {
    fc.assert(
      fc.property(plain, (all) => {
        const { bins, ece } = calibrate(linkingOf(all), truthOf(all))
        const having = all.filter((one) => one.voter >= 0)
        let apart = 0
        bins.forEach(({ from, to, n, meanScore, observed }, bin) => {
          const within = having.filter(({ score }) => score >= from && (score < to || (bin === 9 && score === 1)))
          expect(n).toBe(within.length)
          if (n === 0) expect([meanScore, observed]).toEqual([0, 0])
          else {
            expect(meanScore).toBeCloseTo(within.reduce((sum, { score }) => sum + score, 0) / n, 12)
            expect(observed).toBeCloseTo(within.filter(isRight).length / n, 12)
            apart += n * Math.abs(meanScore - observed)
          }
        })
        expect(ece).toBeCloseTo(having.length === 0 ? 0 : apart / having.length, 12)
      }),
    )
  })
})

describe('kinds', () => {
  it('measure the contacts of each, and those of none', () => {
    const links = Int32Array.of(5, 6, -1, 8)
    const truth = { voters: Int32Array.of(5, 7, 9, 8), pairs: 4 }
    const kinds = new Map([
      ['typo', [0, 1]],
      ['moved', [0, 1, 2]],
    ])
    expect(measureKinds(kinds, links, truth)).toEqual([
      expect.objectContaining({ kind: 'moved', contacts: 3, truePairs: 3, linked: 2, correct: 1, recall: 1 / 3 }),
      expect.objectContaining({ kind: 'typo', contacts: 2, truePairs: 2, linked: 2, correct: 1, precision: 0.5 }),
      expect.objectContaining({ kind: 'none', contacts: 1, truePairs: 1, linked: 1, correct: 1, f1: 1 }),
    ])
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assign } from '../../../src/match/assign.js'
import { assignGreedily } from '../../../src/match/assign-greedily.js'
import { assignTangle, type Tangle } from '../../../src/match/assign-tangle.js'
import { repeatRate } from '../../../src/match/repeat-rate.js'
import type { ListedCandidates } from '../../../src/match/scored-contacts.js'
import { type OddsTangle, tangleProbabilities } from '../../../src/match/tangle-probabilities.js'

/** A contact as the slow twins see it: its voters, each with a number. */
type Plain = readonly (readonly [voter: number, value: number])[]

const startsOf = (contacts: readonly Plain[]): Uint32Array => {
  const starts = new Uint32Array(contacts.length + 1)
  for (const [i, { length }] of contacts.entries()) starts[i + 1] = starts[i]! + length
  return starts
}
const tangleOf = (contacts: readonly Plain[], voters: number): Tangle => ({
  ...{ starts: startsOf(contacts), voters },
  voter: Uint32Array.from(contacts.flat(), ([voter]) => voter),
  gain: Float64Array.from(contacts.flat(), ([, gain]) => gain),
})
const listOf = (contacts: readonly Plain[]): ListedCandidates => ({
  starts: startsOf(contacts),
  row: Uint32Array.from(contacts.flat(), ([voter]) => voter),
  score: Float64Array.from(contacts.flat(), ([, score]) => score),
  matchType: new Uint8Array(contacts.flat().length),
  isVetoed: new Uint8Array(contacts.flat().length),
})

/** Every way to give each contact one of its voters or nobody (−1). */
const ways = (contacts: readonly Plain[]): readonly (readonly number[])[] => {
  const [first, ...rest] = contacts
  if (first === undefined) return [[]]
  return ways(rest).flatMap((way) => [-1, ...first.map(([voter]) => voter)].map((voter) => [voter, ...way]))
}
const isOneToOne = (way: readonly number[]): boolean => {
  const given = way.filter((voter) => voter >= 0)
  return new Set(given).size === given.length
}
const gainOf = (contacts: readonly Plain[], way: readonly number[]): number =>
  way.reduce((sum, voter, i) => sum + (contacts[i]!.find(([one]) => one === voter)?.[1] ?? 0), 0)

const contactsOf = (value: fc.Arbitrary<number>, most = 5): fc.Arbitrary<readonly Plain[]> =>
  fc.array(fc.uniqueArray(fc.tuple(fc.nat(4), value), { maxLength: 5, selector: ([voter]) => voter }), {
    minLength: 1,
    maxLength: most,
  })
/** Few values, so that much ties; and many. */
const gain = fc.oneof(fc.constantFrom(1, 2, 3), fc.integer({ min: 1, max: 10_000_000 }))

/** Scores of a contact, the best first, at most 1 together. */
const listed = fc
  .tuple(
    fc.uniqueArray(fc.nat(4), { minLength: 1, maxLength: 3 }),
    fc.array(fc.oneof(fc.constantFrom(1, 2, 5), fc.integer({ min: 1, max: 100 })), { minLength: 3, maxLength: 3 }),
    fc.constantFrom(0, 1, 3, 100),
  )
  .map(([voters, shares, rest]): Plain => {
    const sum = voters.reduce((total, _, k) => total + shares[k]!, rest)
    return voters
      .map((voter, k) => [voter, Math.floor((9_999 * shares[k]!) / sum) / 10_000] as const)
      .sort(([a, p], [b, q]) => q - p || a - b)
  })
const lists = fc.array(listed, { minLength: 1, maxLength: 7 })

describe('the assignment of a tangle', () => {
  it('gains as much as the best of all ways', () => {
    fc.assert(
      fc.property(contactsOf(gain), (contacts) => {
        const given = assignTangle(tangleOf(contacts, 5))!
        expect(isOneToOne([...given])).toBe(true)
        given.forEach((voter, i) => {
          if (voter >= 0) expect(contacts[i]!.map(([one]) => one)).toContain(voter)
        })
        const best = Math.max(
          ...ways(contacts)
            .filter(isOneToOne)
            .map((way) => gainOf(contacts, way)),
        )
        expect(gainOf(contacts, [...given])).toBe(best)
      }),
      { numRuns: 300 },
    )
  })

  it('moves a contact to its second voter where that is better for all', () => {
    const contacts = [
      [
        [0, 9],
        [1, 8],
      ],
      [[0, 7]],
    ] as const satisfies readonly Plain[]
    expect([...assignTangle(tangleOf(contacts, 2))!]).toEqual([1, 0])
    expect([...assignGreedily(tangleOf(contacts, 2))]).toEqual([0, -1])
  })

  it('says when it would look too long', () => {
    const contacts = Array.from(
      { length: 40 },
      (_, i): Plain => [
        [i % 20, 7],
        [(i + 1) % 20, 8],
      ],
    )
    expect(assignTangle(tangleOf(contacts, 20), 1)).toBeNull()
    expect(assignTangle(tangleOf(contacts, 20))).not.toBeNull()
  })

  it('gives by hand what greed gives', () => {
    fc.assert(
      fc.property(contactsOf(gain), (contacts) => {
        const pairs = contacts.flatMap((one, i) => one.map(([voter, value]) => ({ i, voter, value })))
        const expected = contacts.map(() => -1)
        for (const { i, voter } of pairs.sort((a, b) => b.value - a.value || a.i - b.i || a.voter - b.voter)) {
          if (expected[i] === -1 && !expected.includes(voter)) expected[i] = voter
        }
        expect([...assignGreedily(tangleOf(contacts, 5))]).toEqual(expected)
      }),
    )
  })
})

describe('the probabilities of a tangle', () => {
  const oddsOf = ({ gain: odds, ...rest }: Tangle): OddsTangle => ({ ...rest, odds })

  /** Of all ways, each weighed by its odds and by how many contacts share a voter. */
  const plainProbabilities = (contacts: readonly Plain[], share: number): readonly number[] => {
    const weighed = ways(contacts).map((way) => {
      const given = way.filter((voter) => voter >= 0)
      const odds = way.map((voter, i) => contacts[i]!.find(([one]) => one === voter)?.[1] ?? 1)
      return { way, weight: odds.reduce((a, b) => a * b, share ** (given.length - new Set(given).size)) }
    })
    const all = weighed.reduce((sum, { weight }) => sum + weight, 0)
    return contacts.flatMap((one, i) =>
      one.map(([voter]) => weighed.reduce((sum, { way, weight }) => sum + (way[i] === voter ? weight : 0), 0) / all),
    )
  }
  const expectEach = (found: Float64Array, expected: readonly number[]): void => {
    for (const [p, one] of expected.entries()) expect(found[p]).toBeCloseTo(one, 4)
  }
  const odds = fc.constantFrom(0.001, 0.1, 0.5, 1, 3, 20, 1_000)
  const share = fc.constantFrom(0.01, 0.1, 0.5, 1)

  it('are those over all ways, where there is no circle', () => {
    // contact i may be voter i or i + 1
    const chain = fc.array(fc.tuple(odds, odds), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(chain, share, (all, rho) => {
        const contacts = all.map(
          ([a, b], i): Plain => [
            [i, a],
            [i + 1, b],
          ],
        )
        const found = tangleProbabilities(oddsOf(tangleOf(contacts, all.length + 1)), rho)
        expectEach(found, plainProbabilities(contacts, rho))
      }),
    )
    fc.assert(
      fc.property(fc.array(odds, { minLength: 1, maxLength: 7 }), share, (all, rho) => {
        const star = all.map((one): Plain => [[0, one]])
        const found = tangleProbabilities(oddsOf(tangleOf(star, 1)), rho)
        expectEach(found, plainProbabilities(star, rho))
      }),
    )
  })

  it('are near those over all ways in a circle', () => {
    fc.assert(
      fc.property(contactsOf(odds, 4), (contacts) => {
        const found = tangleProbabilities(oddsOf(tangleOf(contacts, 5)), 0.1)
        plainProbabilities(contacts, 0.1).forEach((expected, p) => {
          expect(Math.abs(found[p]! - expected)).toBeLessThan(0.1)
        })
      }),
      { numRuns: 300 },
    )
  })
})

/** A file of few voters, whom chance would repeat. */
const probabilities = { voters: 5 }

describe('one to one', () => {
  it('gives what makes all that is said likeliest, and then what is left', () => {
    fc.assert(
      fc.property(
        lists.filter((all) => all.length < 6),
        (contacts) => {
          const list = listOf(contacts)
          const { given, score, greedy } = assign(list, probabilities)
          const way = [...given].map((at) => (at < 0 ? -1 : list.row[at]!))
          expect(isOneToOne(way)).toBe(true)
          expect(greedy).toBe(0)
          expect(score.every((one) => one >= 0 && one <= 0.9999)).toBe(true)
          const logOdds = contacts.map((one): Plain => {
            const nobody = Math.max(0.00005, 1 - one.reduce((sum, [, p]) => sum + p, 0))
            return one.map(([voter, p]) => [voter, Math.log(p / nobody)])
          })
          // what gains nothing is only given of what is left
          const gains = logOdds.map((one) => one.filter(([, value]) => value > 0))
          const best = Math.max(
            ...ways(gains)
              .filter(isOneToOne)
              .map((one) => gainOf(gains, one)),
          )
          expect(gainOf(gains, way)).toBeCloseTo(best, 4)
        },
      ),
    )
  })

  it('does not depend on the order of contacts, but for who says the very same', () => {
    const permuted = lists.chain((all) =>
      fc.record({
        all: fc.constant(all),
        order: fc.shuffledSubarray([...all.keys()], { minLength: all.length, maxLength: all.length }),
      }),
    )
    const endsOf = (contacts: readonly Plain[]): readonly string[] => {
      const list = listOf(contacts)
      const { given, score } = assign(list, probabilities)
      return contacts.map((said, i) => {
        const at = given[i]!
        const scores = [...score.subarray(list.starts[i], list.starts[i + 1])]
        return JSON.stringify([said, at < 0 ? null : list.row[at], scores])
      })
    }
    fc.assert(
      fc.property(permuted, ({ all, order }) => {
        expect([...endsOf(order.map((i) => all[i]!))].sort()).toEqual([...endsOf(all)].sort())
      }),
      { numRuns: 300 },
    )
  })

  it('leaves the voter to the earliest of those who say the very same, and everybody his probability', () => {
    const said: Plain = [
      [8, 0.99],
      [3, 0.005],
    ]
    const { given, score } = assign(listOf([said, said, said]), { voters: 1_000_000 })
    expect([...given]).toEqual([0, 3, -1])
    expect(score[0]).toBeGreaterThan(0.9)
    expect(score[4]).toBe(score[0])
  })

  it('makes surer what another leaves, and less sure what another has, where the list repeats nobody', () => {
    const others = Array.from({ length: 30 }, (_, i): Plain => [[10 + i, 0.9]])
    const list = listOf([
      [
        [1, 0.49],
        [2, 0.49],
      ],
      [[2, 0.95]],
      ...others,
    ])
    const { given, score } = assign(list, { voters: 40 })
    expect([...given.subarray(0, 2)]).toEqual([0, 2])
    expect(score[0]).toBeGreaterThan(0.75)
    expect(score[1]).toBeLessThan(0.2)
    expect(score.subarray(3)).toEqual(list.score.subarray(3))
    // where chance would repeat nobody, the two are as likely one person
    expect(assign(list, { voters: 1_000_000 }).score[0]).toBeLessThan(0.75)
  })

  it('lets no probability take a voter from the SVID that the list gives', () => {
    const chain = Array.from(
      { length: 50 },
      (_, i): Plain => [
        [i, 0.9998],
        [i + 1, 0.0001],
      ],
    )
    const { given, score } = assign(listOf([...chain, [[25, 1]]]), probabilities)
    expect(given[50]).toBe(100)
    expect(score[100]).toBe(1)
  })

  it('leaves alone who competes with nobody, and scores that are fixed', () => {
    const list = listOf([
      [
        [1, 0.3],
        [2, 0.2],
      ],
      [],
      [[7, 0.95]],
      [[7, 0.7]],
    ])
    const { given, score } = assign(list, 'fixed')
    expect([...given]).toEqual([0, -1, 2, -1])
    expect(score).toEqual(list.score)
    expect([...assign(list, probabilities).score.subarray(0, 2)]).toEqual([0.3, 0.2])
  })
})

describe('how often a list repeats a person', () => {
  const rateOf = (contacts: readonly Plain[], voters: number): number => repeatRate(listOf(contacts), voters)

  it('is small for a list of everybody, 1 for one that is drawn anew each time', () => {
    const everybody = Array.from({ length: 100 }, (_, i): Plain => [[i, 1]])
    const drawn = Array.from({ length: 100 }, (_, i): Plain => [[(i * i) % 101, 1]])
    expect(rateOf(everybody, 100)).toBeLessThan(0.01)
    expect(rateOf(drawn, 101)).toBeGreaterThan(0.9)
    expect(rateOf([[[0, 1]], [[0, 1]]], 1_000_000)).toBe(1)
    expect(rateOf([], 0)).toBeCloseTo(0.1)
  })

  it('is that of the pairs of contacts that are one voter, over those by chance', () => {
    fc.assert(
      fc.property(lists, fc.integer({ min: 1, max: 9 }), (contacts, voters) => {
        let repeated = 0
        for (const [i, one] of contacts.entries()) {
          for (const other of contacts.slice(i + 1)) {
            for (const [voter, p] of one) repeated += p * (other.find(([same]) => same === voter)?.[1] ?? 0)
          }
        }
        const inFile = contacts.flat().reduce((sum, [, p]) => sum + p, 0)
        const chance = inFile ** 2 / 2 / voters
        expect(rateOf(contacts, voters)).toBeCloseTo(Math.min(1, (repeated + 0.1) / (chance + 1)), 9)
      }),
    )
  })
})

describe('a hostile list', () => {
  const contacts = 50_000
  const hostile: Readonly<Record<string, (i: number) => Plain>> = {
    'one contact over and over': () => [
      [0, 0.5],
      [1, 0.3],
      [2, 0.1],
      [3, 0.05],
      [4, 0.04],
    ],
    'one voter, all scores different': (i) => [[0, 0.5 + (i % 4_000) / 10_000]],
    'a chain of pairs that tie': (i) => [
      [i >> 1, 0.49],
      [(i >> 1) + 1, 0.49],
    ],
    'voters all over': (i) => [
      [(i * 7_919) % 25_000, 0.6],
      [(i * 104_729) % 24_989, 0.3],
      [(i * 31) % 24_977, 0.0999],
    ],
  }
  it.each(Object.keys(hostile))(
    'is done in seconds: %s',
    (name) => {
      const list = listOf(Array.from({ length: contacts }, (_, i) => hostile[name]!(i)))
      const began = performance.now()
      const { given } = assign(list, probabilities)
      expect(performance.now() - began).toBeLessThan(20_000)
      const rows = [...given].filter((at) => at >= 0).map((at) => list.row[at]!)
      expect(new Set(rows).size).toBe(rows.length)
      expect(new Set(list.row).size).toBe(rows.length)
    },
    40_000,
  )
})

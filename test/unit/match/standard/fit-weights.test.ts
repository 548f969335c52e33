import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { Random } from '../../../../src/generate/random.js'
import { type Fitted, fitWeights, type Pairs } from '../../../../src/match/standard/fit-weights.js'
import { allFields } from '../../../../src/match/standard/levels.js'
import { assumedWeights, scaled, type Weights } from '../../../../src/match/standard/weights.js'

const fields = allFields([])
const assumed = assumedWeights([])
const voters = 30
const contacts = 6_000

/** Weights that are not what EM starts from: of all fields but place, whose shares alone are no weights. */
const truth: Weights = {
  ...assumed,
  inFile: 0.55,
  household: 0.3,
  fields: Object.fromEntries(
    Object.entries(assumed.fields).map(([name, { m, q, u }]) => {
      const flatter = (rows: readonly (readonly number[])[]) => rows.map((row) => scaled(row.map((s) => s ** 0.7)))
      return [name, { m: flatter(m), q: flatter(q), u }]
    }),
  ),
}

const drawn = (random: Random, shares: readonly number[]): number => {
  let left = random.unit()
  for (let level = 1; level < shares.length; level++) {
    left -= shares[level]!
    if (left < 0) return level
  }
  return shares.length - 1
}

/** Every contact against every voter: one of them the person or nobody, one of them a housemate or nobody. */
const pairsOf = (weights: Weights, seed: number): Pairs => {
  const random = new Random(seed)
  const codes = new Uint16Array(contacts * voters * fields.length)
  const logU = new Float64Array(contacts * voters)
  for (let i = 0; i < contacts; i++) {
    random.at(1, i)
    const person = random.chance(weights.inFile) ? 0 : -1
    const housemate = random.chance(weights.household) ? 1 : -1
    for (let k = 0; k < voters; k++) {
      const part = k === person ? 'm' : k === housemate ? 'q' : 'u'
      fields.forEach(({ name }, f) => {
        if (name === 'place') return
        const level = drawn(random, weights.fields[name]![part][0]!)
        codes[(i * voters + k) * fields.length + f] = level
        logU[i * voters + k]! += Math.log(weights.fields[name]!.u[0]![level]!)
      })
    }
  }
  const starts = Uint32Array.from({ length: contacts + 1 }, (_, i) => i * voters)
  return { width: fields.length, starts, codes, logU, atAddresses: 0 }
}

const learnFrom = (pairs: Pairs, pause: () => Promise<void> = async () => undefined) =>
  fitWeights(pairs, assumed, assumed, voters, pause)

const fitted = async (pairs: Pairs): Promise<Fitted> => {
  const result = await learnFrom(pairs)
  if (isLeft(result)) throw new Error(result.left)
  return result.right
}

describe('EM', () => {
  it.each([1, 2])('recovers the weights that data were drawn with, seed %i', async (seed) => {
    const { weights, rounds, pooled } = await fitted(pairsOf(truth, seed))
    expect(Math.abs(weights.inFile - truth.inFile)).toBeLessThan(0.02)
    expect(Math.abs(weights.household - truth.household)).toBeLessThan(0.03)
    let most = 0
    for (const { name, levels } of fields.filter((field) => field.name !== 'place')) {
      for (const part of ['m', 'q'] as const) {
        for (let level = 1; level < levels.length; level++) {
          const off = weights.fields[name]![part][0]![level]! - truth.fields[name]![part][0]![level]!
          most = Math.max(most, Math.abs(off))
        }
      }
    }
    // of 3,300 matches and 1,800 housemates: three standard errors of a share of a half are .026 and .035
    expect(most).toBeLessThan(0.035)
    expect(pooled).toEqual([])
    expect(rounds).toBeLessThan(20)
  })

  it('gives the same weights for the same pairs', async () => {
    expect(await fitted(pairsOf(truth, 3))).toEqual(await fitted(pairsOf(truth, 3)))
  })

  it('leaves what was never seen at the share that was assumed', async () => {
    const { weights } = await fitted(pairsOf(truth, 1))
    const unseen = fields.find(({ name }) => name === 'first_name')!.classes.indexOf('nickname')
    weights.fields['first_name']!.m[unseen]!.forEach((share, level) => {
      expect(share).toBeCloseTo(assumed.fields['first_name']!.m[unseen]![level]!, 12)
    })
  })

  it('pools levels that run backwards and names them', async () => {
    const middle = truth.fields['middle_name']!
    const backwards = {
      ...truth,
      fields: { ...truth.fields, middle_name: { ...middle, m: [[1, 0.02, 0.97, 0.01]] } },
    }
    const { weights, pooled } = await fitted(pairsOf(backwards, 1))
    expect(pooled).toEqual(['middle_name: initial, equal'])
    const [, , initial, equal] = weights.fields['middle_name']!.m[0]!
    expect(initial! / middle.u[0]![2]!).toBeCloseTo(equal! / middle.u[0]![3]!, 9)
  })

  it('that does not converge says so', async () => {
    const pairs = pairsOf(truth, 1)
    pairs.logU.fill(Number.NEGATIVE_INFINITY)
    const result = await learnFrom(pairs)
    expect(isLeft(result) && result.left).toMatch(/^it did not converge: round 60 still changed .* not 0\.0001$/)
  })

  it('can be ended between two chunks of contacts', async () => {
    let pauses = 0
    const stop = async (): Promise<void> => {
      if (++pauses === 3) throw new Error('enough')
    }
    await expect(learnFrom(pairsOf(truth, 1), stop)).rejects.toThrow('enough')
    expect(pauses).toBe(3)
    expect(isRight(await learnFrom(pairsOf(truth, 1)))).toBe(true)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  headOf,
  isOneEdit,
  isPart,
  jaroWinkler,
  leastAlike,
  lettersIn,
  maybeAlike,
  maybePart,
} from '../../../../src/match/standard/similarity.js'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

const shapeOf = (text: string): [letters: number, head: number] => {
  const all = bytes(text)
  return [lettersIn(all, 0, all.length), headOf(all, 0, all.length)]
}

/** As Winkler's paper has it, over arrays of characters. */
const slowJaroWinkler = (a: string, b: string): number => {
  const window = Math.max(0, Math.floor(Math.max(a.length, b.length) / 2) - 1)
  const taken = new Set<number>()
  const ours: string[] = []
  ;[...a].forEach((character, i) => {
    const found = [...b].findIndex((other, j) => other === character && !taken.has(j) && Math.abs(i - j) <= window)
    if (found < 0) return
    taken.add(found)
    ours.push(character)
  })
  if (ours.length === 0) return 0
  const theirs = [...taken].sort((x, y) => x - y).map((j) => b[j])
  const transposed = ours.filter((character, k) => character !== theirs[k]).length / 2
  const m = ours.length
  const jaro = (m / a.length + m / b.length + (m - transposed) / m) / 3
  let prefix = 0
  while (prefix < 4 && prefix < a.length && prefix < b.length && a[prefix] === b[prefix]) prefix++
  return jaro + prefix * 0.1 * (1 - jaro)
}

/** Damerau-Levenshtein with swaps of neighbours (optimal string alignment), the whole table. */
const slowDistance = (a: string, b: string): number => {
  const d = Array.from({ length: a.length + 1 }, (_, i) => Array.from({ length: b.length + 1 }, (_, j) => i + j))
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      d[i]![j] = Math.min(d[i - 1]![j]! + 1, d[i]![j - 1]! + 1, d[i - 1]![j - 1]! + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        d[i]![j] = Math.min(d[i]![j]!, d[i - 2]![j - 2]! + 1)
      }
    }
  }
  return d[a.length]![b.length]!
}

const name = fc.string({ unit: fc.constantFrom('A', 'B', 'C', 'D', 'N', 'R'), minLength: 1, maxLength: 9 })

/** A name and what a typing error makes of it. */
const mistyped = fc
  .tuple(name, fc.nat(), fc.constantFrom('A', 'B', 'Z'), fc.constantFrom('drop', 'put', 'change', 'swap'))
  .map(([text, at, letter, how]): [string, string] => {
    const i = at % text.length
    if (how === 'drop') return [text, text.slice(0, i) + text.slice(i + 1)]
    if (how === 'put') return [text, text.slice(0, i) + letter + text.slice(i)]
    if (how === 'change') return [text, text.slice(0, i) + letter + text.slice(i + 1)]
    return [text, text.slice(0, i) + (text[i + 1] ?? '') + text[i]! + text.slice(i + 2)]
  })
  .filter(([, other]) => other !== '')

const pair = fc.oneof(fc.tuple(name, name), mistyped)

describe('the kernels, against slow twins', () => {
  it('Jaro-Winkler', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const fast = jaroWinkler(bytes(a), 0, a.length, bytes(b), 0, b.length)
        expect(fast).toBeCloseTo(slowJaroWinkler(a, b), 12)
      }),
      { numRuns: 3_000 },
    )
  })

  it('Jaro-Winkler of the pairs that papers give', () => {
    const of = (a: string, b: string): number => jaroWinkler(bytes(a), 0, a.length, bytes(b), 0, b.length)
    expect(of('MARTHA', 'MARHTA')).toBeCloseTo(0.9611, 4)
    expect(of('DWAYNE', 'DUANE')).toBeCloseTo(0.84, 4)
    expect(of('DIXON', 'DICKSONX')).toBeCloseTo(0.8133, 4)
  })

  it('one edit', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        expect(isOneEdit(bytes(a), 0, a.length, bytes(b), 0, b.length)).toBe(slowDistance(a, b) === 1)
      }),
      { numRuns: 5_000 },
    )
  })

  it('a range within a longer buffer', () => {
    const all = bytes('XXSMITHYY')
    expect(isOneEdit(bytes('SMYTH'), 0, 5, all, 2, 7)).toBe(true)
    expect(jaroWinkler(bytes('SMITH'), 0, 5, all, 2, 7)).toBe(1)
  })

  it('what may be alike leaves out nothing that is', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const may = maybeAlike(...shapeOf(a), ...shapeOf(b))
        if (slowJaroWinkler(a, b) >= leastAlike || slowDistance(a, b) === 1) expect(may).toBe(true)
      }),
      { numRuns: 5_000 },
    )
  })

  it('what may be a part leaves out nothing that is', () => {
    const whole = fc.tuple(name, name).map(([a, b]): [string, string] => [a + b, b])
    const front = fc.tuple(name, name).map(([a, b]): [string, string] => [a, a + b])
    fc.assert(
      fc.property(fc.oneof(pair, whole, front), ([a, b]) => {
        const [short, long] = a.length < b.length ? [a, b] : [b, a]
        const is = short.length >= 4 && short !== long && (long.startsWith(short) || long.endsWith(short))
        expect(isPart(bytes(a), 0, a.length, bytes(b), 0, b.length)).toBe(is && short.length < long.length)
        if (is) expect(maybePart(...shapeOf(a), ...shapeOf(b))).toBe(true)
      }),
      { numRuns: 5_000 },
    )
  })

  it('holds for names longer than a head can say', () => {
    const long = 'ABCDEFGH'.repeat(40)
    expect(maybeAlike(...shapeOf(long), ...shapeOf(`${long}A`))).toBe(true)
    expect(maybePart(...shapeOf(`XYZ${long}`), ...shapeOf(long))).toBe(true)
  })
})

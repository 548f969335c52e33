/** 32-bit finaliser of MurmurHash3: every input bit changes about half of the output bits. */
const mix = (value: number): number => {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** A hash of up to three integers, as an unsigned 32-bit integer. */
export const hashOf = (a: number, b = 0, c = 0): number =>
  mix(Math.imul(mix(Math.imul(mix(a + 0x9e3779b9), 0x2c1b3c6d) + b), 0x297a2d39) + c) >>> 0

/**
 * Seeded numbers that can start anywhere: `at(stream, index)` puts the generator (xoshiro128**, Blackman and Vigna) to
 * the beginning of its own sequence for that stream and index. So any household or contact can be made again alone.
 */
export class Random {
  readonly #seed: number
  #a = 1
  #b = 0
  #c = 0
  #d = 0

  constructor(seed: number) {
    this.#seed = seed
  }

  at(stream: number, index: number): this {
    // Two words: with one alone, two of eight million households would start alike by chance.
    const start = hashOf(this.#seed, stream, index)
    const second = hashOf(index, this.#seed, stream)
    this.#a = start | 0
    this.#b = second | 0
    this.#c = mix(start + 0x9e3779b9)
    this.#d = mix(second + 0x3c6ef372) | 1
    return this
  }

  /** An unsigned 32-bit integer. */
  next(): number {
    const b = this.#b
    const scrambled = Math.imul(b, 5)
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9)
    const c = this.#c ^ this.#a
    const d = this.#d ^ b
    this.#b = b ^ c
    this.#a ^= d
    this.#c = c ^ (b << 9)
    this.#d = (d << 11) | (d >>> 21)
    return result >>> 0
  }

  /** In [0, 1). */
  unit(): number {
    return this.next() / 4294967296
  }

  /** An integer in [0, n). */
  below(n: number): number {
    return Math.floor((this.next() / 4294967296) * n)
  }

  /** An integer in [from, to], both included. */
  between(from: number, to: number): number {
    return from + this.below(to - from + 1)
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.next() < probability * 4294967296
  }

  /** One of the items, each as likely as the others. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!
  }
}

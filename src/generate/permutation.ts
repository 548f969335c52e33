import { hashOf } from './random.js'

/**
 * A seeded shuffle of [0, size) that needs no memory: a four-round Feistel network over the next even power of two,
 * walked along its cycle until the value is inside. Indexes at or beyond `size` start over from 0.
 */
export const permutation = (size: number, seed: number): ((index: number) => number) => {
  const half = Math.max(1, Math.ceil(Math.log2(Math.max(2, size)) / 2))
  const mask = 2 ** half - 1
  const step = (value: number): number => {
    let left = Math.floor(value / (mask + 1))
    let right = value & mask
    for (let round = 0; round < 4; round++) {
      const next = left ^ (hashOf(seed, round, right) & mask)
      left = right
      right = next
    }
    return left * (mask + 1) + right
  }
  return (index) => {
    let value = step(index % size)
    while (value >= size) value = step(value)
    return value
  }
}

import type { Random } from './random.js'

/** Draws an index of the weights given to `weighted`, in constant time. */
export type Weighted = (random: Random) => number

/** Alias table (Vose 1991) over the weights: at least one weight is above zero. */
export const weighted = (weights: ArrayLike<number>): Weighted => {
  const n = weights.length
  let total = 0
  for (let i = 0; i < n; i++) total += weights[i]!
  if (!(total > 0)) throw new Error('weighted needs a weight above zero')
  const keep = new Float64Array(n)
  const alias = new Uint32Array(n)
  const small: number[] = []
  const large: number[] = []
  for (let i = 0; i < n; i++) {
    keep[i] = (weights[i]! * n) / total
    alias[i] = i
    if (keep[i]! < 1) small.push(i)
    else large.push(i)
  }
  while (small.length > 0 && large.length > 0) {
    const less = small.pop()!
    const more = large.at(-1)!
    alias[less] = more
    keep[more] = keep[more]! + keep[less]! - 1
    if (keep[more]! < 1) small.push(large.pop()!)
  }
  // What rounding left over is as likely as itself.
  for (const rest of [...small, ...large]) keep[rest] = 1
  return (random) => {
    const i = random.below(n)
    return random.unit() < keep[i]! ? i : alias[i]!
  }
}

/** Draws one of the items by its weight. */
export const weightedPick = <T>(items: readonly (readonly [T, number])[]): ((random: Random) => T) => {
  const draw = weighted(items.map(([, weight]) => weight))
  return (random) => items[draw(random)]![0]
}

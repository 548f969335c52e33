import type { Tangle } from './assign-tangle.js'

const leastChange = 1e-7
const mostRounds = 300

/** A tangle with the odds of each pair against nobody. */
export type OddsTangle = Omit<Tangle, 'gain'> & { readonly odds: Float64Array }

/**
 * The probability of each pair when each contact is one voter or nobody, and a voter that k contacts are has weight
 * `repeats`^(k − 1), at most 1: sum-product messages between contacts and voters (Kschischang, Frey, Loeliger: Factor Graphs and the
 * Sum-Product Algorithm, IEEE Trans. Inf. Theory 47, 2001). Exact in a tangle without a circle, close to it in others.
 */
export const tangleProbabilities = (tangle: OddsTangle, repeats: number): Float64Array => {
  const { starts, voter, odds, voters } = tangle
  const pairs = voter.length
  /** odds that the contact is this voter, for all that its other pairs say */
  const claim = new Float64Array(pairs)
  /** how far the voter is left to this contact by the others, from `repeats` to 1 */
  const left = new Float64Array(pairs).fill(1)
  const logClaims = new Float64Array(voters)
  for (let round = 0; round < mostRounds; round++) {
    makeClaims(tangle, left, claim)
    logClaims.fill(0)
    for (let p = 0; p < pairs; p++) logClaims[voter[p]!]! += Math.log1p(repeats * claim[p]!)
    let change = 0
    for (let p = 0; p < pairs; p++) {
      const others = Math.max(0, logClaims[voter[p]!]! - Math.log1p(repeats * claim[p]!))
      const now = repeats / (repeats - (1 - repeats) * Math.expm1(-others))
      // half of the way: in a circle messages would swing
      const next = (left[p]! + now) / 2
      change = Math.max(change, Math.abs(next - left[p]!))
      left[p] = next
    }
    if (change < leastChange) break
  }
  makeClaims({ starts, voter, odds, voters }, left, claim)
  return claim.map((one, p) => (one * left[p]!) / (1 + one * left[p]!))
}

const makeClaims = ({ starts, odds }: OddsTangle, left: Float64Array, claim: Float64Array): void => {
  for (let i = 0; i + 1 < starts.length; i++) {
    for (let p = starts[i]!; p < starts[i + 1]!; p++) {
      // summed anew for each pair: a difference of sums would lose what is small beside odds of thousands
      let others = 1
      for (let q = starts[i]!; q < starts[i + 1]!; q++) if (q !== p) others += odds[q]! * left[q]!
      claim[p] = odds[p]! / others
    }
  }
}

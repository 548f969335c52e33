import type { Conclusion } from './evaluate.js'

/** Each voter keeps the contact that scores highest, of equal scores the earliest; the others lose it. */
export const oneToOne = (conclusions: readonly Conclusion[]): readonly Conclusion[] => {
  const holders = new Map<string, Conclusion>()
  for (const one of conclusions) {
    const holder = holders.get(one.svid)
    if (one.svid !== '' && (holder === undefined || one.score > holder.score)) holders.set(one.svid, one)
  }
  return conclusions.map((one) =>
    one.svid === '' || holders.get(one.svid) === one
      ? one
      : { ...one, outcome: 'unmatched', reason: 'voter_taken', svid: '', matchType: '', score: 0 },
  )
}

/** Contacts and the voters they would be linked to; arrays of one element per contact. */
export interface Linking {
  /** row of the voter, −1: none */
  readonly voters: Int32Array
  /** rising with certainty, 0 to 1 */
  readonly score: Float64Array
}

export interface Truth {
  /** row of the voter whom the contact is, −1: not in the file */
  readonly voters: Int32Array
  /** contacts whose voter is in the file */
  readonly pairs: number
}

/** Shares of 1. Precision is 1 where nothing is linked, recall is 1 where there is nothing to find. */
export interface Quality {
  readonly precision: number
  readonly recall: number
  readonly f1: number
}

export interface Links extends Quality {
  readonly linked: number
  readonly correct: number
}

const qualityOf = (linked: number, correct: number, pairs: number): Quality => ({
  precision: linked === 0 ? 1 : correct / linked,
  recall: pairs === 0 ? 1 : correct / pairs,
  f1: linked + pairs === 0 ? 1 : (2 * correct) / (linked + pairs),
})

/** What linking every contact with a voter comes to; a link of a contact whose voter is not in the file is wrong. */
export const measureLinks = (voters: Int32Array, truth: Truth): Links => {
  let linked = 0
  let correct = 0
  for (let i = 0; i < voters.length; i++) {
    if (voters[i]! < 0) continue
    linked++
    if (voters[i] === truth.voters[i]) correct++
  }
  return { linked, correct, ...qualityOf(linked, correct, truth.pairs) }
}

/** What linking from a score on comes to. */
export const measureThreshold = (
  { voters, score }: Linking,
  truth: Truth,
  threshold: number,
): Links & { readonly threshold: number } => ({
  threshold,
  ...measureLinks(
    voters.map((row, i) => (score[i]! >= threshold ? row : -1)),
    truth,
  ),
})

/** The threshold with the highest F1, the highest of several; contacts of one score are linked together or not at all. */
export const bestThreshold = (
  { voters, score }: Linking,
  truth: Truth,
): { readonly threshold: number; readonly f1: number } => {
  const order = Uint32Array.from(voters.keys())
    .filter((i) => voters[i]! >= 0)
    .sort((a, b) => score[b]! - score[a]!)
  let best = { threshold: 1, f1: 0 }
  let correct = 0
  order.forEach((i, place) => {
    if (voters[i] === truth.voters[i]) correct++
    const next = order[place + 1]
    if (next !== undefined && score[next] === score[i]) return
    const { f1 } = qualityOf(place + 1, correct, truth.pairs)
    if (f1 > best.f1) best = { threshold: score[i]!, f1 }
  })
  return best
}

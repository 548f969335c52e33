/**
 * What matching concludes for a list of contacts against one voter file, each contact for itself: one best voter per
 * contact. Typed arrays, one element per contact.
 */
export interface ScoredContacts {
  /** row of the best voter, −1: no candidate */
  readonly best: Int32Array
  /** probability that the best voter is the person, four decimals; 0 without a candidate */
  readonly score: Float64Array
  /** index into `proposals` and `proposalReasons` */
  readonly outcome: Uint8Array
  readonly reason: Uint8Array
  /** index into `matchTypes` */
  readonly matchType: Uint8Array
  /** pairs that were compared */
  readonly pairs: number
  /** kept where each voter may have one contact only */
  readonly candidates?: ListedCandidates
}

/** All listed candidates of all contacts: contact i's from starts[i] to starts[i + 1] − 1, the best first. */
export interface ListedCandidates {
  readonly starts: Uint32Array
  readonly row: Uint32Array
  /** probability that the candidate is the person, four decimals */
  readonly score: Float64Array
  /** index into `matchTypes` */
  readonly matchType: Uint8Array
  /** 1: it may not be linked without a human */
  readonly isVetoed: Uint8Array
}

/** What the fields that agree amount to, in the campaign's words. */
export const matchTypes = ['exact', 'name_address', 'name_city', 'fuzzy'] as const

import type { Vocabulary, VoterIndex } from '../voter-index.js'

/**
 * A voter who has a value may be the very person: how many others have it is what counts. Subtracting most of one, not
 * all, leaves a value that one voter has less rare than one that nobody has.
 */
const itself = 0.7
export const leastOthers = 0.3

/** The share of voters that have a value, itself not counted; 1 for a value that is missing or that no voter has. */
export const valueShare = ({ voters }: VoterIndex, { counts }: Vocabulary, id: number): number =>
  id <= 0 ? 1 : Math.max(leastOthers, counts[id]! - itself) / Math.max(1, voters - counts[0]!)

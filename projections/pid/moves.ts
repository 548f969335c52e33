import type { Entry, Standing } from '../../src/decide/entry.js'
import type { Step } from '../book/fold-entries.js'
import { keyText } from '../row-set.js'

/** A voter that persons are taken to be. */
export interface Claim {
  readonly state: string
  readonly svid: string
}

export const claimText = ({ state, svid }: Claim): string => keyText(state, svid)

/** The voter that a person is taken to be: the one it is linked to, or is a duplicate at. */
const claimOf = (entry: Entry, now: Standing | null): Claim | null => {
  if (entry.link !== null) return entry.link
  if (now?.outcome !== 'duplicate' || now.state === undefined || now.svid === undefined) return null
  return { state: now.state, svid: now.svid }
}

const isSame = (a: Claim | null, b: Claim | null): boolean => a?.svid === b?.svid && a?.state === b?.state

export interface Move {
  readonly tenant: string
  readonly personId: string
  readonly from: Claim | null
  to: Claim | null
}

/** Persons whose voter is another one after the steps than before them, by the steps' person keys. */
export const movesOf = (steps: readonly Step[]): ReadonlyMap<string, Move> => {
  const moves = new Map<string, Move>()
  for (const { key, tenant, personId, before, was, after, now } of steps) {
    const from = claimOf(before, was)
    const to = claimOf(after, now)
    const move = moves.get(key)
    if (move !== undefined) move.to = to
    else if (!isSame(from, to)) moves.set(key, { tenant, personId, from, to })
  }
  for (const [key, { from, to }] of moves) if (isSame(from, to)) moves.delete(key)
  return moves
}

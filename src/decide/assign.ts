import type { Decision } from '../../events/matchbook.js'

/** A person's claim on a voter. `order` is the position of the person's first contact: lower is earlier. */
export interface Claim {
  readonly personId: string
  readonly verified: boolean
  readonly score: number
  readonly order: number
}

/** Negative when `a` keeps the voter before `b`: the human-verified, then the higher score, then the earlier person. */
const precedence = (a: Claim, b: Claim): number =>
  Number(b.verified) - Number(a.verified) || b.score - a.score || a.order - b.order

/** Who of several claimants keeps the voter; the same whatever the order they come in. */
export const holderOf = <C extends Claim>(claims: readonly [C, ...C[]]): C =>
  claims.reduce((best, claim) => (precedence(claim, best) < 0 ? claim : best))

/** What matching proposes once it is known who keeps the voter; a proposal that links nobody stays as it is. */
export const settled = (proposal: Decision, personId: string, holder: string): Decision =>
  proposal.outcome === 'linked' ? withHolder(proposal, personId, holder) : proposal

/** The decision of a claimant once it is known who holds the voter. */
export const withHolder = (decision: Decision, personId: string, holder: string): Decision => {
  const { duplicateOf: _, ...rest } = decision
  return holder === personId
    ? { ...rest, outcome: 'linked', reason: 'match' }
    : { ...rest, outcome: 'duplicate', reason: 'voter_taken', duplicateOf: holder }
}

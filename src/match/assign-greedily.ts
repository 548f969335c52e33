import type { Tangle } from './assign-tangle.js'

/** Gives pairs in the order of their gains, then of contacts and voters, while both are free. */
export const assignGreedily = ({ starts, voter, gain, voters }: Tangle): Int32Array => {
  const contacts = starts.length - 1
  const contact = new Uint32Array(voter.length)
  for (let i = 0; i < contacts; i++) contact.fill(i, starts[i], starts[i + 1])
  const order = Uint32Array.from(voter.keys()).sort(
    (p, q) => gain[q]! - gain[p]! || contact[p]! - contact[q]! || voter[p]! - voter[q]!,
  )
  const given = new Int32Array(contacts).fill(-1)
  const isTaken = new Uint8Array(voters)
  for (const p of order) {
    if (given[contact[p]!]! >= 0 || isTaken[voter[p]!] === 1) continue
    given[contact[p]!] = voter[p]!
    isTaken[voter[p]!] = 1
  }
  return given
}

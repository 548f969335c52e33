import { proposalReasons, proposals } from '../match/scored-chunk.js'
import type { Proposal } from '../match/standard/propose.js'
import type { StandingRow } from './load-standings.js'

/** Persons of a plan whose decision in force says all that matching would, as growing columns: 21 bytes a row of the plan. */
export interface RecordedRows {
  readonly set: (row: number, now: StandingRow, proposal: Proposal, score: number) => void
  readonly proposal: (row: number) => Proposal
  readonly score: (row: number) => number
  /** True when the person stands as this already. `holder`: who keeps the voter it wants. */
  readonly standsAs: (row: number, holder: string | undefined, personId: string) => boolean
}

/** outcome and reason proposed, whether it stands so, score × 10,000, whose duplicate it is */
const width = 1 + 1 + 1 + 2 + 16

const hexOf = (uuid: string): string => uuid.replaceAll('-', '')

export const recordedRows = (): RecordedRows => {
  let bytes = Buffer.alloc(width * 4096)
  const proposalOf = (row: number): Proposal => [
    proposals[bytes[row * width]!]!,
    proposalReasons[bytes[row * width + 1]!]!,
  ]
  return {
    set: (row, { outcome, reason, duplicate_of }, proposal, score) => {
      if ((row + 1) * width > bytes.length) {
        const larger = Buffer.alloc(Math.max(bytes.length * 2, (row + 1) * width))
        bytes.copy(larger)
        bytes = larger
      }
      const at = row * width
      const isSame = outcome === proposal[0] && reason === proposal[1]
      bytes[at] = proposals.indexOf(proposal[0])
      bytes[at + 1] = proposalReasons.indexOf(proposal[1])
      bytes[at + 2] = isSame ? 1 : 0
      bytes.writeUInt16LE(Math.round(score * 10_000), at + 3)
      if (duplicate_of !== null) bytes.write(hexOf(duplicate_of), at + 5, 16, 'hex')
    },
    proposal: proposalOf,
    score: (row) => bytes.readUInt16LE(row * width + 3) / 10_000,
    standsAs: (row, holder, personId) => {
      const at = row * width
      const isDuplicate = holder !== undefined && holder !== personId && proposals[bytes[at]!] === 'linked'
      if (!isDuplicate) return bytes[at + 2] === 1
      return bytes.toString('hex', at + 5, at + 21) === hexOf(holder)
    },
  }
}

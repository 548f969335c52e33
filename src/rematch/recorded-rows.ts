import { proposalReasons, proposals } from '../match/scored-chunk.js'
import type { Proposal } from '../match/standard/propose.js'
import type { StandingRow } from './load-standings.js'

/** Persons of a plan whose decision in force says all that matching would, as growing columns: 22 bytes a row of the plan. */
export interface RecordedRows {
  readonly set: (row: number, now: StandingRow, proposal: Proposal, score: number) => void
  readonly has: (row: number) => boolean
  readonly proposal: (row: number) => Proposal
  readonly score: (row: number) => number
  /** True when the person stands as this already. `holder`: who keeps the voter it wants. */
  readonly standsAs: (row: number, holder: string | undefined, personId: string) => boolean
}

const width = 1 + 1 + 1 + 1 + 2 + 16
const given = 1
const wasDuplicate = 2

const hexOf = (uuid: string): string => uuid.replaceAll('-', '')

export const recordedRows = (): RecordedRows => {
  let bytes = Buffer.alloc(width * 4096)
  const proposalOf = (row: number): Proposal => [
    proposals[bytes[row * width + 1]!]!,
    proposalReasons[bytes[row * width + 2]!]!,
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
      bytes[at] = outcome === 'duplicate' ? given | wasDuplicate : given
      bytes[at + 1] = proposals.indexOf(proposal[0])
      bytes[at + 2] = proposalReasons.indexOf(proposal[1])
      bytes[at + 3] = isSame ? 1 : 0
      bytes.writeUInt16LE(Math.round(score * 10_000), at + 4)
      if (duplicate_of !== null) bytes.write(hexOf(duplicate_of), at + 6, 16, 'hex')
    },
    has: (row) => (row + 1) * width <= bytes.length && bytes[row * width] !== 0,
    proposal: proposalOf,
    score: (row) => bytes.readUInt16LE(row * width + 4) / 10_000,
    standsAs: (row, holder, personId) => {
      const at = row * width
      const isDuplicate = holder !== undefined && holder !== personId && proposals[bytes[at + 1]!] === 'linked'
      if (!isDuplicate) return bytes[at + 3] === 1
      return (bytes[at]! & wasDuplicate) !== 0 && bytes.toString('hex', at + 6, at + 22) === hexOf(holder)
    },
  }
}

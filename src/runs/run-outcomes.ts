import { createHash } from 'node:crypto'
import type { Outcome } from '../../events/matchbook.js'

export interface OutcomeCounts {
  readonly persons: number
  readonly linked: number
  readonly duplicate: number
  readonly review: number
  readonly unmatched: number
}

export interface RunOutcomes {
  /** Notes what was concluded for a person; said again, the last word counts. */
  readonly note: (personId: string, outcome: Outcome, sha: Buffer) => void
  readonly settle: () => SettledOutcomes
}

export interface SettledOutcomes extends OutcomeCounts {
  /** SHA-256 over (person id, decision hash) in the order of person ids: the same for any order of deciding */
  readonly digest: string
}

const outcomes = ['linked', 'duplicate', 'review', 'unmatched'] as const
const width = 16 + 32 + 1

/** What a run concluded for each of its persons, in 49 bytes a person. */
export const runOutcomes = (): RunOutcomes => {
  let bytes = Buffer.alloc(width * 4096)
  let used = 0
  const lastWords = (): readonly Buffer[] => {
    const last = new Map<string, Buffer>()
    for (let at = 0; at < used; at += width) {
      const entry = bytes.subarray(at, at + width)
      last.set(entry.toString('latin1', 0, 16), entry)
    }
    return [...last.values()]
  }
  return {
    note: (personId, outcome, sha) => {
      if (used + width > bytes.length) bytes = Buffer.concat([bytes, Buffer.alloc(bytes.length)])
      bytes.write(personId.replaceAll('-', ''), used, 16, 'hex')
      sha.copy(bytes, used + 16)
      bytes[used + 48] = outcomes.indexOf(outcome)
      used += width
    },
    settle: () => {
      const counts = { persons: 0, linked: 0, duplicate: 0, review: 0, unmatched: 0 }
      const hash = createHash('sha256')
      for (const entry of [...lastWords()].sort(Buffer.compare)) {
        counts.persons++
        counts[outcomes[entry[48]!]!]++
        hash.update(entry.subarray(0, 48))
      }
      return { ...counts, digest: hash.digest('hex') }
    },
  }
}

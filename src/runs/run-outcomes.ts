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

/** Its first six bytes tell most ids apart, as one number. */
const headOf = (bytes: Buffer, at: number): number => bytes.readUIntBE(at, 6)

/** Where the last word on each person stands, in the order of person ids: two numbers an entry, no object. */
const lastWords = (bytes: Buffer, used: number): Uint32Array => {
  const count = used / width
  const heads = new Float64Array(count)
  for (let i = 0; i < count; i++) heads[i] = headOf(bytes, i * width)
  const compareIds = (a: number, b: number): number =>
    heads[a]! - heads[b]! || bytes.compare(bytes, b * width, b * width + 16, a * width, a * width + 16)
  const order = Uint32Array.from(heads.keys()).sort((a, b) => compareIds(a, b) || a - b)
  return order.filter((entry, i) => i + 1 === count || compareIds(entry, order[i + 1]!) !== 0)
}

/** What a run concluded for each of its persons, in 49 bytes a person. */
export const runOutcomes = (): RunOutcomes => {
  let bytes = Buffer.alloc(width * 4096)
  let used = 0
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
      for (const entry of lastWords(bytes, used)) {
        const at = entry * width
        counts.persons++
        counts[outcomes[bytes[at + 48]!]!]++
        hash.update(bytes.subarray(at, at + 48))
      }
      return { ...counts, digest: hash.digest('hex') }
    },
  }
}

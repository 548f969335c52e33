import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sha256 } from '../../../events/sha256.js'
import { runOutcomes, type SettledOutcomes } from '../../../src/runs/run-outcomes.js'

const outcomes = ['linked', 'duplicate', 'review', 'unmatched'] as const
type Word = readonly [id: string, outcome: (typeof outcomes)[number], said: string]

const settled = (words: readonly Word[]): SettledOutcomes => {
  const run = runOutcomes()
  for (const [id, outcome, said] of words) run.note(id, outcome, sha256(said))
  return run.settle()
}

/** The plain way: the last word on each person, in the order of person ids. */
const plainly = (words: readonly Word[]): SettledOutcomes => {
  const counts = { persons: 0, linked: 0, duplicate: 0, review: 0, unmatched: 0 }
  const hash = createHash('sha256')
  const last = [...new Map(words.map((word) => [word[0], word]))].sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [id, [, outcome, said]] of last) {
    counts.persons++
    counts[outcome]++
    hash.update(Buffer.from(id.replaceAll('-', ''), 'hex')).update(sha256(said))
  }
  return { ...counts, digest: hash.digest('hex') }
}

/** Few ids, many of which begin alike. */
const ids = fc
  .tuple(fc.constantFrom('00000000-0000', 'ffffffff-ffff', '01234567-89ab'), fc.integer({ min: 0, max: 40 }))
  .map(([head, tail]) => `${head}-8000-8000-0000000000${tail.toString(16).padStart(2, '0')}`)
const words = fc.array(fc.tuple(ids, fc.constantFrom(...outcomes), fc.string()), { maxLength: 120 })

it('counts and digests the last word on each person, whatever the order of persons', () => {
  fc.assert(
    fc.property(words, (said) => {
      expect(settled(said)).toEqual(plainly(said))
    }),
  )
})

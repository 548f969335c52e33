import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { simpleRuleset } from '../../../src/match/ruleset.js'
import { emptyChunk, conclude as propose } from '../../../src/match/scored-chunk.js'
import { type TextColumn, textColumns } from '../../../src/match/voter-index.js'
import { conclude } from '../../../src/runs/conclude.js'
import { personColumns } from '../../../src/runs/person-columns.js'
import type { ScoredPersons } from '../../../src/runs/score-persons.js'
import { plainIndex } from '../match/plain-index.js'

/** A person whom the rules would link: its place in the list, its best voter and score. */
interface Plain {
  readonly order: number
  readonly row: number
  readonly score: number
}

const texts = Object.fromEntries(textColumns.map((name) => [name, ''])) as Record<TextColumn, string>
const index = plainIndex(['1', '2', '3'].map((svid) => ({ ...texts, svid, birthDate: 0, soundex: 0 })))
const rules = {
  ...{ ruleset: simpleRuleset, threshold: 0.5, rulesetHash: '', voterFiles: [] },
  indexes: [{ index, shared: new SharedArrayBuffer(0) }],
}
const idOf = (order: number): string => `00000000-0000-4000-8000-${String(order).padStart(12, '0')}`

const scoredPersons = (persons: readonly Plain[]): ScoredPersons => {
  const columns = personColumns()
  const chunk = emptyChunk(persons.length, 1, 0)
  for (const [i, { order, row, score }] of persons.entries()) {
    columns.add({ id: idOf(order), version: '00'.repeat(32), order, inForce: null })
    propose(chunk, i, 'linked', 'match')
    chunk.starts[i + 1] = i + 1
    chunk.row[i] = row
    chunk.score[i] = score
  }
  const places = persons.map((_, place) => ({ chunk, place }))
  return { columns, places, judged: [], heldByVerdict: new Map() }
}

const endsOf = (persons: readonly Plain[]): ReadonlyMap<string, string | undefined> =>
  new Map(
    [...conclude(scoredPersons(persons), rules)].map(({ personId, decision }) => [personId, decision.duplicateOf]),
  )

const persons = fc
  .array(fc.record({ row: fc.nat(2), score: fc.constantFrom(7_000, 9_500, 9_999) }), { minLength: 1, maxLength: 8 })
  .map((all) => all.map((one, order): Plain => ({ ...one, order })))
const permuted = persons.chain((all) =>
  fc.tuple(fc.constant(all), fc.shuffledSubarray([...all], { minLength: all.length, maxLength: all.length })),
)

describe('an import', () => {
  it('leaves a voter to the person with the highest score, then the earliest, in whatever order it meets them', () => {
    fc.assert(
      fc.property(permuted, ([all, met]) => {
        const ends = endsOf(met)
        for (const one of all) {
          const [holder] = all
            .filter(({ row }) => row === one.row)
            .sort((a, b) => b.score - a.score || a.order - b.order)
          expect(ends.get(idOf(one.order))).toBe(holder === one ? undefined : idOf(holder!.order))
        }
      }),
    )
  })
})

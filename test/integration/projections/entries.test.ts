import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { loadEntries, loadEntriesByVoters } from '../../../projections/book/queries.js'
import { createProjector } from '../../../projections/project.js'
import { emptyEntry } from '../../../src/decide/entry.js'
import { type Bench, openBench, storeWith } from './harness.js'
import { happen, happenings } from './random-history.js'
import { duplicateAt, inReview, linkedTo, World } from './world.js'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.close())
beforeEach(() => bench.fresh())

const project = async (world: World): Promise<void> => {
  await createProjector({ db: bench.db, store: await storeWith(world.written), batchSize: 9 }).catchUp()
}

describe('loadEntries', () => {
  it('answers exactly what the ledger folds to, for any history', async () => {
    await fc.assert(
      fc.asyncProperty(happenings, async (all) => {
        const world = new World()
        for (const one of all) happen(world, one)
        await bench.fresh()
        await project(world)
        for (const tenant of ['a', 'b']) {
          const { persons } = world.book(tenant)
          const loaded = await loadEntries(
            bench.db,
            tenant,
            persons.map(({ id }) => id),
          )
          for (const { id, entry } of persons) expect(loaded.get(id) ?? emptyEntry).toEqual(entry)
        }
      }),
      { numRuns: 10 },
    )
  })

  it('keeps when a link was made over later decisions for it, also from one batch to the next', async () => {
    const world = new World()
    const person = world.importContact('a', { first_name: 'Ann' })
    world.decide('a', person, linkedTo('1', 0.8))
    const madeAt = world.written.at(-1)!.event.meta.recordedAt
    world.decide('a', person, linkedTo('1', 0.9))
    await project(world)
    world.decide('a', person, linkedTo('1', 0.95))
    await project(world)
    const loaded = await loadEntries(bench.db, 'a', [person.id])
    expect(loaded.get(person.id)).toEqual(person.entry)
    expect(await bench.rows('select match_score, matched_at from matchbook.person_voter')).toEqual([
      { match_score: 0.95, matched_at: new Date(madeAt) },
    ])
  })
})

describe('loadEntriesByVoters', () => {
  it('answers who is linked to a voter, a duplicate there or in review for it, of this tenant alone', async () => {
    const world = new World()
    const [holder, twin, unsure, elsewhere] = [1, 2, 3, 4].map(() => world.importContact('a', { first_name: 'Ann' }))
    const stranger = world.importContact('b', { first_name: 'Ann' })
    world.decide('a', holder!, linkedTo('1'))
    world.decide('a', twin!, duplicateAt('1', holder!.id))
    world.decide('a', unsure!, inReview('1'))
    world.decide('a', elsewhere!, linkedTo('2'))
    world.decide('b', stranger, linkedTo('1'))
    // waits to be decided again, and keeps its link meanwhile
    world.say('a', holder!, 'CandidateRejected', '19')
    await project(world)
    const found = await loadEntriesByVoters(bench.db, 'a', [{ state: 'FL', svid: '1' }])
    expect([...found.keys()].sort()).toEqual([holder!.id, twin!.id, unsure!.id].sort())
    expect(found.get(holder!.id)).toEqual(holder!.entry)
  })
})

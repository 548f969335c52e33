import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { foldAside } from '../../../projections/fold-aside.js'
import { createProjector } from '../../../projections/project.js'
import type { RecordedEvent } from '../../../src/store/record-events.js'
import { append, type Bench, openBench, storeWith } from './harness.js'
import { happenings, historyOf } from './random-history.js'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.close())
beforeEach(() => bench.fresh())

const [some] = fc.sample(
  fc.array(happenings, { minLength: 4, maxLength: 4 }).map((all) => all.flat()),
  { numRuns: 1, seed: 11 },
)
const history = historyOf(some!)

describe('folding on a thread of its own', () => {
  it('leaves the same tables, also when batches are offered before the ones ahead of them are done', async () => {
    const store = await storeWith(history)
    await createProjector({ db: bench.db, store }).catchUp()
    const here = await bench.digests()
    await bench.fresh()
    const growing = await storeWith([])
    const aside = foldAside(bench.db, 20)
    const projector = createProjector({ db: bench.db, store: growing, fold: aside.fold })
    const turns: Promise<unknown>[] = []
    for (let at = 0; at < history.length; at += 30) {
      turns.push(projector.offer(await append(growing, history.slice(at, at + 30))))
    }
    await Promise.all(turns)
    await aside.close()
    expect(await bench.digests()).toEqual(here)
  })

  it('reports what the worker met, and goes on with what is right', async () => {
    const store = await storeWith([])
    const aside = foldAside(bench.db, 1)
    const recorded = await append(store, history.slice(0, 30))
    const wrong = recorded.map(
      (one): RecordedEvent => ({ ...one, body: one.body.replaceAll('"isNew":true', '"isNew":false') }),
    )
    await expect(aside.fold(wrong)).rejects.toMatchObject({ code: 'BAD_EVENT' })
    expect(await aside.fold(recorded)).toEqual({ position: 29, folded: true })
    expect(await aside.fold(recorded)).toEqual({ position: 29, folded: false })
    await aside.close()
  })
})

import { setTimeout as sleep } from 'node:timers/promises'
import type { Either } from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AppError, orThrow } from '../../../src/errors.js'
import type { Appended, EventStore, StoredEvent } from '../../../src/store/event-store.js'
import { defaultBatchSize, maxBatchBytes } from '../../../src/store/event-store.js'
import { someEvent, someEvents } from './some-events.js'

export interface StoreUnderTest {
  readonly store: EventStore
  /** Breaks every connection of the store, as a restart of its server does; nothing for a store without a server. */
  readonly breakConnections: () => Promise<void>
  /** connections that the store holds open to follow */
  readonly followers: () => Promise<number>
  readonly dispose: () => Promise<void>
}

const collected = async <A>(batches: AsyncIterable<readonly A[]>): Promise<readonly A[]> => {
  const all: A[] = []
  for await (const batch of batches) all.push(...batch)
  return all
}

const codeOf = (result: Either<AppError, unknown>): string => (result._tag === 'Left' ? result.left.code : 'none')

const revisionsOf = (events: readonly { readonly revision: number }[]) => events.map((event) => event.revision)

const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i)

/** What every event store must do. Each test has streams of its own; the first test wants the store empty. */
export const storeConformance = (name: string, makeStore: () => Promise<StoreUnderTest>): void => {
  describe(`${name} keeps the contract of an event store`, () => {
    let subject: StoreUnderTest
    let store: EventStore
    beforeAll(async () => {
      subject = await makeStore()
      store = subject.store
    })
    afterAll(() => subject.dispose())

    const append = (
      stream: string,
      ...rest: Parameters<EventStore['append']> extends [string, ...infer R] ? R : never
    ) => orThrow(store.append(stream, ...rest))
    const head = () => orThrow(store.head())
    /** Appends over broken connections, as a caller does that can't know what became of the first try. */
    const appendStubbornly = async (...args: Parameters<EventStore['append']>): Promise<Appended> => {
      for (;;) {
        const result = await store.append(...args)()
        if (result._tag === 'Right') return result.right
        if (result.left.code !== 'SERVER_UNREACHABLE') throw result.left
        await sleep(20)
      }
    }

    test('given an empty store, then head and revision are −1 and there is nothing to read', async () => {
      expect(await head()).toBe(-1)
      expect(await orThrow(store.revision('nowhere'))).toBe(-1)
      expect(await collected(store.readAll())).toEqual([])
      expect(await orThrow(store.sizes())).toEqual({ position: -1, streams: [] })
      expect(await collected(store.readStream('nowhere'))).toEqual([])
      expect(await collected(store.readHashes('nowhere'))).toEqual([])
      expect(await orThrow(store.readEvents([0]))).toEqual([])
    })

    test('given one event after the other, then they stand in order with everything that was given', async () => {
      const before = await head()
      const events = someEvents('order', 3)
      for (const [i, event] of events.entries()) {
        expect(await append('order', [event], i - 1)).toEqual({ revision: i, position: before + 1 + i, written: true })
      }
      const expected = events.map((event, i) => ({ ...event, stream: 'order', revision: i, position: before + 1 + i }))
      expect(await collected(store.readStream('order'))).toEqual(expected)
      expect(await collected(store.readAll({ from: before + 1 }))).toEqual(expected)
      expect(await orThrow(store.readEvents([before + 3, before + 1]))).toEqual([expected[2], expected[0]])
      expect(await collected(store.readHashes('order', { from: 1 }))).toEqual(
        [1, 2].map((revision) => expect.objectContaining({ revision, sha256: events[revision]!.sha256 })),
      )
      expect(await orThrow(store.revision('order'))).toBe(2)
      expect(await head()).toBe(before + 3)
      const sizes = await orThrow(store.sizes())
      expect(sizes).toMatchObject({ position: before + 3 })
      expect(sizes.streams).toContainEqual({ stream: 'order', size: 3 })
    })

    test('given a wrong expected revision, then nothing is written and the error says both revisions', async () => {
      await append('wrong', someEvents('wrong', 2), -1)
      const before = await head()
      for (const expected of [-1, 0, 2, 7]) {
        const result = await store.append('wrong', someEvents('wrong', 2, 10), expected)()
        expect(result).toMatchObject({ left: { code: 'WRONG_REVISION', details: { expected, actual: 1 } } })
      }
      expect(await head()).toBe(before)
    })

    test('given no expected revision, then the events go to the end', async () => {
      await append('any', someEvents('any', 2), -1)
      expect((await append('any', someEvents('any', 3, 2), 'any')).revision).toBe(4)
    })

    test('given no events, then nothing is written and the answer is where the stream ends', async () => {
      expect(await append('none', [], -1)).toEqual({ revision: -1, position: -1, written: false })
      const { position } = await append('none', someEvents('none', 2), -1)
      expect(await append('none', [], 0)).toEqual({ revision: 1, position, written: false })
    })

    test.each([1, 3, 1_000])(
      'given %i events again after a lost answer, then the first answer comes again',
      async (n) => {
        const stream = `retry-${n}`
        const events = someEvents(stream, n)
        const first = await append(stream, events, -1)
        await append(stream, [someEvent(stream, 'after')], n - 1)
        const before = await head()
        expect(first).toEqual({ revision: n - 1, position: before - 1, written: true })
        expect(await append(stream, events, -1)).toEqual({ ...first, written: false })
        expect(await append(stream, events, 'any')).toEqual({ ...first, written: false })
        expect(await head()).toBe(before)
      },
    )

    test('given an id that stands elsewhere, then nothing is written and the error names the id', async () => {
      const [a, b, c] = someEvents('ids', 3)
      await append('ids', [a!, b!], -1)
      const before = await head()
      const inOtherStream = await store.append('ids-elsewhere', [c!, b!], -1)()
      const laterInStream = await store.append('ids', [c!, a!], 1)()
      const reversed = await store.append('ids', [b!, a!], -1)()
      const onlyPartly = await store.append('ids', [b!, c!], 'any')()
      const twiceInOne = await store.append('ids', [c!, c!], 1)()
      const many = await store.append('ids-elsewhere', [...someEvents('ids-many', 1_000), a!], -1)()
      expect(inOtherStream).toMatchObject({
        left: { code: 'EVENT_ID_REUSED', details: { id: b!.id, standsIn: 'ids' } },
      })
      expect(laterInStream).toMatchObject({ left: { code: 'EVENT_ID_REUSED', details: { id: a!.id, standsAt: 0 } } })
      expect(codeOf(reversed)).toBe('EVENT_ID_REUSED')
      expect(onlyPartly).toMatchObject({ left: { code: 'EVENT_ID_REUSED', details: { id: b!.id } } })
      expect(twiceInOne).toMatchObject({ left: { code: 'EVENT_ID_REUSED', details: { id: c!.id } } })
      expect(many).toMatchObject({ left: { code: 'EVENT_ID_REUSED', details: { id: a!.id } } })
      expect(await head()).toBe(before)
    })

    test('given another writer that wrote only the first of the same ids, then the revision is wrong', async () => {
      const events = someEvents('overtaken', 4)
      await append('overtaken', events.slice(0, 2), -1)
      const result = await store.append('overtaken', events, -1)()
      expect(result).toMatchObject({ left: { code: 'WRONG_REVISION', details: { expected: -1, actual: 1 } } })
    })

    test('given writers that race for one stream, then one wins each revision and no event is lost', async () => {
      const writers = 8
      const each = 20
      const write = async (writer: number): Promise<number> => {
        let refused = 0
        for (let n = 0; n < each; ) {
          const expected = await orThrow(store.revision('race'))
          const result = await store.append('race', [someEvent('race', `${writer}.${n}`)], expected)()
          if (result._tag === 'Right') n++
          else {
            expect(result.left.code).toBe('WRONG_REVISION')
            refused++
          }
        }
        return refused
      }
      const refused = await Promise.all(range(0, writers).map(write))
      const events = await collected(store.readStream('race'))
      expect(revisionsOf(events)).toEqual(range(0, writers * each))
      expect(new Set(events.map((event) => event.id)).size).toBe(writers * each)
      expect(refused.reduce((a, b) => a + b)).toBeGreaterThan(0)
    })

    test('given the same append from two writers at once, then it stands once and both learn where', async () => {
      const events = someEvents('twins', 600)
      const answers = await Promise.all([append('twins', events, -1), append('twins', events, -1)])
      expect(answers.map((answer) => answer.revision)).toEqual([599, 599])
      expect(answers.filter((answer) => answer.written)).toHaveLength(1)
      expect(await orThrow(store.revision('twins'))).toBe(599)
    })

    test('given appends that race in several streams, then no reader skips a position', async () => {
      const from = (await head()) + 1
      const writers = 6
      const appends = 25
      const sizes = [1, 40, 400]
      const total = writers * range(0, appends).reduce((sum, n) => sum + sizes[n % 3]!, 0)
      const write = async (writer: number) => {
        for (let n = 0; n < appends; n++) {
          const events = someEvents(`late-${writer}`, sizes[n % 3]!, n * 1_000)
          await append(`late-${writer}`, events, 'any')
        }
      }
      const seen: number[] = []
      const read = async () => {
        for (let next = from; seen.length < total; ) {
          for await (const batch of store.readAll({ from: next })) seen.push(...batch.map((event) => event.position))
          next = (seen[seen.length - 1] ?? from - 1) + 1
        }
      }
      const follow = async () => {
        const followed: number[] = []
        const batches = store.follow({ from, to: from + total - 1, signal: AbortSignal.timeout(50_000) })
        for await (const batch of batches) followed.push(...batch.map((event) => event.position))
        return followed
      }
      const [followed] = await Promise.all([follow(), read(), ...range(0, writers).map(write)])
      expect(seen).toEqual(range(from, total))
      expect(followed).toEqual(range(from, total))
    })

    test('given 100,000 events in one append, then all of them stand', async () => {
      const events = someEvents('large', 100_000)
      const before = await head()
      const answer = { revision: 99_999, position: before + 100_000 }
      expect(await append('large', events, -1)).toEqual({ ...answer, written: true })
      expect(await append('large', events, -1)).toEqual({ ...answer, written: false })
      let next = 0
      for await (const batch of store.readStream('large')) {
        expect(batch.length).toBeLessThanOrEqual(defaultBatchSize)
        for (const event of batch) {
          if (event.revision !== next || event.body !== events[next]!.body) throw new Error(`not the event at ${next}`)
          next++
        }
      }
      expect(next).toBe(100_000)
    })

    test('given events of 5 MB, then they come back whole, in batches that memory can hold', async () => {
      const huge = Array.from({ length: 5 }, (_, i) => someEvent('huge', i, `${i}${'żółw '.repeat(700_000)}`))
      const giant = someEvent('huge', 'giant', 'x'.repeat(maxBatchBytes + 1))
      expect(Buffer.byteLength(huge[0]!.body)).toBeGreaterThan(maxBatchBytes / 3)
      await append('huge', huge.slice(0, 1), -1)
      await append('huge', huge.slice(1, 3), 0)
      await append('huge', [...huge.slice(3), giant], 2)
      const batches: (readonly StoredEvent[])[] = []
      for await (const batch of store.readStream('huge')) batches.push(batch)
      expect(batches.flat().map((event) => event.body)).toEqual([...huge, giant].map((event) => event.body))
      expect(batches.map((batch) => batch.length)).toEqual([2, 2, 1, 1])
      const all = await collected(store.readAll({ from: batches[0]![0]!.position }))
      expect(all).toEqual(batches.flat())
    })

    test('given odd characters, then names, bodies and hashes come back as they were', async () => {
      const odd = [
        '🗳️ 👩‍👩‍👧‍👦 𝒳',
        'שלום مرحبا \u202eabc\u202c',
        `quotes ' " \` $1 %s ;--`,
        'back \\ slashes \\n \\\\. \\N',
        'control \u0000 \u0001 \t \n \r \u007f \u2028',
        'e\u0301 é',
        '\\.',
        '',
      ]
      const stream = (n: number) => `odd ${n} 🗳️ "'\\ ${'long'.repeat(250)}`
      for (const [n, size] of [1, odd.length, 400].entries()) {
        const events = range(0, size).map((i) => someEvent(stream(n), i, odd[i % odd.length]))
        await append(stream(n), events, -1)
        const back = await collected(store.readStream(stream(n)))
        expect(back.map((event) => event.body)).toEqual(events.map((event) => event.body))
        expect(back.map((event) => event.sha256)).toEqual(events.map((event) => event.sha256))
        expect(back.every((event) => event.stream === stream(n))).toBe(true)
      }
    })

    test('given times before 2000 and at the edge of a millisecond, then they come back as they were', async () => {
      const times = ['1969-12-31T23:59:59.999Z', '1999-12-31T23:59:59.001Z', '2026-02-28T12:00:00.000Z']
      for (const [n, size] of [1, 3, 300].entries()) {
        const events = someEvents(`times-${n}`, size).map((event, i) => ({ ...event, recordedAt: times[i % 3]! }))
        await append(`times-${n}`, events, -1)
        const back = await collected(store.readStream(`times-${n}`))
        expect(back.map((event) => event.recordedAt)).toEqual(events.map((event) => event.recordedAt))
      }
    })

    test('given bounds and a batch size, then exactly what was asked for is read', async () => {
      const { position } = await append('bounds', someEvents('bounds', 25), -1)
      const first = position - 24
      const sizes = async (batches: AsyncIterable<readonly StoredEvent[]>) => {
        const found: number[] = []
        for await (const batch of batches) found.push(batch.length)
        return found
      }
      expect(revisionsOf(await collected(store.readStream('bounds', { from: 3, to: 5 })))).toEqual([3, 4, 5])
      expect(revisionsOf(await collected(store.readStream('bounds', { from: 20, to: 99 })))).toEqual(range(20, 5))
      expect(revisionsOf(await collected(store.readHashes('bounds', { from: 23 })))).toEqual([23, 24])
      expect(await collected(store.readStream('bounds', { from: 25 }))).toEqual([])
      expect(await collected(store.readStream('bounds', { from: 5, to: 4 }))).toEqual([])
      expect(await sizes(store.readStream('bounds', { batchSize: 10 }))).toEqual([10, 10, 5])
      expect(await sizes(store.readAll({ from: first, to: first + 19, batchSize: 10 }))).toEqual([10, 10])
      expect(await collected(store.readAll({ from: position + 1 }))).toEqual([])
    })

    test('given a reader that stops half-way, then the store serves on', async () => {
      await append('half', someEvents('half', 50), -1)
      for await (const batch of store.readStream('half', { batchSize: 5 })) {
        if (batch[0]!.revision === 10) break
      }
      expect(await collected(store.readStream('half'))).toHaveLength(50)
    })

    test('given an append during a read, then the read ends where the store ended when it began', async () => {
      const { position } = await append('moving', someEvents('moving', 20), -1)
      let read = 0
      for await (const batch of store.readAll({ from: position - 19, batchSize: 5 })) {
        if (read === 0) await append('moving', someEvents('moving', 20, 20), 'any')
        read += batch.length
      }
      expect(read).toBe(20)
    })

    test('given a follower, then it gets what is there, then what comes, soon, until it is aborted', async () => {
      const from = (await append('followed', someEvents('followed', 5), -1)).position - 4
      const abort = new AbortController()
      const seen: StoredEvent[] = []
      const delays: number[] = []
      let appendedAt = 0
      const following = (async () => {
        for await (const batch of store.follow({ from, signal: abort.signal })) {
          seen.push(...batch)
          if (appendedAt > 0) delays.push(performance.now() - appendedAt)
        }
      })()
      await expect.poll(() => seen.length).toBe(5)
      await sleep(50)
      for (let i = 5; i < 10; i++) {
        appendedAt = performance.now()
        await append('followed', [someEvent('followed', i)], i - 1)
        await expect.poll(() => seen.length, { interval: 2 }).toBe(i + 1)
      }
      abort.abort()
      await following
      expect(revisionsOf(seen)).toEqual(range(0, 10))
      expect(Math.min(...delays)).toBeLessThan(500)
      await append('followed', [someEvent('followed', 10)], 9)
      expect(seen).toHaveLength(10)
      expect(await subject.followers()).toBe(0)
    })

    test('given a follower that breaks off, or was aborted before it began, then nothing is left behind', async () => {
      const from = (await append('left', someEvents('left', 5), -1)).position - 4
      for await (const batch of store.follow({ from, batchSize: 2, signal: new AbortController().signal })) {
        if (batch[0]!.revision === 2) break
      }
      expect(await collected(store.follow({ from, signal: AbortSignal.abort() }))).toEqual([])
      expect(await subject.followers()).toBe(0)
    })

    test('given connections that break again and again, then a follower loses and doubles nothing', async () => {
      const from = (await head()) + 1
      const rounds = 6
      const follow = collected(store.follow({ from, to: from + rounds * 301 - 1, signal: AbortSignal.timeout(50_000) }))
      for (let round = 0; round < rounds; round++) {
        const expected = round * 301 - 1
        const appending = appendStubbornly('broken', someEvents('broken', 300, round * 1_000), expected)
        await subject.breakConnections()
        await appending
        await appendStubbornly('broken', [someEvent('broken', `single ${round}`)], expected + 300)
        await sleep(30)
      }
      const events = await follow
      expect(revisionsOf(events)).toEqual(range(0, rounds * 301))
      expect(events.map((event) => event.position)).toEqual(range(from, rounds * 301))
    })
  })
}

import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Either } from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AppError, orThrow } from '../../../src/errors.js'
import type { Appended, EventStore, ReadAllOptions, StoredEvent } from '../../../src/store/event-store.js'
import { defaultBatchSize, maxBatchBytes } from '../../../src/store/event-store.js'
import { someEvent, someEvents, someSetting } from './some-events.js'

export interface StoreUnderTest {
  readonly store: EventStore
  /** true when nobody else has written to it or does */
  readonly isOwn: boolean
  /** whether an append tells a retry from a first write */
  readonly tellsRetries: boolean
  /** whether it is found out that an event's id stands in the store already, elsewhere than at this place */
  readonly findsReusedIds: boolean
  /** bytes of the largest body that it takes */
  readonly largestBody: number
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

/** Streams of this run alone, under names that every store knows as ours: a shared server holds others. */
const run = `matchbook-${randomBytes(4).toString('hex')}-`
const named = (name: string): string => `${run}${name}`
const isOfRun = ({ stream }: { readonly stream: string }): boolean => stream.startsWith(run)

/** What every event store must do, and where they differ, what each says of itself. Each test has streams of its own. */
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
    /** What an append answers that wrote, or that was a retry. */
    const answer = (revision: number, position: number, written: boolean): Appended => ({
      ...{ revision, position },
      written: subject.tellsRetries ? written : undefined,
    })
    /** All events of this run from a position on. */
    const allFrom = async (options: ReadAllOptions) => (await collected(store.readAll(options))).filter(isOfRun)
    const expectInOrder = (positions: readonly number[], from: number): void => {
      if (store.gapless) expect(positions).toEqual(range(from, positions.length))
      else {
        expect(positions[0] ?? from).toBeGreaterThanOrEqual(from)
        positions.forEach((position, i) => {
          if (i > 0 && position <= positions[i - 1]!) throw new Error(`${position} comes behind ${positions[i - 1]}`)
        })
      }
    }
    /** Follows until so many events of this run have come. */
    const followed = async (from: number, count: number): Promise<readonly StoredEvent[]> => {
      const events: StoredEvent[] = []
      for await (const batch of store.follow({ from, signal: AbortSignal.timeout(50_000) })) {
        events.push(...batch.filter(isOfRun))
        if (events.length >= count) break
      }
      return events
    }
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
      if (subject.isOwn) {
        expect(await head()).toBe(-1)
        expect(await collected(store.readAll())).toEqual([])
        expect(await orThrow(store.sizes())).toEqual({ position: -1, streams: [] })
        expect(await orThrow(store.readEvents([0]))).toEqual([])
      }
      const nowhere = named('nowhere')
      expect(await orThrow(store.revision(nowhere))).toBe(-1)
      expect(await collected(store.readStream(nowhere))).toEqual([])
      expect(await collected(store.readHashes(nowhere))).toEqual([])
    })

    test('given one event after the other, then they stand in order with everything that was given', async () => {
      const stream = named('order')
      const before = await head()
      const events = someEvents(stream, 3)
      const positions: number[] = []
      for (const [i, event] of events.entries()) {
        const { position, ...rest } = await append(stream, [event], i - 1)
        expect({ ...rest, position }).toEqual(answer(i, position, true))
        positions.push(position)
      }
      expectInOrder(positions, before + 1)
      const expected = events.map((event, i) => ({ ...event, stream, revision: i, position: positions[i]! }))
      expect(await collected(store.readStream(stream))).toEqual(expected)
      expect(await allFrom({ from: before + 1 })).toEqual(expected)
      expect(await orThrow(store.readEvents([positions[2]!, positions[0]!]))).toEqual([expected[2], expected[0]])
      expect(await collected(store.readHashes(stream, { from: 1 }))).toEqual(
        [1, 2].map((revision) => expect.objectContaining({ revision, sha256: events[revision]!.sha256 })),
      )
      expect(await orThrow(store.revision(stream))).toBe(2)
      expect(await head()).toBeGreaterThanOrEqual(positions[2]!)
      const sizes = await orThrow(store.sizes())
      expect(sizes.position).toBeGreaterThanOrEqual(positions[2]!)
      expect(sizes.streams).toContainEqual({ stream, size: 3 })
    })

    test('given positions at which no event stands, then reading from them and asking for them leaves nothing out', async () => {
      const stream = named('places')
      await append(stream, someEvents(stream, 5), -1)
      const places = (await collected(store.readStream(stream))).map((event) => event.position)
      const all = new Set((await collected(store.readAll())).map((event) => event.position))
      for (const from of range(places[0]! - 3, 9).filter((place) => place >= 0)) {
        const expected = places.filter((place) => place >= from)
        expect((await allFrom({ from })).map((event) => event.position).slice(-expected.length)).toEqual(expected)
        const first: number[] = []
        for await (const batch of store.follow({ from, to: places[4]!, signal: AbortSignal.timeout(20_000) })) {
          first.push(...batch.filter(isOfRun).map((event) => event.position))
        }
        expect(first.slice(-expected.length)).toEqual(expected)
        const asked = await orThrow(store.readEvents([from, places[4]!]))
        expect(asked.at(-1)).toMatchObject({ stream, revision: 4 })
        expect(asked).toHaveLength(all.has(from) ? 2 : 1)
      }
      expect(await collected(store.readAll({ from: Number.MAX_SAFE_INTEGER - 1 }))).toEqual([])
    })

    test('given a wrong expected revision, then nothing is written and the error says both revisions', async () => {
      const stream = named('wrong')
      await append(stream, someEvents(stream, 2), -1)
      for (const expected of [-1, 0, 2, 7]) {
        const result = await store.append(stream, someEvents(stream, 2, 10), expected)()
        expect(result).toMatchObject({ left: { code: 'WRONG_REVISION', details: { expected, actual: 1 } } })
      }
      expect(await orThrow(store.revision(stream))).toBe(1)
    })

    test('given no expected revision, then the events go to the end', async () => {
      await append(named('any'), someEvents(named('any'), 2), -1)
      expect((await append(named('any'), someEvents(named('any'), 3, 2), 'any')).revision).toBe(4)
    })

    test('given no events, then nothing is written and the answer is where the stream ends', async () => {
      expect(await append(named('none'), [], -1)).toEqual({ revision: -1, position: -1, written: false })
      const { position } = await append(named('none'), someEvents(named('none'), 2), -1)
      expect(await append(named('none'), [], 0)).toEqual({ revision: 1, position, written: false })
    })

    test.each([1, 3, 5_000])(
      'given %i events again after a lost answer, then the first answer comes again',
      async (n) => {
        const stream = named(`retry-${n}`)
        const events = someEvents(stream, n)
        const first = await append(stream, events, -1)
        await append(stream, [someEvent(stream, 'after')], n - 1)
        expect(first).toEqual(answer(n - 1, first.position, true))
        expect(await append(stream, events, -1)).toEqual(answer(n - 1, first.position, false))
        expect(await append(stream, events, 'any')).toEqual(answer(n - 1, first.position, false))
        expect(await orThrow(store.revision(stream))).toBe(n)
      },
    )

    test('given an id that comes twice, or that stands elsewhere in the store, then nothing is written', async () => {
      const stream = named('ids')
      const other = named('ids-elsewhere')
      const [a, b, c] = someEvents(stream, 3)
      await append(stream, [a!, b!], -1)
      const twiceInOne = await store.append(stream, [c!, c!], 1)()
      expect(twiceInOne).toMatchObject({ left: { code: 'EVENT_ID_REUSED', details: { id: c!.id } } })
      const reversed = await store.append(stream, [b!, a!], -1)()
      expect(codeOf(reversed)).toBe(subject.findsReusedIds ? 'EVENT_ID_REUSED' : 'WRONG_REVISION')
      const onlyPartly = await store.append(stream, [b!, c!], 'any')()
      expect(onlyPartly).toMatchObject({ left: { code: 'EVENT_ID_REUSED', details: { id: b!.id } } })
      if (subject.findsReusedIds) {
        const inOtherStream = await store.append(other, [c!, b!], -1)()
        const laterInStream = await store.append(stream, [c!, a!], 1)()
        const many = await store.append(other, [...someEvents(named('ids-many'), 1_000), a!], -1)()
        expect(inOtherStream).toMatchObject({
          left: { code: 'EVENT_ID_REUSED', details: { id: b!.id, standsIn: stream } },
        })
        expect(laterInStream).toMatchObject({ left: { code: 'EVENT_ID_REUSED', details: { id: a!.id, standsAt: 0 } } })
        expect(many).toMatchObject({ left: { code: 'EVENT_ID_REUSED', details: { id: a!.id } } })
      }
      expect(await orThrow(store.revision(other))).toBe(-1)
      expect(await orThrow(store.revision(stream))).toBe(1)
    })

    test('given another writer that wrote only the first of the same ids, then the revision is wrong', async () => {
      const events = someEvents(named('overtaken'), 4)
      await append(named('overtaken'), events.slice(0, 2), -1)
      const result = await store.append(named('overtaken'), events, -1)()
      expect(result).toMatchObject({ left: { code: 'WRONG_REVISION', details: { expected: -1, actual: 1 } } })
    })

    test('given writers that race for one stream, then one wins each revision and no event is lost', async () => {
      const writers = 8
      const each = 20
      const write = async (writer: number): Promise<number> => {
        let refused = 0
        for (let n = 0; n < each; ) {
          const expected = await orThrow(store.revision(named('race')))
          const result = await store.append(named('race'), [someEvent(named('race'), `${writer}.${n}`)], expected)()
          if (result._tag === 'Right') n++
          else {
            expect(result.left.code).toBe('WRONG_REVISION')
            refused++
          }
        }
        return refused
      }
      const refused = await Promise.all(range(0, writers).map(write))
      const events = await collected(store.readStream(named('race')))
      expect(revisionsOf(events)).toEqual(range(0, writers * each))
      expect(new Set(events.map((event) => event.id)).size).toBe(writers * each)
      expect(refused.reduce((a, b) => a + b)).toBeGreaterThan(0)
    })

    test('given the same append from two writers at once, then it stands once and both learn where', async () => {
      const events = someEvents(named('twins'), 600)
      const answers = await Promise.all([append(named('twins'), events, -1), append(named('twins'), events, -1)])
      expect(answers.map(({ revision }) => revision)).toEqual([599, 599])
      if (subject.tellsRetries) expect(answers.filter(({ written }) => written)).toHaveLength(1)
      expect(await orThrow(store.revision(named('twins')))).toBe(599)
    })

    test('given appends that race in several streams, then no reader skips a position', async () => {
      const from = (await head()) + 1
      const writers = 6
      const appends = 25
      const sizes = [1, 40, 400]
      const total = writers * range(0, appends).reduce((sum, n) => sum + sizes[n % 3]!, 0)
      const write = async (writer: number) => {
        const stream = named(`late-${writer}`)
        for (let n = 0; n < appends; n++) await append(stream, someEvents(stream, sizes[n % 3]!, n * 1_000), 'any')
      }
      const seen: number[] = []
      const read = async () => {
        for (let next = from; seen.length < total; ) {
          for await (const batch of store.readAll({ from: next })) {
            seen.push(...batch.filter(isOfRun).map((event) => event.position))
            next = batch[batch.length - 1]!.position + 1
          }
        }
      }
      const [events] = await Promise.all([followed(from, total), read(), ...range(0, writers).map(write)])
      expect(seen).toHaveLength(total)
      expectInOrder(seen, from)
      expect(events.map((event) => event.position)).toEqual(seen)
    })

    test('given 100,000 events in one append, then all of them stand', async () => {
      const stream = named('large')
      const events = someEvents(stream, 100_000)
      const { position } = await append(stream, events, -1)
      expect(await append(stream, events, -1)).toEqual(answer(99_999, position, false))
      let next = 0
      for await (const batch of store.readStream(stream)) {
        expect(batch.length).toBeLessThanOrEqual(defaultBatchSize)
        for (const event of batch) {
          if (event.revision !== next || event.body !== events[next]!.body) throw new Error(`not the event at ${next}`)
          next++
        }
      }
      expect(next).toBe(100_000)
      const last = await orThrow(store.readEvents([position]))
      expect(last).toMatchObject([{ stream, revision: 99_999 }])
    }, 180_000)

    test('given large events, then they come back whole, in batches that memory can hold', async () => {
      const stream = named('huge')
      const size = Math.min(5_000_000, subject.largestBody)
      const events = range(0, Math.ceil((2.5 * maxBatchBytes) / size)).map((i) =>
        someEvent(stream, i, `${i}${'żółw '.repeat(Math.floor((size - 1_000) / 8))}`),
      )
      await append(stream, events.slice(0, 1), -1)
      await append(stream, events.slice(1, 3), 0)
      await append(stream, events.slice(3), 2)
      const giant = someEvent(stream, 'giant', 'x'.repeat(maxBatchBytes + 1))
      if (subject.largestBody > maxBatchBytes) {
        await append(stream, [giant], events.length - 1)
        events.push(giant)
      } else {
        const refused = await store.append(stream, [giant], events.length - 1)()
        expect(refused).toMatchObject({ left: { code: 'BAD_VALUE', details: { stream, id: giant.id } } })
      }
      const batches: (readonly StoredEvent[])[] = []
      for await (const batch of store.readStream(stream)) batches.push(batch)
      expect(batches.flat().map((event) => event.body)).toEqual(events.map((event) => event.body))
      for (const batch of batches) {
        const bytes = batch.reduce((sum, event) => sum + Buffer.byteLength(event.body), 0)
        if (batch.length > 1) expect(bytes).toBeLessThanOrEqual(maxBatchBytes)
      }
      expect(batches.length).toBeGreaterThan(2)
      expect(await allFrom({ from: batches[0]![0]!.position })).toEqual(batches.flat())
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
      const stream = (n: number) => named(`odd ${n} 🗳️ "'\\ ${'long'.repeat(250)}`)
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
        const stream = named(`times-${n}`)
        const events = someEvents(stream, size).map((event, i) => ({ ...event, recordedAt: times[i % 3]! }))
        await append(stream, events, -1)
        const back = await collected(store.readStream(stream))
        expect(back.map((event) => event.recordedAt)).toEqual(events.map((event) => event.recordedAt))
      }
    })

    test('given bounds and a batch size, then exactly what was asked for is read', async () => {
      const stream = named('bounds')
      const { position } = await append(stream, someEvents(stream, 25), -1)
      const sizes = async (batches: AsyncIterable<readonly StoredEvent[]>) => {
        const found: number[] = []
        for await (const batch of batches) found.push(batch.length)
        return found
      }
      const places = (await collected(store.readStream(stream))).map((event) => event.position)
      expect(places[24]).toBe(position)
      expect(revisionsOf(await collected(store.readStream(stream, { from: 3, to: 5 })))).toEqual([3, 4, 5])
      expect(revisionsOf(await collected(store.readStream(stream, { from: 20, to: 99 })))).toEqual(range(20, 5))
      expect(revisionsOf(await collected(store.readHashes(stream, { from: 23 })))).toEqual([23, 24])
      expect(await collected(store.readStream(stream, { from: 25 }))).toEqual([])
      expect(await collected(store.readStream(stream, { from: 5, to: 4 }))).toEqual([])
      expect(await sizes(store.readStream(stream, { batchSize: 10 }))).toEqual([10, 10, 5])
      const bounds = { from: places[0]!, to: places[19]! }
      expect(revisionsOf(await allFrom(bounds))).toEqual(range(0, 20))
      if (subject.isOwn) expect(await sizes(store.readAll({ ...bounds, batchSize: 10 }))).toEqual([10, 10])
      expect(revisionsOf(await allFrom({ from: places[19]! + 1 }))).toEqual(range(20, 5))
      expect(await allFrom({ from: position + 1 })).toEqual([])
    })

    test('given types to leave out, then all others are read, in batches of any size', async () => {
      const stream = named('chosen')
      const events = someEvents(stream, 25).map((event, i) => (i % 3 === 0 ? someSetting(stream, i) : event))
      const { position } = await append(stream, events, -1)
      const all = await collected(store.readStream(stream))
      const bounds = { from: all[0]!.position, to: position }
      const types = [...new Set(all.map(({ type }) => type))]
      for (const without of [[types[0]!], types]) {
        for (const batchSize of [1, 4, 1_000]) {
          const left = all.filter(({ type }) => !without.includes(type))
          expect(await allFrom({ ...bounds, batchSize, without })).toEqual(left)
        }
      }
    })

    test('given a reader that stops half-way, then the store serves on', async () => {
      await append(named('half'), someEvents(named('half'), 50), -1)
      for await (const batch of store.readStream(named('half'), { batchSize: 5 })) {
        if (batch[0]!.revision === 10) break
      }
      expect(await collected(store.readStream(named('half')))).toHaveLength(50)
    })

    test('given an append during a read, then the read ends where the store ended when it began', async () => {
      const stream = named('moving')
      await append(stream, someEvents(stream, 20), -1)
      const [first] = await collected(store.readStream(stream, { to: 0 }))
      let read = 0
      for await (const batch of store.readAll({ from: first!.position, batchSize: 5 })) {
        if (read === 0) await append(stream, someEvents(stream, 20, 20), 'any')
        read += batch.filter(isOfRun).length
      }
      expect(read).toBe(20)
    })

    test('given a follower, then it gets what is there, then what comes, soon, until it is aborted', async () => {
      const stream = named('followed')
      await append(stream, someEvents(stream, 5), -1)
      const [first] = await collected(store.readStream(stream, { to: 0 }))
      const abort = new AbortController()
      const seen: StoredEvent[] = []
      const delays: number[] = []
      let appendedAt = 0
      const following = (async () => {
        for await (const batch of store.follow({ from: first!.position, signal: abort.signal })) {
          seen.push(...batch.filter(isOfRun))
          if (appendedAt > 0) delays.push(performance.now() - appendedAt)
        }
      })()
      await expect.poll(() => seen.length).toBe(5)
      await sleep(50)
      for (let i = 5; i < 10; i++) {
        appendedAt = performance.now()
        await append(stream, [someEvent(stream, i)], i - 1)
        await expect.poll(() => seen.length, { interval: 2 }).toBe(i + 1)
      }
      abort.abort()
      await following
      expect(revisionsOf(seen)).toEqual(range(0, 10))
      expect(Math.min(...delays)).toBeLessThan(500)
      await append(stream, [someEvent(stream, 10)], 9)
      expect(seen).toHaveLength(10)
      await expect.poll(subject.followers).toBe(0)
    })

    test('given a follower that breaks off, or was aborted before it began, then nothing is left behind', async () => {
      const stream = named('left')
      await append(stream, someEvents(stream, 5), -1)
      const from = (await collected(store.readStream(stream)))[0]!.position
      for await (const batch of store.follow({ from, batchSize: 2, signal: new AbortController().signal })) {
        expect(batch.length).toBeLessThanOrEqual(2)
        if (batch.some((event) => isOfRun(event) && event.revision >= 2)) break
      }
      expect(await collected(store.follow({ from, signal: AbortSignal.abort() }))).toEqual([])
      await expect.poll(subject.followers).toBe(0)
    })

    test('given a follower that works slowly, then it gets everything in order, and the store serves others', async () => {
      const stream = named('slowly')
      await append(stream, someEvents(stream, 3_000), -1)
      const from = (await collected(store.readStream(stream, { to: 0 })))[0]!.position
      const seen: number[] = []
      for await (const batch of store.follow({ from, batchSize: 250, signal: AbortSignal.timeout(50_000) })) {
        seen.push(...batch.filter((event) => event.stream === stream).map((event) => event.revision))
        if (seen.length >= 3_000) break
        await sleep(10)
        await orThrow(store.revision(stream))
      }
      expect(seen).toEqual(range(0, 3_000))
    })

    test('given connections that break again and again, then a follower loses and doubles nothing', async () => {
      const stream = named('broken')
      const from = (await head()) + 1
      const rounds = 6
      const following = followed(from, rounds * 301)
      for (let round = 0; round < rounds; round++) {
        const expected = round * 301 - 1
        const appending = appendStubbornly(stream, someEvents(stream, 300, round * 1_000), expected)
        await subject.breakConnections()
        await appending
        await appendStubbornly(stream, [someEvent(stream, `single ${round}`)], expected + 300)
        await sleep(30)
      }
      const events = await following
      expect(revisionsOf(events)).toEqual(range(0, rounds * 301))
      expectInOrder(
        events.map((event) => event.position),
        from,
      )
    })
  })
}

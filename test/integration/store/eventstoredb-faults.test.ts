import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { orThrow } from '../../../src/errors.js'
import type { EventStore, StoredEvent } from '../../../src/store/event-store.js'
import { eventStoreDbStore } from '../../../src/store/eventstoredb/eventstoredb-store.js'
import { makeCertificate } from '../../doubles/certificate.js'
import { type EventStoreDouble, startEventStoreDouble } from '../../doubles/eventstoredb.js'
import { someEvent, someEvents } from './some-events.js'

const stream = 'matchbook-faults'
const unreachable = { left: { code: 'SERVER_UNREACHABLE' } }

let double: EventStoreDouble
let store: EventStore

beforeEach(async () => {
  double = await startEventStoreDouble()
  store = eventStoreDbStore(double.url)
})
afterEach(async () => {
  double.resume()
  await store.close()
  await double.stop()
})

const idsIn = async (name: string): Promise<readonly string[]> => {
  const ids: string[] = []
  for await (const batch of store.readStream(name)) ids.push(...batch.map(({ id }) => id))
  return ids
}

const foreign = (count: number): void => {
  const data = Buffer.from('{}')
  for (let i = 0; i < count; i++) {
    const id = `0000000${i % 10}-0000-4000-9000-${String(i).padStart(12, '0')}`
    const other = { id, type: 'Other', contentType: 'application/json', data, metadata: data }
    double.log.append('someone-elses', [other], 'any')
  }
}

describe('an append to EventStoreDB', () => {
  it.each([1, 40_000])('of %i events whose answer is lost is gone on with, and stands once', async (count) => {
    const events = someEvents(stream, count)
    await orThrow(store.append('matchbook-first', [someEvent('first', 0)], -1))
    double.dropNextAnswer()
    expect(await store.append(stream, events, -1)()).toMatchObject(unreachable)
    const { revision } = await orThrow(store.append(stream, events, -1))
    expect(revision).toBe(count - 1)
    expect(await idsIn(stream)).toEqual(events.map(({ id }) => id))
  })

  it('that is cut off half-way by a server that goes away is gone on with when it is back', async () => {
    const events = someEvents(stream, 60_000)
    const appending = store.append(stream, events, -1)()
    await expect.poll(() => double.log.stream(stream)?.length ?? 0, { interval: 1 }).toBeGreaterThan(0)
    await double.stop()
    expect(await appending).toMatchObject(unreachable)
    const written = double.log.stream(stream)!.length
    expect(written).toBeLessThan(events.length)
    expect(await store.append(stream, events, -1)()).toMatchObject(unreachable)
    await double.start()
    await expect.poll(async () => (await store.append(stream, events, -1)())._tag, { timeout: 20_000 }).toBe('Right')
    expect(await idsIn(stream)).toEqual(events.map(({ id }) => id))
    const read = await orThrow(store.sizes())
    expect(read.streams).toContainEqual({ stream, size: events.length })
  })

  it('that another writer gets in between is told so, with what stands', async () => {
    const events = someEvents(stream, 10_000)
    const rival = someEvent(stream, 'rival')
    const appending = store.append(stream, events, -1)()
    await expect.poll(() => double.log.stream(stream)?.length ?? 0, { interval: 0 }).toBeGreaterThan(0)
    const { id, type } = rival
    const [data, metadata] = [Buffer.from(rival.body), Buffer.from('{}')]
    double.log.append(stream, [{ id, type, contentType: 'application/octet-stream', data, metadata }], 'any')
    const result = await appending
    if (result._tag === 'Left') {
      const actual = double.log.stream(stream)!.length - 1
      expect(result).toMatchObject({ left: { code: 'WRONG_REVISION', details: { expected: -1, actual } } })
    } else expect((await idsIn(stream)).at(-1)).toBe(id)
  })

  it('that the server never answers is given up, and tried again stands once', async () => {
    const events = someEvents(stream, 5)
    await store.close()
    store = eventStoreDbStore(`${double.url}&defaultDeadline=700`)
    double.stall()
    const began = performance.now()
    expect(await store.append('matchbook-other', events, 'any')()).toMatchObject(unreachable)
    expect(performance.now() - began).toBeLessThan(3_000)
    expect(await store.append(stream, events, 0)()).toMatchObject(unreachable)
    double.resume()
    expect((await orThrow(store.append(stream, events, -1))).revision).toBe(4)
    expect(await idsIn(stream)).toEqual(events.map(({ id }) => id))
  })

  it('goes to streams of the catalogue alone, as no other is read', async () => {
    const refused = await store.append('someone-elses', someEvents(stream, 1), -1)()
    expect(refused).toMatchObject({ left: { code: 'BAD_VALUE', details: {} } })
  })
})

describe('a reader of EventStoreDB', () => {
  it('meets our events alone, among the server’s and other people’s', async () => {
    await orThrow(store.append(stream, someEvents(stream, 3), -1))
    foreign(200)
    await orThrow(store.append(stream, someEvents(stream, 3, 3), 2))
    foreign(200)
    const seen: StoredEvent[] = []
    for await (const batch of store.readAll()) seen.push(...batch)
    expect(seen.map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4, 5])
    expect(await orThrow(store.head())).toBe(seen[5]!.position)
    expect((await orThrow(store.sizes())).streams).toEqual([{ stream, size: 6 }])
    const other = double.log.stream('someone-elses')![0]!.position
    expect(await orThrow(store.readEvents([other, seen[0]!.position]))).toEqual([seen[0]])
  })

  it('shows an event that was not written by us as it is, with a hash that can’t hold', async () => {
    await orThrow(store.append(stream, someEvents(stream, 1), -1))
    const { id, type, body } = someEvent(stream, 'smuggled')
    const smuggled = { id, type, contentType: 'application/json', data: Buffer.from(body), metadata: Buffer.from('no') }
    double.log.append(stream, [smuggled], 0)
    for await (const batch of store.readStream(stream, { from: 1 })) {
      expect(batch).toMatchObject([{ id, body, recordedAt: '', sha256: Buffer.alloc(0) }])
    }
  })

  it('fails with the catalogue’s error when the server is away', async () => {
    await orThrow(store.append(stream, someEvents(stream, 3), -1))
    await double.stop()
    expect(await store.head()()).toMatchObject(unreachable)
    expect(await store.sizes()()).toMatchObject(unreachable)
    expect(await store.readEvents([1])()).toMatchObject(unreachable)
    await expect(store.readAll()[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' })
    await double.start()
    await expect.poll(async () => (await store.head()())._tag).toBe('Right')
  })
})

describe('a follower of EventStoreDB', () => {
  it('goes on when the server was away, loses and doubles nothing, and ends at once when it is told to', async () => {
    const seen: number[] = []
    const abort = new AbortController()
    const following = (async () => {
      for await (const batch of store.follow({ signal: abort.signal })) seen.push(...batch.map((e) => e.revision))
    })()
    await orThrow(store.append(stream, someEvents(stream, 3), -1))
    await expect.poll(() => seen.length).toBe(3)
    await double.stop()
    await sleep(300)
    await double.start()
    await expect
      .poll(async () => (await store.append(stream, someEvents(stream, 3, 3), 2)())._tag, { timeout: 20_000 })
      .toBe('Right')
    await expect.poll(() => seen.length, { timeout: 20_000 }).toBe(6)
    await double.stop()
    await sleep(100)
    const began = performance.now()
    abort.abort()
    await following
    expect(performance.now() - began).toBeLessThan(1_000)
    expect(seen).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('does not look through other people’s events again after a checkpoint', async () => {
    await orThrow(store.append(stream, someEvents(stream, 3), -1))
    foreign(20_000)
    const seen: number[] = []
    const abort = new AbortController()
    const following = (async () => {
      for await (const batch of store.follow({ signal: abort.signal })) seen.push(...batch.map((e) => e.revision))
    })()
    await expect.poll(() => double.lookedThrough()).toBeGreaterThan(20_000)
    await sleep(100)
    const before = double.lookedThrough()
    await double.breakConnections()
    await expect.poll(() => double.subscriptions()).toBe(1)
    await expect
      .poll(async () => (await store.append(stream, someEvents(stream, 2, 3), 2)())._tag, { timeout: 20_000 })
      .toBe('Right')
    await expect.poll(() => seen.length).toBe(5)
    expect(double.lookedThrough() - before).toBeLessThan(100)
    abort.abort()
    await following
    expect(seen).toEqual([0, 1, 2, 3, 4])
  })
})

describe('EventStoreDB over TLS', () => {
  it('is reached by the credentials and the authority of the URL, and by no others', async () => {
    const certificate = await makeCertificate()
    const secure = await startEventStoreDouble({ secure: { user: 'ann', password: 'se:cret', certificate } })
    const trusting = `${secure.url}&tlsCAFile=${encodeURIComponent(certificate.file)}`
    const as = (url: string, user: string): string => url.replace('esdb://', `esdb://${user}@`)
    const known = eventStoreDbStore(as(trusting, 'ann:se%3Acret'))
    expect((await orThrow(known.append(stream, someEvents(stream, 3), -1))).revision).toBe(2)
    expect(await orThrow(known.revision(stream))).toBe(2)
    for (const url of [as(trusting, 'ann:other'), trusting, as(secure.url, 'ann:se%3Acret')]) {
      const refused = eventStoreDbStore(url)
      expect(await refused.append(stream, someEvents(stream, 1, 3), 2)()).toMatchObject(unreachable)
      expect(await refused.head()()).toMatchObject(unreachable)
      await refused.close()
    }
    await known.close()
    await secure.stop()
    certificate.drop()
  })
})

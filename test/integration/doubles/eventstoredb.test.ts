import {
  BACKWARDS,
  binaryEvent,
  END,
  EventStoreDBClient,
  jsonEvent,
  NO_STREAM,
  START,
  streamNameFilter,
} from '@eventstore/db-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { derivedUuid } from '../../../events/ids.js'
import { type EventStoreDouble, startEventStoreDouble } from '../../doubles/eventstoredb.js'

let double: EventStoreDouble
let client: EventStoreDBClient

beforeAll(async () => {
  double = await startEventStoreDouble()
  client = EventStoreDBClient.connectionString(double.url)
})
afterAll(async () => {
  await client.dispose()
  await double.stop()
})

const event = (n: number) => jsonEvent({ id: derivedUuid('double', n), type: 'Happened', data: { n } })
const events = (count: number, from = 0) => Array.from({ length: count }, (_, i) => event(from + i))
const credentials = { username: 'ann', password: 'x' }

/** What the public client, used as its documentation says, finds of the double. */
describe.each([
  ['in batches', {}],
  ['one call an append', { credentials }],
])('the double takes appends %s', (how, options) => {
  const stream = `double-${how}`
  const append = (some: ReturnType<typeof events>, expectedRevision: bigint | 'no_stream' | 'any') =>
    client.appendToStream(stream, some, { expectedRevision, ...options })

  it('at the expected revision, once by their ids', async () => {
    const first = await append(events(3), NO_STREAM)
    expect(first).toMatchObject({ success: true, nextExpectedRevision: 2n })
    expect(await append(events(3), NO_STREAM)).toEqual(first)
    expect(await append(events(3), 'any')).toEqual(first)
    expect(await append(events(2, 1), 0n)).toEqual(first)
    const second = await append(events(2, 3), 2n)
    expect(second.nextExpectedRevision).toBe(4n)
    expect(second.position!.commit).toBeGreaterThan(first.position!.commit)
  })

  it('and refuses other revisions with the one that stands', async () => {
    for (const expected of [NO_STREAM, 1n, 9n] as const) {
      await expect(append(events(2, 50), expected)).rejects.toMatchObject({
        type: 'wrong-expected-version',
        actualVersion: 4n,
      })
    }
    await expect(append([event(0), event(60)], NO_STREAM)).rejects.toMatchObject({ type: 'wrong-expected-version' })
    await expect(append([event(0), event(60)], 'any')).rejects.toMatchObject({ type: 'wrong-expected-version' })
  })

  it('and refuses more than it takes at once', async () => {
    const large = binaryEvent({ type: 'Large', data: Buffer.alloc(1_048_576) })
    await expect(client.appendToStream(stream, large, options)).rejects.toMatchObject({
      type: 'maximum-append-size-exceeded',
      maxAppendSize: 1_048_576,
    })
  })
})

describe('the double is read', () => {
  it('by stream, forwards and backwards', async () => {
    await client.appendToStream('double-read', events(5), { expectedRevision: NO_STREAM })
    const forwards: bigint[] = []
    for await (const one of client.readStream('double-read', { fromRevision: 1n, maxCount: 3 })) {
      forwards.push(one.event!.revision)
    }
    expect(forwards).toEqual([1n, 2n, 3n])
    const backwards: bigint[] = []
    for await (const one of client.readStream('double-read', {
      fromRevision: END,
      direction: BACKWARDS,
      maxCount: 2,
    })) {
      backwards.push(one.event!.revision)
    }
    expect(backwards).toEqual([4n, 3n])
    const missing = async () => {
      for await (const _ of client.readStream('double-nowhere'));
    }
    await expect(missing()).rejects.toMatchObject({ type: 'stream-not-found', streamName: 'double-nowhere' })
  })

  it('as a whole, with events of its own between ours, at positions that are offsets', async () => {
    const all: { stream: string; commit: bigint }[] = []
    for await (const { event: one } of client.readAll({ fromPosition: START })) {
      all.push({ stream: one!.streamId, commit: one!.position!.commit })
    }
    expect(all.map(({ commit }) => commit)).toEqual([...all.map(({ commit }) => commit)].sort((a, b) => Number(a - b)))
    expect(all.some(({ stream }) => stream.startsWith('$'))).toBe(true)
    expect(Number(all.at(-1)!.commit)).toBeGreaterThan(all.length * 50)
    const reversed: bigint[] = []
    for await (const { event: one } of client.readAll({ fromPosition: END, direction: BACKWARDS })) {
      reversed.push(one!.position!.commit)
    }
    expect(reversed.reverse()).toEqual(all.map(({ commit }) => commit))
    const { commit } = all[1]!
    for await (const { event: one } of client.readAll({ fromPosition: { commit, prepare: commit }, maxCount: 1 })) {
      expect(one!.position!.commit).toBe(commit)
    }
    const odd = async () => {
      const nowhere = commit % 2n === 0n ? commit + 2n : commit + 1n
      for await (const _ of client.readAll({ fromPosition: { commit: nowhere, prepare: nowhere } }));
    }
    await expect(odd()).rejects.toMatchObject({ code: 2 })
  })

  it('by a subscription to streams of a prefix, with checkpoints, until it has caught up and on', async () => {
    const checkpoints: bigint[] = []
    const filter = streamNameFilter({
      prefixes: ['double-sub-'],
      checkpointReached: async (_, { commit }) => void checkpoints.push(commit),
    })
    await client.appendToStream('other', events(100), { expectedRevision: NO_STREAM })
    const { position } = await client.appendToStream('double-sub-a', events(3), { expectedRevision: NO_STREAM })
    let caughtUp = 0
    const seen: string[] = []
    const subscription = client
      .subscribeToAll({ fromPosition: START, filter })
      .on('caughtUp', () => caughtUp++)
      .on('data', ({ event: one }) => seen.push(`${one!.streamId} ${one!.revision}`))
    await expect.poll(() => caughtUp).toBe(1)
    expect(seen).toEqual(['double-sub-a 0', 'double-sub-a 1', 'double-sub-a 2'])
    expect(checkpoints.length).toBeGreaterThan(3)
    expect(checkpoints.at(-1)).toBeGreaterThanOrEqual(position!.commit)
    await client.appendToStream('double-sub-b', events(1), { expectedRevision: NO_STREAM })
    await expect.poll(() => seen.length).toBe(4)
    expect(double.subscriptions()).toBe(1)
    await subscription.unsubscribe()
    await expect.poll(() => double.subscriptions()).toBe(0)
  })
})

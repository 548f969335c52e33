import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { streamRoots } from '../../../src/audit/stream-root.js'
import { orThrow } from '../../../src/errors.js'
import { type CopyOptions, copyStore } from '../../../src/store/copy/copy-store.js'
import type { EventStore, StoredEvent } from '../../../src/store/event-store.js'
import { eventStoreDbStore } from '../../../src/store/eventstoredb/eventstoredb-store.js'
import { memoryStore } from '../../../src/store/memory/memory-store.js'
import { type EventStoreDouble, startEventStoreDouble } from '../../doubles/eventstoredb.js'
import { someEvents } from './some-events.js'

let double: EventStoreDouble
let remote: EventStore

beforeEach(async () => {
  double = await startEventStoreDouble()
  remote = eventStoreDbStore(double.url)
})
afterEach(async () => {
  await remote.close()
  await double.stop()
})

const copy = (options: Omit<CopyOptions, 'signal'>) => copyStore({ signal: new AbortController().signal, ...options })

const streams = ['matchbook-a', 'import-a.one', 'pid-registry', 'matchbook-b']
const sizes = [700, 2_500, 40, 900]
const total = sizes.reduce((a, b) => a + b)

/** Streams that grow in turns, as several commands leave them. */
const filled = async (): Promise<EventStore> => {
  const store = memoryStore()
  const written = streams.map(() => 0)
  for (let turn = 0; written.some((n, i) => n < sizes[i]!); turn++) {
    const i = turn % streams.length
    const count = Math.min(1 + ((turn * 37) % 300), sizes[i]! - written[i]!)
    const events = someEvents(streams[i]!, count, written[i])
    await orThrow(store.append(streams[i]!, events, written[i]! - 1))
    written[i] = written[i]! + count
  }
  return store
}

const contentOf = async (store: EventStore): Promise<readonly Omit<StoredEvent, 'position'>[]> => {
  const all: Omit<StoredEvent, 'position'>[] = []
  for await (const batch of store.readAll()) all.push(...batch.map(({ position: _, ...event }) => event))
  return all
}

describe('a store that is copied', () => {
  it('is the same there, in the order of the whole store, root by root, and back again', async () => {
    const source = await filled()
    const steps: string[] = []
    const copied = await copy({ from: source, to: remote, onProgress: (step) => void steps.push(step) })
    expect(copied).toEqual({ streams: 4, events: total, copied: total, roots: 4 })
    expect(new Set(steps)).toEqual(new Set(['copying', 'comparing']))
    expect(await contentOf(remote)).toEqual(await contentOf(source))
    const [here, there] = [streamRoots(source), streamRoots(remote)]
    for (const stream of streams) expect(await there.rootOf(stream)).toEqual(await here.rootOf(stream))
    const back = memoryStore()
    await copy({ from: remote, to: back })
    expect(await contentOf(back)).toEqual(await contentOf(source))
  })

  it('again copies nothing, and later what has been added since', async () => {
    const source = await filled()
    await copy({ from: source, to: remote })
    expect(await copy({ from: source, to: remote })).toEqual({ streams: 4, events: total, copied: 0, roots: 4 })
    await orThrow(source.append('matchbook-a', someEvents('matchbook-a', 5, 700), 699))
    await orThrow(source.append('setting-a', someEvents('setting-a', 2), -1))
    const more = { streams: 5, events: total + 7, copied: 7, roots: 5 }
    expect(await copy({ from: source, to: remote })).toEqual(more)
    expect(await contentOf(remote)).toEqual(await contentOf(source))
  })

  it('goes on where it was cut off, wherever that was', async () => {
    const source = await filled()
    for (let turn = 0; turn < 5; turn++) {
      let left = 3
      const cutting: EventStore = {
        ...remote,
        append: (...args) => {
          if (left-- > 0) return remote.append(...args)
          double.dropNextAnswer()
          return remote.append(...args)
        },
      }
      await expect(copy({ from: source, to: cutting })).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' })
    }
    const { copied } = await copy({ from: source, to: remote })
    expect(copied).toBeLessThan(total)
    expect(await contentOf(remote)).toEqual(await contentOf(source))
  })

  it('goes on from EventStoreDB into a store that has a part of a stream, and leaves no reading open', async () => {
    const source = eventStoreDbStore(double.url)
    await copy({ from: await filled(), to: source })
    const target = memoryStore()
    await orThrow(target.append('import-a.one', someEvents('import-a.one', 3), -1))
    expect(await copy({ from: source, to: target })).toMatchObject({ events: total, copied: total - 3 })
    await source.close() // waits for readings
  })

  it.each(['copying', 'comparing'] as const)('is interrupted while %s', async (step) => {
    const source = await filled()
    const ending = new AbortController()
    const onProgress = (now: string): void => {
      if (now === step) ending.abort()
    }
    const interrupted = copyStore({ from: source, to: remote, signal: ending.signal, onProgress })
    await expect(interrupted).rejects.toMatchObject({ code: 'INTERRUPTED' })
    expect(await copy({ from: source, to: remote })).toMatchObject({ events: total, roots: 4 })
  })

  it.each([
    ['a stream that the source has not', 'matchbook-c', 0, 0],
    ['another event in a stream', 'matchbook-a', 3, 3],
    ['more events than the source', 'pid-registry', 40, 40],
  ])('is refused by a target that holds %s, which is named', async (_, stream, same, revision) => {
    const source = await filled()
    await orThrow(remote.append(stream, someEvents(stream, same), -1))
    await orThrow(remote.append(stream, someEvents(stream, 1, 99_999), same - 1))
    const before = await contentOf(remote)
    await expect(copy({ from: source, to: remote })).rejects.toMatchObject({
      code: 'TARGET_DIFFERS',
      details: { stream, revision },
    })
    expect(await contentOf(remote)).toEqual(before)
  })

  it('is not taken for the same when a text in the target is another than was hashed', async () => {
    const source = await filled()
    const bent: EventStore = {
      ...remote,
      async *readStream(stream, options) {
        for await (const batch of remote.readStream(stream, options)) {
          yield batch.map((event) =>
            stream === 'matchbook-b' && event.revision === 7
              ? { ...event, body: event.body.replace('tag', 'TAG') }
              : event,
          )
        }
      },
    }
    await expect(copy({ from: source, to: bent })).rejects.toMatchObject({
      code: 'CHECK_FAILED',
      details: { stream: 'matchbook-b' },
    })
  })
})

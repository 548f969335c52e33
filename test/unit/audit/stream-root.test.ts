import { expect, test } from 'vitest'
import { Frontier } from '../../../src/audit/merkle.js'
import { streamRoots } from '../../../src/audit/stream-root.js'
import { orThrow } from '../../../src/errors.js'
import { memoryStore } from '../../../src/store/memory/memory-store.js'
import { someEvents } from '../../integration/store/some-events.js'

const rootOver = (events: readonly { readonly sha256: Buffer }[]): string => {
  const tree = new Frontier()
  for (const { sha256 } of events) tree.append(sha256)
  return tree.root().toString('hex')
}

test('given a stream among others, then its root is over its own events, as one tree', async () => {
  const store = memoryStore()
  const events = someEvents('ours', 7_000)
  await orThrow(store.append('ours', events.slice(0, 6_000), -1))
  await orThrow(store.append('another', someEvents('another', 3), -1))
  await orThrow(store.append('ours', events.slice(6_000), 5_999))
  expect(await streamRoots(store).rootOf('ours')).toEqual({ size: 7_000, root: rootOver(events) })
})

test('given events that were taken in and others that were not, then the root is over all of them', async () => {
  const store = memoryStore()
  const events = someEvents('ours', 400)
  const placed = events.map((event, revision) => ({ stream: 'ours', revision, sha256: event.sha256 }))
  const roots = streamRoots(store)
  const append = (from: number, to: number) => orThrow(store.append('ours', events.slice(from, to), from - 1))
  await append(0, 100)
  roots.take(placed.slice(0, 100))
  await append(100, 200)
  await append(200, 300)
  roots.take(placed.slice(200, 300))
  expect(await roots.rootOf('ours')).toEqual({ size: 300, root: rootOver(events.slice(0, 300)) })
  await append(300, 400)
  roots.take(placed.slice(300, 400))
  expect(await roots.rootOf('ours')).toEqual({ size: 400, root: rootOver(events) })
})

test('given a stream without events, then the root is the empty tree’s', async () => {
  const root = new Frontier().root().toString('hex')
  expect(await streamRoots(memoryStore()).rootOf('nowhere')).toEqual({ size: 0, root })
})

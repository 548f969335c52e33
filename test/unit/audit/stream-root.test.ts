import { expect, test } from 'vitest'
import { Frontier } from '../../../src/audit/merkle.js'
import { streamRoot } from '../../../src/audit/stream-root.js'
import { orThrow } from '../../../src/errors.js'
import { memoryStore } from '../../../src/store/memory/memory-store.js'
import { someEvents } from '../../integration/store/some-events.js'

test('given a stream among others, then its root is over its own events, as one tree', async () => {
  const store = memoryStore()
  const events = someEvents('ours', 7_000)
  await orThrow(store.append('ours', events.slice(0, 6_000), -1))
  await orThrow(store.append('another', someEvents('another', 3), -1))
  await orThrow(store.append('ours', events.slice(6_000), 5_999))
  const tree = new Frontier()
  for (const { sha256 } of events) tree.append(sha256)
  expect(await streamRoot(store, 'ours')).toEqual({ size: 7_000, root: tree.root().toString('hex') })
})

test('given a stream without events, then the root is the empty tree’s', async () => {
  expect(await streamRoot(memoryStore(), 'nowhere')).toEqual({ size: 0, root: new Frontier().root().toString('hex') })
})

import { binaryEvent, EventStoreDBClient, NO_STREAM } from '@eventstore/db-client'
import type { EncodedEvent } from '../../events/encode.js'
import { orThrow } from '../../src/errors.js'
import { eventStoreDbStore } from '../../src/store/eventstoredb/eventstoredb-store.js'
import { type Bench, compare, type Side, timed } from './harness.js'
import { report } from './report.js'
import type { Fresh } from './sides/eventstore-side.js'
import { makeEvents } from './sides/made-events.js'
import { type SideProcess, startNodeSide } from './sides/side.js'

/** An import appends chunks of this size. */
const chunkEvents = 10_000
/** What fits into one append of the server's (1 MiB), in the bare loop as well. */
const batchEvents = 850
const stream = 'import-bench.list'

interface Sizes {
  readonly seed: number
  readonly size: number
}

const fresh = async (server: SideProcess): Promise<string> => (await server.ask<Fresh>({})).url

/** Chunks are made outside the clock; `append` is inside it. */
const inChunks = async (
  { seed, size }: Sizes,
  append: (events: readonly EncodedEvent[], from: number) => Promise<unknown>,
): Promise<number> => {
  let seconds = 0
  for (let from = 0; from < size; from += chunkEvents) {
    const events = makeEvents(seed, from, Math.min(chunkEvents, size - from))
    seconds += await timed(() => append(events, from))
  }
  return seconds
}

const bulkAppend =
  (server: SideProcess, sizes: Sizes): Side =>
  async () => {
    const store = eventStoreDbStore(await fresh(server))
    const seconds = await inChunks(sizes, (events, from) => orThrow(store.append(stream, events, from - 1)))
    await store.close()
    return seconds
  }

/** One appendToStream after the other, of the same bytes. */
const bareAppend =
  (server: SideProcess, sizes: Sizes): Side =>
  async () => {
    const client = EventStoreDBClient.connectionString(await fresh(server))
    let expectedRevision: bigint | typeof NO_STREAM = NO_STREAM
    const seconds = await inChunks(sizes, async (events) => {
      for (let at = 0; at < events.length; at += batchEvents) {
        const batch = events.slice(at, at + batchEvents).map(({ id, type, body, sha256, recordedAt }) => {
          const metadata = { recordedAt, sha256: sha256.toString('hex') }
          return binaryEvent({ id, type, data: Buffer.from(body), metadata })
        })
        expectedRevision = (await client.appendToStream(stream, batch, { expectedRevision })).nextExpectedRevision
      }
    })
    await client.dispose()
    return seconds
  }

const counted = async (batches: AsyncIterable<number>, wanted: number): Promise<void> => {
  let count = 0
  for await (const more of batches) count += more
  if (count !== wanted) throw new Error(`read ${count} events of ${wanted}`)
}

const readBack =
  (url: string, { size }: Sizes): Side =>
  async () => {
    const store = eventStoreDbStore(url)
    const batches = async function* () {
      for await (const batch of store.readAll()) yield batch.length
    }
    const seconds = await timed(() => counted(batches(), size))
    await store.close()
    return seconds
  }

/** All events as the client hands them out, the server's own passed over. */
const bareRead =
  (url: string, { size }: Sizes): Side =>
  async () => {
    const client = EventStoreDBClient.connectionString(url)
    const batches = async function* () {
      for await (const { event } of client.readAll()) yield event?.streamId === stream ? 1 : 0
    }
    const seconds = await timed(() => counted(batches(), size))
    await client.dispose()
    return seconds
  }

/** The adapter against the bare client in a loop, both on the double in a process of its own. */
export const bench: Bench = async (options) => {
  const sizes = { seed: options.seed, size: options.size ?? 100_000 }
  const common = { amount: sizes.size, unit: 'events', rounds: options.rounds ?? 3, bar: 0.8 }
  const server = startNodeSide('./eventstore-side.ts')
  try {
    const subject = bulkAppend(server, sizes)
    const append = await compare({ ...common, name: 'bulk append', subject, yardstick: bareAppend(server, sizes) })
    const url = await fresh(server)
    const store = eventStoreDbStore(url)
    await inChunks(sizes, (events, from) => orThrow(store.append(stream, events, from - 1)))
    await store.close()
    const reading = { subject: readBack(url, sizes), yardstick: bareRead(url, sizes) }
    report([append, await compare({ ...common, name: 'read all', ...reading })], options)
  } finally {
    await server.close()
  }
}

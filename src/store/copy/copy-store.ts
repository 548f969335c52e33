import { orThrow } from '../../errors.js'
import type { EventStore, StoredEvent } from '../event-store.js'
import { readAhead } from '../read-ahead.js'
import { compareRoots } from './compare-roots.js'
import { refuseOther, type Sizes, sizesOf } from './compare-streams.js'
import { interruptible } from './interruptible.js'

export interface CopyOptions {
  readonly from: EventStore
  readonly to: EventStore
  readonly signal: AbortSignal
  readonly onProgress?: ((step: 'copying' | 'comparing', done: number, of: number) => void) | undefined
}

export interface Copied {
  /** streams and events of the source, all of which the target holds now */
  readonly streams: number
  readonly events: number
  /** events that this run wrote; the others stood there from one before */
  readonly copied: number
  /** Merkle roots that were worked out on both sides and are the same */
  readonly roots: number
}

const batchSize = 5_000

/** Position of the first event that the target lacks; undefined: it lacks none. */
const firstMissing = async (from: EventStore, source: Sizes, target: Sizes): Promise<number | undefined> => {
  let first: number | undefined
  for (const [stream, size] of source) {
    const next = target.get(stream) ?? 0
    if (next >= size) continue
    for await (const [event] of from.readStream(stream, { from: next, to: next })) {
      if (first === undefined || event!.position < first) first = event!.position
    }
  }
  return first
}

/** Neighbours of one stream, so that each run is one append. */
function* runsOf(events: readonly StoredEvent[]): Generator<readonly StoredEvent[]> {
  let begin = 0
  for (let at = 1; at <= events.length; at++) {
    if (at < events.length && events[at]!.stream === events[begin]!.stream) continue
    yield events.slice(begin, at)
    begin = at
  }
}

/** Writes from one store to the other in the order of the whole store, and answers how many events it wrote. */
const copyFrom = async (
  { from, to, onProgress }: Omit<CopyOptions, 'signal'>,
  position: number,
  last: number,
  target: Sizes,
): Promise<number> => {
  let copied = 0
  for await (const batch of readAhead(from.readAll({ from: position, to: last, batchSize }))) {
    for (const run of runsOf(batch)) {
      const missing = run.filter(({ stream, revision }) => revision >= (target.get(stream) ?? 0))
      const [first] = missing
      if (first === undefined) continue
      await orThrow(to.append(first.stream, missing, first.revision - 1))
      copied += missing.length
    }
    onProgress?.('copying', batch[batch.length - 1]!.position + 1, last + 1)
  }
  return copied
}

/**
 * Copies every stream of a store into another, byte by byte, in the order of the whole store, and then compares the
 * Merkle root of each stream. Killed, it goes on when it is run again. What is recorded in the source meanwhile is left
 * to a further run. Throws AppErrors: TARGET_DIFFERS (a target that holds anything else; names the first),
 * WRONG_REVISION (somebody writes to the target), CHECK_FAILED (a root differs), INTERRUPTED, and what the stores say.
 */
export const copyStore = async ({ signal, onProgress, ...stores }: CopyOptions): Promise<Copied> => {
  const from = interruptible(stores.from, signal)
  const to = interruptible(stores.to, signal)
  const last = await orThrow(from.head())
  const source = await sizesOf(from)
  const target = await sizesOf(to)
  await refuseOther(from, to, source, target)
  const begin = await firstMissing(from, source, target)
  const copied = begin === undefined ? 0 : await copyFrom({ from, to, onProgress }, begin, last, target)
  const sizes = await sizesOf(to)
  const roots = await compareRoots(from, to, sizes, (done, of) => onProgress?.('comparing', done, of))
  const events = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  return { streams: sizes.size, events, copied, roots }
}

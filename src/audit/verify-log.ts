import { appError, orThrow } from '../errors.js'
import type { EventStore } from '../store/event-store.js'
import { type CarriedRoot, type CheckedBatch, leafBytes } from './check-batch.js'
import { checkedBatches, type LogSource } from './checked-batches.js'
import type { Finding } from './finding.js'
import { Frontier } from './merkle.js'

/** The tree of a stream as somebody has signed it. `by` says who, for people. */
export interface SignedTree {
  readonly stream: string
  readonly size: number
  readonly root: string
  readonly by: string
}

export interface VerifyOptions extends LogSource {
  readonly signed: readonly SignedTree[]
  readonly signal?: AbortSignal
  /** in positions */
  readonly onProgress?: (done: number, of: number) => void
}

export interface VerifiedLog {
  readonly events: number
  readonly streams: number
  /** sizes and roots that were worked out again and held: those that events carry, and those that were signed */
  readonly roots: number
  readonly findings: readonly Finding[]
  /** streams whose events are each sound, and yet the tree is another: between which revisions */
  readonly differing: readonly Differing[]
}

export interface Differing {
  readonly stream: string
  /** revision of the first event that may be another, and of the one behind the last */
  readonly from: number
  readonly to: number
  readonly fault: string
}

interface Stream {
  readonly tree: Frontier
  /** the revision that is due; the size of the tree as long as none is missing */
  due: number
  /** how far the tree was last found right */
  sound: number
  /** true once a fault was named: the roots behind it can't be right and say nothing more */
  broken: boolean
  readonly signed: SignedTree[]
}

/** Findings that are told apart; a log that was written over has millions, which nobody reads. */
const mostFindings = 1_000

/**
 * Reads all events once, in order, and checks each by itself, each stream's revisions and tree, the positions, and every
 * size and root that an event carries or somebody has signed. Memory holds a frontier a stream. Throws INTERRUPTED and
 * what the store says.
 */
export const verifyLog = async (options: VerifyOptions): Promise<VerifiedLog> => {
  const { store, signed, signal, onProgress } = options
  const { position: last, streams: sizes } = await orThrow(store.sizes())
  const check = logCheck(signed, store.gapless)
  for await (const batch of checkedBatches(options, last)) {
    if (signal?.aborted === true) throw appError('INTERRUPTED', 'interrupted while verifying')
    check.take(batch)
    onProgress?.(check.nextPosition(), last + 1)
  }
  const log = check.finish(sizes)
  return { ...log, findings: await withIds(store, log.findings) }
}

/** Names the events that findings are of, which was not worth the while before there was one. */
const withIds = async (store: EventStore, findings: readonly Finding[]): Promise<readonly Finding[]> => {
  const nameless = findings.filter(({ id, revision }) => id === undefined && revision !== undefined)
  const places = nameless.flatMap(({ position }) => position ?? [])
  const ids = new Map((await orThrow(store.readEvents(places))).map(({ position, id }) => [position, id]))
  return findings.map((finding) => {
    const id = finding.id ?? ids.get(finding.position ?? -1)
    return id === undefined || !nameless.includes(finding) ? finding : { ...finding, id }
  })
}

/** Positions of a store that isn't gapless say the order and no more: there what was dropped shows by its stream's revisions. */
const logCheck = (signed: readonly SignedTree[], gapless: boolean) => {
  const streams = new Map<string, Stream>()
  const findings: Finding[] = []
  const differing: Differing[] = []
  let events = 0
  let roots = 0
  let nextPosition = 0
  for (const tree of signed) streamOf(tree.stream).signed.push(tree)

  function streamOf(name: string): Stream {
    const known = streams.get(name)
    if (known !== undefined) return known
    const made: Stream = { tree: new Frontier(), due: 0, sound: 0, broken: false, signed: [] }
    streams.set(name, made)
    return made
  }

  const find = (finding: Finding): void => {
    if (findings.length < mostFindings) findings.push(finding)
  }

  /** Compares the tree of a stream, as it stands, with what it should be. */
  const compare = (name: string, stream: Stream, size: number, root: string, by: string): void => {
    if (stream.broken) return
    if (stream.tree.size === size && stream.tree.root().toString('hex') === root) {
      stream.sound = size
      roots++
      return
    }
    stream.broken = true
    differing.push({
      stream: name,
      from: stream.sound,
      to: Math.min(size, stream.tree.size),
      fault: `the tree is not the one of ${by}`,
    })
  }

  const compareSigned = (name: string, stream: Stream): void => {
    for (const { size, root, by } of stream.signed) if (size === stream.tree.size) compare(name, stream, size, root, by)
  }

  const takeRoot = (name: string, position: number, { type, size, root }: CarriedRoot, stream: Stream): void =>
    compare(name, stream, size, root, `the ${type} at position ${position}`)

  const takePlace = (name: string, revision: number, position: number, stream: Stream): void => {
    if (gapless && position !== nextPosition) {
      const missing = position - nextPosition
      const which = missing === 1 ? `position ${nextPosition}` : `positions ${nextPosition} to ${position - 1}`
      find({ stream: name, position: nextPosition, fault: `no event stands at ${which}: dropped` })
    }
    nextPosition = position + 1
    const { due } = stream
    if (revision === due) return
    stream.broken = true
    stream.due = Math.max(due - 1, revision)
    const fault =
      revision > due
        ? `it stands where the event of revision ${due} is due: dropped, or out of order`
        : 'it stands behind events of higher revisions: out of order'
    find({ stream: name, revision, position, fault })
  }

  return {
    nextPosition: () => nextPosition,
    take: ({
      events: count,
      streams: names,
      stream: nameOf,
      revision,
      position,
      leaves,
      faults,
      roots: carried,
    }: CheckedBatch) => {
      const own = names.map(streamOf)
      for (let i = 0; i < count; i++) {
        const name = names[nameOf[i]!]!
        const stream = own[nameOf[i]!]!
        if (revision[i] === stream.due && position[i] === nextPosition) nextPosition++
        else takePlace(name, revision[i]!, position[i]!, stream)
        const root = carried.get(i)
        if (root !== undefined) takeRoot(name, position[i]!, root, stream)
        stream.due++
        stream.tree.append(leaves.subarray(i * leafBytes, (i + 1) * leafBytes))
        if (stream.signed.length > 0) compareSigned(name, stream)
      }
      for (const { place, id, fault } of faults) {
        find({ stream: names[nameOf[place]!]!, revision: revision[place]!, position: position[place]!, id, fault })
      }
      events += count
    },
    finish: (sizes: readonly { readonly stream: string; readonly size: number }[]): VerifiedLog => {
      for (const { stream, size } of sizes) {
        const found = streams.get(stream)?.due ?? 0
        if (found < size)
          find({ stream, fault: `it has ${size} revisions, but ${found} events in the order of the store` })
      }
      let inStore = 0
      for (const [name, stream] of streams) {
        const size = stream.due
        if (size > 0) inStore++
        const longest = stream.signed.reduce<SignedTree | undefined>(
          (most, tree) => (tree.size > (most?.size ?? size) ? tree : most),
          undefined,
        )
        if (longest === undefined) continue
        const gone = longest.size - size === 1 ? `event ${size} is` : `events ${size} to ${longest.size - 1} are`
        find({ stream: name, revision: size, fault: `it ends here, but ${gone} in ${longest.by}: cut off at the end` })
      }
      return { events, streams: inStore, roots, findings, differing }
    },
  }
}

import type { EventStore, StoredEvent } from '../store/event-store.js'
import { Frontier } from './merkle.js'

type Leaf = Pick<StoredEvent, 'stream' | 'revision' | 'sha256'>

export interface StreamRoots {
  /** Takes in events that were just appended, in order: what this process wrote itself is not read again for a root. */
  readonly take: (events: readonly Leaf[]) => void
  /** The tree over a stream as far as it is known here. */
  readonly known: (stream: string) => Frontier | undefined
  /** Size and root (hex) of the Merkle tree over a stream as it stands. Throws the store's AppErrors. */
  readonly rootOf: (stream: string) => Promise<{ readonly size: number; readonly root: string }>
}

/**
 * Roots of streams, each from a frontier that is kept once it is known: only what others wrote since is read, and hashes
 * alone, 32 bytes an event.
 */
export const streamRoots = (store: Pick<EventStore, 'readHashes'>): StreamRoots => {
  const trees = new Map<string, Frontier>()
  const treeOf = (stream: string): Frontier => {
    const known = trees.get(stream) ?? new Frontier()
    trees.set(stream, known)
    return known
  }
  return {
    take: (events) => {
      for (const { stream, revision, sha256 } of events) {
        const tree = treeOf(stream)
        // a gap is what others wrote: left to be read
        if (tree.size === revision) tree.append(sha256)
      }
    },
    known: (stream) => trees.get(stream),
    rootOf: async (stream) => {
      const tree = treeOf(stream)
      for await (const batch of store.readHashes(stream, { from: tree.size })) {
        for (const { revision, sha256 } of batch) if (revision === tree.size) tree.append(sha256)
      }
      return { size: tree.size, root: tree.root().toString('hex') }
    },
  }
}

import type { HashedRevision } from '../store/event-store.js'
import { hashLeaf, hashNode } from './merkle.js'

const width = 32

/** All nodes of a Merkle tree, level by level from the leaves up, 32 bytes each; 64 bytes an event together. */
export interface MerkleLevels {
  readonly size: number
  readonly root: () => Buffer
  /** The siblings on the way from a leaf to the root: RFC 9162, section 2.1.3.1. */
  readonly path: (revision: number) => readonly Buffer[]
}

const nodeAt = (level: Buffer, place: number): Buffer => level.subarray(place * width, (place + 1) * width)

/** The level above: pairs hashed together; a last node that has no other goes up as it is. */
const above = (level: Buffer): Buffer => {
  const count = level.length / width
  const next = Buffer.allocUnsafe(Math.ceil(count / 2) * width)
  for (let i = 0; i + 1 < count; i += 2) hashNode(nodeAt(level, i), nodeAt(level, i + 1)).copy(next, (i / 2) * width)
  if (count % 2 === 1) nodeAt(level, count - 1).copy(next, ((count - 1) / 2) * width)
  return next
}

/** For many proofs over one tree, each in microseconds once the tree stands. `leaves`: a stream's first `size` hashes. */
export const merkleLevels = async (
  leaves: AsyncIterable<readonly HashedRevision[]>,
  size: number,
): Promise<MerkleLevels> => {
  const bottom = Buffer.allocUnsafe(size * width)
  let read = 0
  for await (const batch of leaves) {
    for (const { sha256 } of batch) if (read < size) hashLeaf(sha256).copy(bottom, read++ * width)
  }
  if (read < size) throw new RangeError(`${read} leaves for a tree of ${size}`)
  const levels: Buffer[] = [bottom]
  while (levels.at(-1)!.length > width) levels.push(above(levels.at(-1)!))
  return {
    size,
    root: () => levels.at(-1)!,
    path: (revision) => {
      const siblings: Buffer[] = []
      let place = revision
      for (const level of levels.slice(0, -1)) {
        const sibling = place % 2 === 0 ? place + 1 : place - 1
        if (sibling * width < level.length) siblings.push(nodeAt(level, sibling))
        place = Math.floor(place / 2)
      }
      return siblings
    },
  }
}

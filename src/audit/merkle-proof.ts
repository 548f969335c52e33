import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type AppError, appError, attempt } from '../errors.js'
import type { HashedRevision } from '../store/event-store.js'
import { Frontier } from './merkle.js'

/** Leaves from `start` up to, not including, `end`. */
interface Range {
  readonly start: number
  readonly end: number
}

/** Where a tree of more than one leaf splits: the largest power of two below its size (section 2.1.1). */
const splitOf = ({ start, end }: Range): number => {
  let width = 1
  while (width * 2 < end - start) width *= 2
  return start + width
}

/** PATH of section 2.1.3.1: the siblings on the way from a leaf up to the root, as ranges of leaves. */
const inclusionRanges = (index: number, size: number): readonly Range[] => {
  const siblings: Range[] = []
  for (let tree: Range = { start: 0, end: size }; tree.end - tree.start > 1; ) {
    const split = splitOf(tree)
    const [lower, upper] = [
      { start: tree.start, end: split },
      { start: split, end: tree.end },
    ]
    siblings.push(index < split ? upper : lower)
    tree = index < split ? lower : upper
  }
  return siblings.reverse()
}

/** PROOF of section 2.1.4.1, as ranges of leaves. The old tree itself is left out when it is a subtree of the new. */
const consistencyRanges = (oldSize: number, size: number): readonly Range[] => {
  const ranges: Range[] = []
  let tree: Range = { start: 0, end: size }
  while (oldSize < tree.end) {
    const split = splitOf(tree)
    const [lower, upper] = [
      { start: tree.start, end: split },
      { start: split, end: tree.end },
    ]
    ranges.push(oldSize <= split ? upper : lower)
    tree = oldSize <= split ? lower : upper
  }
  if (tree.start > 0) ranges.push(tree)
  return ranges.reverse()
}

/** Roots of ranges that don't overlap, in one pass over the leaves and in constant memory. */
const rootsOf = (
  ranges: readonly Range[],
  leaves: AsyncIterable<readonly HashedRevision[]>,
): TaskEither<AppError, readonly Buffer[]> =>
  attempt(async () => {
    const open = ranges.map((range) => ({ ...range, tree: new Frontier() }))
    const inOrder = [...open].sort((a, b) => a.start - b.start)
    let at = 0
    for await (const batch of leaves) {
      for (const { revision, sha256 } of batch) {
        while (at < inOrder.length && revision >= inOrder[at]!.end) at++
        if (at < inOrder.length && revision >= inOrder[at]!.start) inOrder[at]!.tree.append(sha256)
      }
      if (at === inOrder.length) break
    }
    const short = open.find(({ start, end, tree }) => tree.size < end - start)
    if (short) {
      const { start, end, tree } = short
      const message = `Events ${start} to ${end - 1} should stand in the stream, but only ${tree.size} of them do.`
      throw appError('CHECK_FAILED', message, { start, end, found: tree.size })
    }
    return open.map(({ tree }) => tree.root())
  })

/**
 * Proof that the event at `revision` is in the stream's tree of its first `size` events. `leaves` from revision 0 on.
 * Failures: CHECK_FAILED when the stream is shorter than that. Throws on a revision outside the tree.
 */
export const proveInclusion = (
  leaves: AsyncIterable<readonly HashedRevision[]>,
  revision: number,
  size: number,
): TaskEither<AppError, readonly Buffer[]> => {
  if (revision < 0 || revision >= size) throw new RangeError(`no event ${revision} in a tree of ${size}`)
  return rootsOf(inclusionRanges(revision, size), leaves)
}

/** Proof that the stream's first `size` events begin with its first `oldSize`: nothing was changed or dropped between. */
export const proveConsistency = (
  leaves: AsyncIterable<readonly HashedRevision[]>,
  oldSize: number,
  size: number,
): TaskEither<AppError, readonly Buffer[]> => {
  if (oldSize < 0 || oldSize > size) throw new RangeError(`a tree of ${size} has no older tree of ${oldSize}`)
  return rootsOf(oldSize === 0 ? [] : consistencyRanges(oldSize, size), leaves)
}

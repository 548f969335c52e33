import { appError, orThrow, rightOrThrow } from '../errors.js'
import type { EventStore } from '../store/event-store.js'
import { type KeptHead, keepHead, keepMarks, markBytes, readKeptHead } from './kept-heads.js'
import { Frontier } from './merkle.js'
import { isCoveredBy, type StreamTree, signHead } from './signed-head.js'
import type { SigningKey } from './signing-key.js'

export interface HeadDeps {
  readonly store: Pick<EventStore, 'sizes' | 'readHashes'>
  /**
   * The tree of a stream that this process has written. One that is as large as the stream is not hashed again, which
   * took half a second behind an import of 200,000 contacts.
   */
  readonly known?: (stream: string) => Frontier | undefined
  readonly tenant: string
  /** see `headsFolder` */
  readonly folder: string
  readonly key: () => Promise<SigningKey>
  readonly now: () => string
}

/**
 * Signs what a tenant's streams are now and keeps it. Only hashes that were added since the head before are read; without
 * any, that head is answered. Throws CHECK_FAILED when the store holds less than what was signed before: such a head
 * would cover up a cut.
 */
export const makeHead = async (deps: HeadDeps): Promise<KeptHead> => {
  const { store, tenant, folder, key, now } = deps
  const before = await readKeptHead(folder, tenant)
  const { position, streams } = await orThrow(store.sizes())
  const covered = streams.filter(({ stream }) => isCoveredBy(tenant, stream))
  const known = new Map(before?.trees.map((tree) => [tree.stream, tree]))
  const trees: KeptHead['trees'] = []
  for (const { stream, size } of covered) trees.push(await grow(deps, stream, size, known.get(stream)))
  for (const { stream, size } of known.values()) {
    if (!covered.some((one) => one.stream === stream)) throw shorter(stream, size, 0)
  }
  const { publicKey } = await key()
  const isSame = before?.head.publicKey === publicKey && trees.every((tree) => tree === known.get(tree.stream))
  if (before !== undefined && isSame && trees.length === before.trees.length) return before
  const kept = { head: signHead(trees, { tenant, position, at: now() }, await key()), trees }
  await keepHead(folder, kept)
  return kept
}

const shorter = (stream: string, signed: number, found: number) =>
  appError(
    'CHECK_FAILED',
    `stream ${stream} has ${found} events, but ${signed} were signed: matchbook audit verify says what is missing`,
    { stream, signed, found },
  )

type Tree = StreamTree & { readonly frontier: string }

const treeAs = (stream: string, tree: Frontier): Tree => ({
  stream,
  size: tree.size,
  root: tree.root().toString('hex'),
  frontier: tree.serialise(),
})

const grow = async (
  { store, folder, known }: HeadDeps,
  stream: string,
  size: number,
  before: Tree | undefined,
): Promise<Tree> => {
  if (before?.size === size) return before
  if (before !== undefined && before.size > size) throw shorter(stream, before.size, size)
  const tree = before === undefined ? new Frontier() : restored(before)
  // only what was never signed: a tree that was read from the store may hold what was changed since it was
  const own = before === undefined ? known?.(stream) : undefined
  const whole = own?.size === size ? treeAs(stream, own) : undefined
  let next = tree.size
  for await (const batch of store.readHashes(stream, { from: next, to: size - 1 })) {
    const from = next
    const marks = Buffer.alloc(batch.length * markBytes)
    batch.forEach(({ revision, sha256 }, i) => {
      if (revision !== next) throw shorter(stream, revision + 1, next)
      if (whole === undefined) tree.append(sha256)
      sha256.copy(marks, i * markBytes, 0, markBytes)
      next++
    })
    await keepMarks(folder, stream, from, marks)
  }
  if (next !== size) throw shorter(stream, size, next)
  return whole ?? treeAs(stream, tree)
}

/** Throws CHECK_FAILED for a frontier that isn't the one of the root that was signed. */
const restored = ({ stream, size, root, frontier }: Tree): Frontier => {
  const tree = Frontier.restore(frontier)
  const isWhole = tree._tag === 'Right' && tree.right.size === size && tree.right.root().toString('hex') === root
  if (!isWhole) throw appError('CHECK_FAILED', `the kept head of stream ${stream} was changed`, { stream })
  return rightOrThrow(tree)
}

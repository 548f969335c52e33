import * as t from 'io-ts'
import { canonicalJson, type Json } from '../../events/canonical-json.js'
import { Count, Sha256, Tenant, Timestamp } from '../../events/primitives.js'
import { sha256 } from '../../events/sha256.js'
import { tenantOf } from '../../events/streams.js'
import { rightOrThrow } from '../errors.js'
import { Frontier } from './merkle.js'
import { proveInclusion } from './merkle-proof.js'
import { verifyInclusion } from './merkle-verify.js'
import { isSignedBy, type SigningKey } from './signing-key.js'

/** A stream's Merkle tree: how many events it has, and its root in hex. */
export const StreamTree = t.type({ stream: t.string, size: Count, root: Sha256 })
export type StreamTree = t.TypeOf<typeof StreamTree>

/**
 * What a tenant's history was at a position, signed: the root of a Merkle tree over the trees of its streams, and of those
 * that all tenants share, in the order of their names. So a head stays small however many lists there are, and one stream
 * is proved to be in it without naming the others.
 */
export const SignedHead = t.type({
  tenant: Tenant,
  /** the store's last event when it was made, −1: none */
  position: t.number,
  at: Timestamp,
  streams: Count,
  root: Sha256,
  publicKey: t.string,
  signature: t.string,
})
export type SignedHead = t.TypeOf<typeof SignedHead>

/** A head with all that it covers: what is handed to somebody outside. */
export const HeadFile = t.type({ head: SignedHead, trees: t.array(StreamTree) })
export type HeadFile = t.TypeOf<typeof HeadFile>

const leafOf = ({ stream, size, root }: StreamTree): Buffer => sha256(canonicalJson({ stream, size, root }))

const inOrder = (trees: readonly StreamTree[]): readonly StreamTree[] =>
  [...trees].sort((a, b) => (a.stream < b.stream ? -1 : 1))

const rootOver = (trees: readonly StreamTree[]): string => {
  const frontier = new Frontier()
  for (const tree of inOrder(trees)) frontier.append(leafOf(tree))
  return frontier.root().toString('hex')
}

/** The signature is over this text: the head without it, marked as what it is. */
const signedText = ({ signature: _, ...head }: Omit<SignedHead, 'signature'> & { readonly signature?: string }) =>
  canonicalJson({ ...head, kind: 'matchbook head' } as Json)

export const signHead = (
  trees: readonly StreamTree[],
  of: Pick<SignedHead, 'tenant' | 'position' | 'at'>,
  key: SigningKey,
): SignedHead => {
  const { tenant, position, at } = of
  const { publicKey } = key
  const head = { tenant, position, at, streams: trees.length, root: rootOver(trees), publicKey }
  return { ...head, signature: key.sign(signedText(head)) }
}

export const isSignedHead = (head: SignedHead): boolean => isSignedBy(head.publicKey, signedText(head), head.signature)

/** True when the trees are all that the head covers. */
export const coversTrees = ({ head, trees }: HeadFile): boolean =>
  head.streams === trees.length && head.root === rootOver(trees)

/** True for the streams that a tenant's head covers. */
export const isCoveredBy = (tenant: string, stream: string): boolean => {
  const owner = tenantOf(stream)
  return owner === undefined || owner === tenant
}

/** Where a stream's tree stands in a head, in hex. */
export const TreeProof = t.type({ tree: StreamTree, place: Count, path: t.array(Sha256) })
export type TreeProof = t.TypeOf<typeof TreeProof>

export const proveTree = async ({ trees }: HeadFile, stream: string): Promise<TreeProof> => {
  const sorted = inOrder(trees)
  const place = sorted.findIndex((tree) => tree.stream === stream)
  const leaves = async function* () {
    yield sorted.map((tree, revision) => ({ revision, sha256: leafOf(tree) }))
  }
  const path = rightOrThrow(await proveInclusion(leaves(), place, sorted.length)())
  return { tree: sorted[place]!, place, path: path.map((hash) => hash.toString('hex')) }
}

export const isTreeOf = (head: SignedHead, { tree, place, path }: TreeProof): boolean =>
  verifyInclusion({
    leaf: leafOf(tree),
    revision: place,
    size: head.streams,
    root: Buffer.from(head.root, 'hex'),
    proof: path.map((hash) => Buffer.from(hash, 'hex')),
  })

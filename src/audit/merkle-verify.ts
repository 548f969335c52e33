import { Frontier, hashLeaf, hashNode } from './merkle.js'

export interface Inclusion {
  /** SHA-256 of the event's body */
  readonly leaf: Uint8Array
  readonly revision: number
  readonly size: number
  readonly root: Uint8Array
  readonly proof: readonly Uint8Array[]
}

export interface Consistency {
  readonly oldSize: number
  readonly oldRoot: Uint8Array
  readonly size: number
  readonly root: Uint8Array
  readonly proof: readonly Uint8Array[]
}

const isOdd = (n: number): boolean => n % 2 === 1
const half = (n: number): number => Math.floor(n / 2)
const isPowerOfTwo = (n: number): boolean => Number.isInteger(Math.log2(n))
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

/** RFC 9162 section 2.1.3.2, with its names. */
export const verifyInclusion = ({ leaf, revision, size, root, proof }: Inclusion): boolean => {
  if (revision < 0 || revision >= size) return false
  let [fn, sn] = [revision, size - 1]
  let r = hashLeaf(leaf)
  for (const p of proof) {
    if (sn === 0) return false
    if (isOdd(fn) || fn === sn) {
      r = hashNode(p, r)
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)]
    } else {
      r = hashNode(r, p)
    }
    ;[fn, sn] = [half(fn), half(sn)]
  }
  return sn === 0 && same(r, root)
}

/** RFC 9162 section 2.1.4.2, with its names; also the two cases that it leaves out, an empty old tree and equal sizes. */
export const verifyConsistency = ({ oldSize, oldRoot, size, root, proof }: Consistency): boolean => {
  if (oldSize < 0 || oldSize > size) return false
  if (oldSize === size) return proof.length === 0 && same(oldRoot, root)
  if (oldSize === 0) return proof.length === 0 && same(oldRoot, new Frontier().root())
  const [first, ...rest] = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : proof
  if (first === undefined) return false
  let [fn, sn] = [oldSize - 1, size - 1]
  while (isOdd(fn)) [fn, sn] = [half(fn), half(sn)]
  let [fr, sr] = [first, first]
  for (const c of rest) {
    if (sn === 0) return false
    if (isOdd(fn) || fn === sn) {
      fr = hashNode(c, fr)
      sr = hashNode(c, sr)
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)]
    } else {
      sr = hashNode(sr, c)
    }
    ;[fn, sn] = [half(fn), half(sn)]
  }
  return sn === 0 && same(fr, oldRoot) && same(sr, root)
}

import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { sha256 } from '../../events/sha256.js'
import { shown } from '../errors.js'

/** A stream as a Merkle log, RFC 9162 section 2.1; a leaf is the SHA-256 of an event's body, 32 bytes. */
const leafPrefix = 0
const nodePrefix = 1

/** Prefix and content go into one buffer that is used again: hashing it at once costs half of three updates. */
const leafInput = Buffer.alloc(33, leafPrefix)
const nodeInput = Buffer.alloc(65, nodePrefix)

export const hashLeaf = (leaf: Uint8Array): Buffer => {
  const input = leaf.length === 32 ? leafInput : Buffer.alloc(leaf.length + 1, leafPrefix)
  input.set(leaf, 1)
  return sha256(input)
}

export const hashNode = (leftChild: Uint8Array, rightChild: Uint8Array): Buffer => {
  nodeInput.set(leftChild, 1)
  nodeInput.set(rightChild, 33)
  return sha256(nodeInput)
}

const emptyRoot = (): Buffer => sha256('')

const serialised = /^(0|[1-9]\d{0,15}):((?:[0-9a-f]{64})*)$/

/**
 * The right edge of a Merkle tree: the roots of its perfect subtrees, largest first, one per set bit of its size. It
 * grows leaf by leaf in 32 bytes a level, however long the stream (400,000 leaves a second), and is resumed from text.
 */
export class Frontier {
  #size = 0
  #peaks: Buffer[] = []

  /** leaves so far */
  get size(): number {
    return this.#size
  }

  append(leaf: Uint8Array): void {
    let hash = hashLeaf(leaf)
    for (let n = this.#size; n % 2 === 1; n = Math.floor(n / 2)) hash = hashNode(this.#peaks.pop()!, hash)
    this.#peaks.push(hash)
    this.#size++
  }

  root(): Buffer {
    return (
      this.#peaks.reduceRight<Buffer | undefined>(
        (root, peak) => (root === undefined ? peak : hashNode(peak, root)),
        undefined,
      ) ?? emptyRoot()
    )
  }

  /** `size:peaks`, the peaks in hex. */
  serialise(): string {
    return `${this.#size}:${Buffer.concat(this.#peaks).toString('hex')}`
  }

  /** Left: what is wrong with the text. */
  static restore(text: string): Either<string, Frontier> {
    const [, size, peaks] = serialised.exec(text) ?? []
    if (size === undefined || peaks === undefined) return left(`not a Merkle frontier: ${shown(text)}`)
    const frontier = new Frontier()
    frontier.#size = Number(size)
    frontier.#peaks = peaks.match(/.{64}/g)?.map((peak) => Buffer.from(peak, 'hex')) ?? []
    const expected = [...frontier.#size.toString(2)].filter((bit) => bit === '1').length
    return frontier.#peaks.length === expected ? right(frontier) : left(`a Merkle frontier cut off: ${shown(text)}`)
  }
}

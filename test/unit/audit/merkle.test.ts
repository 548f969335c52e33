import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { Frontier } from '../../../src/audit/merkle.js'
import { proveConsistency, proveInclusion } from '../../../src/audit/merkle-proof.js'
import { verifyConsistency, verifyInclusion } from '../../../src/audit/merkle-verify.js'
import { orThrow } from '../../../src/errors.js'

const sha256 = (...parts: readonly Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest()
const leafAt = (i: number) => sha256(Buffer.from(`event ${i}`))
const leavesOf = (size: number) => Array.from({ length: size }, (_, i) => leafAt(i))

/** The definitions of RFC 9162, section 2.1, word for word: slow, recursive, over lists of leaves. */
const largestPowerBelow = (n: number): number => (n <= 2 ? 1 : 2 * largestPowerBelow(Math.ceil(n / 2)))
const mth = (d: readonly Buffer[]): Buffer => {
  if (d.length === 0) return sha256()
  if (d.length === 1) return sha256(Buffer.from([0]), d[0]!)
  const k = largestPowerBelow(d.length)
  return sha256(Buffer.from([1]), mth(d.slice(0, k)), mth(d.slice(k)))
}
const path = (m: number, d: readonly Buffer[]): readonly Buffer[] => {
  if (d.length === 1) return []
  const k = largestPowerBelow(d.length)
  return m < k ? [...path(m, d.slice(0, k)), mth(d.slice(k))] : [...path(m - k, d.slice(k)), mth(d.slice(0, k))]
}
const subproof = (m: number, d: readonly Buffer[], whole: 'whole' | 'part'): readonly Buffer[] => {
  if (m === d.length) return whole === 'whole' ? [] : [mth(d)]
  const k = largestPowerBelow(d.length)
  return m <= k
    ? [...subproof(m, d.slice(0, k), whole), mth(d.slice(k))]
    : [...subproof(m - k, d.slice(k), 'part'), mth(d.slice(0, k))]
}

const frontierOf = (leaves: readonly Buffer[]) => {
  const frontier = new Frontier()
  for (const leaf of leaves) frontier.append(leaf)
  return frontier
}

const restore = (text: string) => {
  const frontier = Frontier.restore(text)
  if (isLeft(frontier)) throw new Error(frontier.left)
  return frontier.right
}

/** As a store reads them: in batches of three. */
async function* read(leaves: readonly Buffer[]) {
  for (let i = 0; i < leaves.length; i += 3) {
    yield leaves.slice(i, i + 3).map((leaf, j) => ({ revision: i + j, sha256: leaf }))
  }
}

const flip = (bytes: Uint8Array, bit: number) => {
  const changed = Buffer.from(bytes)
  changed[bit >> 3]! ^= 1 << (bit & 7)
  return changed
}

const aSize = fc.integer({ min: 1, max: 140 })
const sizeAndOther = aSize.chain((size) => fc.tuple(fc.constant(size), fc.nat({ max: size - 1 })))

describe('the frontier of a Merkle tree', () => {
  test('given no leaves, then its root is the hash of nothing', () => {
    expect(new Frontier().root().toString('hex')).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    )
  })

  test('given leaves one by one, then its root is the definition’s at every size', () => {
    const leaves = leavesOf(300)
    const frontier = new Frontier()
    for (const [i, leaf] of leaves.entries()) {
      frontier.append(leaf)
      expect(frontier.size).toBe(i + 1)
      expect(frontier.root()).toEqual(mth(leaves.slice(0, i + 1)))
    }
  })

  test('given a frontier stored and restored anywhere, then it goes on to the same root', () => {
    fc.assert(
      fc.property(sizeAndOther, ([size, cut]) => {
        const leaves = leavesOf(size)
        const restored = restore(frontierOf(leaves.slice(0, cut)).serialise())
        for (const leaf of leaves.slice(cut)) restored.append(leaf)
        expect(restored.root()).toEqual(mth(leaves))
        expect(restored.serialise()).toBe(frontierOf(leaves).serialise())
      }),
    )
  })

  test.each([
    '',
    'x',
    '3',
    '-1:',
    '1.5:',
    '3:abcd',
    `3:${'ab'.repeat(32)}`,
    `1:${'AB'.repeat(32)}`,
    `01:${'ab'.repeat(32)}`,
  ])('given the text %j, then it is no frontier', (text) => {
    expect(isLeft(Frontier.restore(text))).toBe(true)
  })
})

describe('an inclusion proof', () => {
  test('given any event of any tree, then it is the definition’s, and it verifies', async () => {
    await fc.assert(
      fc.asyncProperty(sizeAndOther, async ([size, revision]) => {
        const leaves = leavesOf(size)
        const proof = await orThrow(proveInclusion(read(leaves), revision, size))
        expect(proof).toEqual(path(revision, leaves))
        expect(verifyInclusion({ leaf: leafAt(revision), revision, size, root: mth(leaves), proof })).toBe(true)
      }),
    )
  })

  test('given anything changed, then it does not verify', async () => {
    await fc.assert(
      fc.asyncProperty(sizeAndOther, fc.nat({ max: 255 }), fc.nat(), async ([size, revision], bit, pick) => {
        const leaves = leavesOf(size)
        const proof = path(revision, leaves)
        const truth = { leaf: leafAt(revision), revision, size, root: mth(leaves), proof }
        expect(verifyInclusion({ ...truth, leaf: flip(truth.leaf, bit) })).toBe(false)
        expect(verifyInclusion({ ...truth, root: flip(truth.root, bit) })).toBe(false)
        expect(verifyInclusion({ ...truth, proof: [...proof, truth.root] })).toBe(false)
        expect(verifyInclusion({ ...truth, revision: size })).toBe(false)
        if (size > 1) {
          const other = (revision + 1 + (pick % (size - 1))) % size
          expect(verifyInclusion({ ...truth, revision: other })).toBe(false)
          const at = pick % proof.length
          expect(verifyInclusion({ ...truth, proof: proof.with(at, flip(proof[at]!, bit)) })).toBe(false)
          expect(verifyInclusion({ ...truth, proof: proof.toSpliced(at, 1) })).toBe(false)
        }
      }),
    )
  })

  test('given a stream that was cut off, then there is no proof', async () => {
    const result = await proveInclusion(read(leavesOf(9)), 2, 10)()
    expect(result).toMatchObject({ left: { code: 'CHECK_FAILED', details: { end: 10, found: 1 } } })
  })
})

describe('a consistency proof', () => {
  test('given any older and newer tree, then it is the definition’s, and it verifies', async () => {
    await fc.assert(
      fc.asyncProperty(sizeAndOther, async ([size, older]) => {
        const leaves = leavesOf(size)
        for (const oldSize of [older, size]) {
          const proof = await orThrow(proveConsistency(read(leaves), oldSize, size))
          expect(proof).toEqual(oldSize === 0 ? [] : subproof(oldSize, leaves, 'whole'))
          const oldRoot = mth(leaves.slice(0, oldSize))
          expect(verifyConsistency({ oldSize, oldRoot, size, root: mth(leaves), proof })).toBe(true)
        }
      }),
    )
  })

  test('given an event of the old tree edited or dropped, then no proof that the new tree gives verifies', async () => {
    await fc.assert(
      fc.asyncProperty(sizeAndOther, fc.nat(), fc.boolean(), async ([size, older], pick, isDropped) => {
        fc.pre(older > 0)
        const leaves = leavesOf(size)
        const at = pick % older
        const changed = isDropped
          ? [...leaves.toSpliced(at, 1), leafAt(size)]
          : leaves.with(at, flip(leaves[at]!, pick % 256))
        const proof = await orThrow(proveConsistency(read(changed), older, size))
        const oldRoot = mth(leaves.slice(0, older))
        expect(verifyConsistency({ oldSize: older, oldRoot, size, root: mth(changed), proof })).toBe(false)
      }),
    )
  })

  test('given anything changed, then it does not verify', () => {
    fc.assert(
      fc.property(sizeAndOther, fc.nat({ max: 255 }), fc.nat(), ([size, oldSize], bit, pick) => {
        fc.pre(oldSize > 0)
        const leaves = leavesOf(size)
        const proof = subproof(oldSize, leaves, 'whole')
        const truth = { oldSize, oldRoot: mth(leaves.slice(0, oldSize)), size, root: mth(leaves), proof }
        const at = pick % proof.length
        expect(verifyConsistency(truth)).toBe(true)
        expect(verifyConsistency({ ...truth, oldRoot: flip(truth.oldRoot, bit) })).toBe(false)
        expect(verifyConsistency({ ...truth, root: flip(truth.root, bit) })).toBe(false)
        expect(verifyConsistency({ ...truth, proof: proof.with(at, flip(proof[at]!, bit)) })).toBe(false)
        expect(verifyConsistency({ ...truth, proof: proof.toSpliced(at, 1) })).toBe(false)
        expect(verifyConsistency({ ...truth, proof: [...proof, truth.root] })).toBe(false)
        expect(verifyConsistency({ ...truth, oldSize: size, size: oldSize })).toBe(false)
      }),
    )
  })
})

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { sha256 } from '../../../events/sha256.js'
import { headsFolder, readKeptHead, readMarks } from '../../../src/audit/kept-heads.js'
import { makeHead } from '../../../src/audit/make-head.js'
import { merkleLevels } from '../../../src/audit/merkle-levels.js'
import { verifyInclusion } from '../../../src/audit/merkle-verify.js'
import {
  coversTrees,
  type HeadFile,
  isSignedHead,
  isTreeOf,
  proveTree,
  type StreamTree,
  signHead,
} from '../../../src/audit/signed-head.js'
import { isSignedBy, keyIdOf, openSigningKey } from '../../../src/audit/signing-key.js'
import { streamRoots } from '../../../src/audit/stream-root.js'
import { verifyStore } from '../../../src/audit/verify-store.js'
import { orThrow } from '../../../src/errors.js'
import { memoryStore } from '../../../src/store/memory/memory-store.js'
import { someEvents } from '../../integration/store/some-events.js'

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'matchbook-heads-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

const hex = (text: string): string => sha256(text).toString('hex')
const of = { tenant: 'acme', position: 9, at: '2026-03-01T10:00:00.000Z' }
const treesOf = (count: number): StreamTree[] =>
  Array.from({ length: count }, (_, i) => ({ stream: `import-acme.${i}`, size: i + 1, root: hex(String(i)) }))

describe('the signing key', () => {
  it('is made once, for its owner alone, and a given one is taken instead', async () => {
    const dataDir = folder()
    const keys = await Promise.all([openSigningKey(dataDir), openSigningKey(dataDir), openSigningKey(dataDir)])
    expect(new Set(keys.map(({ keyId }) => keyId)).size).toBe(1)
    expect(statSync(join(dataDir, 'signing-key.pem')).mode & 0o777).toBe(0o600)
    const other = folder()
    const given = await openSigningKey(other, join(dataDir, 'signing-key.pem'))
    expect(given.keyId).toBe(keys[0]!.keyId)
    expect(keyIdOf(given.publicKey)).toBe(given.keyId)
  })

  it.each(['', 'no key', '-----BEGIN PRIVATE KEY-----\nMC4=\n-----END PRIVATE KEY-----\n'])(
    '%j is none: BAD_FILE',
    async (text) => {
      const file = join(folder(), 'key.pem')
      writeFileSync(file, text)
      await expect(openSigningKey('/nowhere', file)).rejects.toMatchObject({ code: 'BAD_FILE' })
    },
  )

  it('no changed character of text, key or signature passes', async () => {
    const { publicKey, sign } = await openSigningKey(folder())
    const text = 'what was written'
    const signature = sign(text)
    expect(isSignedBy(publicKey, text, signature)).toBe(true)
    const change = (value: string, at: number): string =>
      value.slice(0, at) + (value[at] === 'A' ? 'B' : 'A') + value.slice(at + 1)
    for (let at = 0; at < signature.length; at++) {
      expect(isSignedBy(publicKey, text, change(signature, at))).toBe(false)
    }
    for (let at = 0; at < text.length; at++) expect(isSignedBy(publicKey, change(text, at), signature)).toBe(false)
    for (const key of ['', 'AAAA', change(publicKey, 30)]) expect(isSignedBy(key, text, signature)).toBe(false)
  })
})

describe('a signed head', () => {
  it('covers its trees in any order, and proves each without naming the others', async () => {
    const key = await openSigningKey(folder())
    for (const count of [1, 2, 3, 8, 13]) {
      const trees = treesOf(count)
      const file: HeadFile = { head: signHead(trees, of, key), trees }
      expect(isSignedHead(file.head)).toBe(true)
      expect(coversTrees({ ...file, trees: [...trees].reverse() })).toBe(true)
      for (const { stream } of trees) {
        const proof = await proveTree(file, stream)
        expect(isTreeOf(file.head, proof)).toBe(true)
        expect(isTreeOf(file.head, { ...proof, tree: { ...proof.tree, size: 99 } })).toBe(false)
      }
    }
  })

  it('no field can be changed, and no tree', async () => {
    const key = await openSigningKey(folder())
    const trees = treesOf(3)
    const head = signHead(trees, of, key)
    const changes = { tenant: 'other', position: 10, at: '2026-03-01T10:00:00.001Z', streams: 4, root: hex('x') }
    for (const [field, value] of Object.entries(changes)) expect(isSignedHead({ ...head, [field]: value })).toBe(false)
    expect(coversTrees({ head, trees: trees.slice(1) })).toBe(false)
    expect(coversTrees({ head, trees: [...trees, ...trees.slice(2)] })).toBe(false)
    expect(coversTrees({ head, trees: trees.map((tree) => ({ ...tree, size: tree.size + 1 })) })).toBe(false)
  })
})

describe('the head of a store', () => {
  it('grows from the one before, leaves other tenants out, and is the same when nothing was written', async () => {
    const [store, dataDir] = [memoryStore(), folder()]
    const heads = headsFolder(dataDir, undefined)
    const key = await openSigningKey(dataDir)
    let clock = 0
    const make = () =>
      makeHead({
        ...{ store, tenant: 'acme', folder: heads, key: async () => key },
        now: () => new Date(Date.UTC(2026, 0, 1) + clock++).toISOString(),
      })
    const streams = ['matchbook-acme', 'import-acme.a', 'pid-registry', 'voterfile-FL', 'matchbook-other']
    for (const stream of streams) await orThrow(store.append(stream, someEvents(stream, 5), -1))
    const first = await make()
    expect(first.trees.map(({ stream }) => stream)).not.toContain('matchbook-other')
    expect(await make()).toEqual(first)
    await orThrow(store.append('matchbook-acme', someEvents('matchbook-acme', 4, 5), 4))
    const second = await make()
    expect(second.trees.find(({ stream }) => stream === 'matchbook-acme')).toMatchObject({ size: 9 })
    expect(await readKeptHead(heads, 'acme')).toEqual(second)
    // the same as without one before
    const anew = await makeHead({
      ...{ store, tenant: 'acme', folder: join(dataDir, 'anew'), key: async () => key },
      now: () => second.head.at,
    })
    expect(anew).toEqual(second)
    // and the same from trees that the process has kept itself
    const roots = streamRoots(store)
    for (const stream of streams) await roots.rootOf(stream)
    const known = await makeHead({
      ...{ store, tenant: 'acme', folder: join(dataDir, 'known'), key: async () => key },
      known: roots.known,
      now: () => second.head.at,
    })
    expect(known).toEqual(second)
    for (const stream of streams) {
      expect(await readMarks(join(dataDir, 'known'), stream)).toEqual(await readMarks(join(dataDir, 'anew'), stream))
    }
  })

  it('is told from one that was changed in the data folder', async () => {
    const [store, dataDir] = [memoryStore(), folder()]
    const heads = headsFolder(dataDir, undefined)
    const key = await openSigningKey(dataDir)
    await orThrow(store.append('matchbook-acme', someEvents('matchbook-acme', 3), -1))
    const deps = { store, tenant: 'acme', folder: heads, key: async () => key, now: () => of.at }
    await makeHead(deps)
    const file = join(heads, 'acme.json')
    const text = readFileSync(file, 'utf8')
    for (const [from, to] of [
      ['"size":3', '"size":2'],
      ['"position":2', '"position":1'],
    ] as const) {
      writeFileSync(file, text.replace(from, to))
      const { findings } = await verifyStore({ store, folder: heads, keyId: key.keyId })
      expect(findings.some(({ fault }) => fault.includes('it was changed'))).toBe(true)
    }
    writeFileSync(file, text)
    const { findings } = await verifyStore({ store, folder: heads, keyId: hex('another') })
    expect(findings[0]!.fault).toMatch(/signed by another key/)
  })
})

describe('many proofs of one tree', () => {
  it('are those of RFC 9162, for every leaf of every size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 70 }), async (size) => {
        const leaves = Array.from({ length: size }, (_, revision) => ({ revision, sha256: sha256(String(revision)) }))
        const batches = async function* () {
          for (let at = 0; at < size; at += 7) yield leaves.slice(at, at + 7)
        }
        const levels = await merkleLevels(batches(), size)
        for (const { revision, sha256: leaf } of leaves) {
          const proof = levels.path(revision)
          expect(verifyInclusion({ leaf, revision, size, root: levels.root(), proof })).toBe(true)
          expect(verifyInclusion({ leaf: sha256('x'), revision, size, root: levels.root(), proof })).toBe(false)
        }
      }),
      { numRuns: 40 },
    )
  })
})

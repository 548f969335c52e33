import { readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rightOrThrow } from '../../../src/errors.js'
import { artifactPath, indexPath } from '../../../src/voters/artifact.js'
import { buildIndex } from '../../../src/voters/build-index.js'
import { arraysOf, checksum, headBytes, indexFormat } from '../../../src/voters/index-layout.js'
import { loadIndex } from '../../../src/voters/load-index.js'
import { openIndex } from '../../../src/voters/open-index.js'
import { indexFromShared } from '../../../src/voters/shared-index.js'
import { newCase, published, sha256, tempFolder } from './published.js'

describe('an index file', () => {
  it('is refused when any byte of it is flipped or any part is missing', async () => {
    const given = newCase()
    const ref = await published(given, 300)
    const file = indexPath(given.dataDir, ref)
    const good = readFileSync(file)
    const copy = path.join(tempFolder(), 'copy.index')
    const loaded = loadIndex(file)
    if (loaded._tag === 'Left') throw loaded.left
    const used = arraysOf(loaded.right.index).filter(([, array]) => array.byteLength > 0)
    for (const [name, array] of used) {
      const bytes = Buffer.from(good)
      const at = array.byteOffset + (array.byteLength >> 1)
      bytes[at] = bytes[at]! ^ 0x40
      writeFileSync(copy, bytes)
      expect([name, loadIndex(copy)]).toMatchObject([name, { _tag: 'Left', left: { code: 'BAD_FILE' } }])
    }
    for (const at of [3, 9, 13, 17, 30, 100]) {
      const bytes = Buffer.from(good)
      bytes[at] = bytes[at]! ^ 0x01
      writeFileSync(copy, bytes)
      expect([at, loadIndex(copy)._tag]).toEqual([at, 'Left'])
    }
    for (const size of [0, 10, 63, 64, 1000, good.length - 1]) {
      writeFileSync(copy, good)
      truncateSync(copy, size)
      expect([size, loadIndex(copy)._tag]).toEqual([size, 'Left'])
    }
    expect(loadIndex(`${copy}.no`)).toMatchObject({ left: { code: 'FILE_NOT_FOUND' } })
  })

  it('is built anew from the artifact, byte for byte, when it is damaged or gone, and somebody is told', async () => {
    const given = newCase()
    const ref = await published(given, 2_000)
    const file = indexPath(given.dataDir, ref)
    const before = sha256(file)
    const notes: string[] = []
    truncateSync(file, statSync(file).size - 64)
    const { index, shared } = await openIndex(given.dataDir, ref, (text) => notes.push(text))
    expect(index).toMatchObject({ state: 'FL', voterFile: ref.voterFile, voters: 2_000 })
    expect(indexFromShared(shared)).toEqual(index)
    expect(sha256(file)).toBe(before)
    expect(notes).toHaveLength(1)
    rmSync(file)
    await openIndex(given.dataDir, ref, (text) => notes.push(text))
    expect([sha256(file), notes.length]).toEqual([before, 2])
    rmSync(file)
    rmSync(artifactPath(given.dataDir, ref))
    await expect(openIndex(given.dataDir, ref, () => undefined)).rejects.toMatchObject({ code: 'VOTER_FILE_NOT_FOUND' })
  })

  it('is refused with any one bit flipped but in bytes that nothing reads', async () => {
    const given = newCase()
    const file = indexPath(given.dataDir, await published(given, 300))
    const good = readFileSync(file)
    const copy = path.join(tempFolder(), 'copy.index')
    const arrays = arraysOf(rightOrThrow(loadIndex(file)).index).map(([, array]) => array)
    const isRead = (at: number): boolean => {
      if (at < headBytes) return at < 20 || (at >= 24 && at < 32)
      if (at < headBytes + good.readUInt32LE(12)) return true
      return arrays.some(({ byteOffset, byteLength }) => at >= byteOffset && at < byteOffset + byteLength)
    }
    const places = fc.sample(fc.record({ at: fc.nat(good.length - 1), bit: fc.nat(7) }), { numRuns: 400, seed: 2026 })
    const head = Array.from({ length: headBytes }, (_, at) => ({ at, bit: at % 8 }))
    for (const { at, bit } of [...head, ...places]) {
      const bytes = Buffer.from(good)
      bytes[at]! ^= 1 << bit
      writeFileSync(copy, bytes)
      expect([at, loadIndex(copy)._tag]).toEqual([at, isRead(at) ? 'Left' : 'Right'])
    }
  })

  it('is built anew, and why is said, whatever is wrong with it', async () => {
    const given = newCase()
    const ref = await published(given, 500)
    const file = indexPath(given.dataDir, ref)
    const good = readFileSync(file)
    const { index } = rightOrThrow(loadIndex(file))
    const flipIn = (name: string) => (bytes: Buffer) => {
      const array = arraysOf(index).find(([section]) => section === name)![1]
      bytes[array.byteOffset + (array.byteLength >> 1)]! ^= 0x10
      return bytes
    }
    const otherEngine = (bytes: Buffer): Buffer => {
      const directory = bytes.subarray(headBytes, headBytes + bytes.readUInt32LE(12))
      directory.write(directory.toString('latin1').replace(/"engine":"./, '"engine":"~'), 'latin1')
      bytes.writeUInt32LE(checksum(directory), 16)
      return bytes
    }
    const damages: readonly (readonly [why: RegExp, damage: (bytes: Buffer) => Buffer])[] = [
      [/it has another format$/, (bytes) => Buffer.from(bytes.fill(indexFormat + 1, 8, 9))],
      [/it was built by version ~/, otherEngine],
      [/it is no index$/, (bytes) => bytes.fill(0, 0, 8)],
      [/its directory is damaged$/, (bytes) => bytes.fill(0x20, headBytes + 5, headBytes + 9)],
      [/it is cut$/, (bytes) => bytes.subarray(0, bytes.length >> 1)],
      [/it is cut$/, () => Buffer.alloc(0)],
      [/section key.last_zip.entries is damaged$/, flipIn('key.last_zip.entries')],
      [/section records is damaged$/, flipIn('records')],
      [/section svids.bytes is damaged$/, flipIn('svids.bytes')],
      [/section vocabulary.last.slots is damaged$/, flipIn('vocabulary.last.slots')],
    ]
    for (const [why, damage] of damages) {
      writeFileSync(file, damage(Buffer.from(good)))
      const notes: string[] = []
      const opened = await openIndex(given.dataDir, ref, (text) => notes.push(text))
      expect(notes).toEqual([expect.stringMatching(why)])
      expect([why, readFileSync(file).equals(good)]).toEqual([why, true])
      expect([why, opened.index]).toEqual([why, index])
    }
  })

  it('is the same when two threads build it', async () => {
    const given = newCase()
    const ref = await published(given, 110_000)
    const { index } = await openIndex(given.dataDir, ref, () => undefined)
    const artifact = artifactPath(given.dataDir, ref)
    const spillDir = path.join(given.folder, 'spill')
    const { parts } = await buildIndex({ artifact, rows: ref.rows, columns: ref.columns, spillDir }, undefined)
    const alone = arraysOf({ ...parts, state: 'FL', voterFile: ref.voterFile })
    const together = arraysOf(index)
    expect(alone.map(([name]) => name)).toEqual(together.map(([name]) => name))
    alone.forEach(([name, array], i) => {
      const other = together[i]![1]
      const equal = Buffer.compare(
        new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
        new Uint8Array(other.buffer, other.byteOffset, other.byteLength),
      )
      expect([name, equal]).toEqual([name, 0])
    })
  })
})

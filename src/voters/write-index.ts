import { type FileHandle, open } from 'node:fs/promises'
import { engineVersion } from '../engine.js'
import { withFile } from '../file-failure.js'
import type { VoterIndex } from '../match/voter-index.js'
import {
  aligned,
  arraysOf,
  checksum,
  type Directory,
  headBytes,
  indexFormat,
  magic,
  type Section,
} from './index-layout.js'
import type { Codes } from './shared-arrays.js'

/** Most bytes of one write: Linux writes no more than 2 GiB at once. */
const writeBytes = 64 << 20

/** Writes an index and waits for the disk. Answers its bytes. Throws DISK_FULL. */
export const writeIndex = async (to: string, index: VoterIndex): Promise<number> =>
  withFile(to, async () => {
    const arrays = arraysOf(index)
    const directory = Buffer.from(JSON.stringify(directoryOf(index, arrays)))
    const start = aligned(headBytes + directory.length)
    const head = Buffer.alloc(start)
    const last = arrays.reduce((at, [, array]) => at + aligned(array.byteLength), start)
    head.write(magic, 0, 'latin1')
    head.writeUInt32LE(indexFormat, 8)
    head.writeUInt32LE(directory.length, 12)
    head.writeUInt32LE(checksum(directory), 16)
    head.writeDoubleLE(last, 24)
    directory.copy(head, headBytes)
    const handle = await open(to, 'w')
    try {
      await write(handle, head, 0)
      let at = start
      for (const [, array] of arrays) {
        await write(handle, bytesOf(array), at)
        at += aligned(array.byteLength)
      }
      await handle.truncate(last)
      await handle.datasync()
    } finally {
      await handle.close()
    }
    return last
  })

const bytesOf = (array: Codes): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength)

const directoryOf = (index: VoterIndex, arrays: readonly (readonly [string, Codes])[]): Directory => {
  let at = 0
  const sections = arrays.map(([name, array]): Section => {
    const section = {
      name,
      type: array.BYTES_PER_ELEMENT as Section['type'],
      length: array.length,
      at,
      checksum: checksum(bytesOf(array)),
    }
    at += aligned(array.byteLength)
    return section
  })
  const { state, voterFile, voters, extras } = index
  return { engine: engineVersion, state, voterFile, voters, extras: Object.keys(extras), sections }
}

const write = async (handle: FileHandle, bytes: Uint8Array, at: number): Promise<void> => {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, Math.min(writeBytes, bytes.length - done), at + done)
    done += bytesWritten
  }
}

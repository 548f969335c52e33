import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { withFile } from '../file-failure.js'
import { tallyUtf8, type Utf8Tally } from '../lists/csv/sniff-encoding.js'
import { refuseInterrupted } from './interruption.js'
import type { SourceFile } from './list-sources.js'

export interface Scan {
  readonly sha256: string
  readonly encoding: 'utf-8' | 'utf-16' | 'other'
  /** offset of the first byte that is no UTF-8, −1 when there is none; of no meaning in UTF-16 */
  readonly firstBroken: number
  readonly hasNul: boolean
  readonly hasStar: boolean
}

const blockBytes = 8 << 20

/** One pass over a file's bytes: its SHA-256, and what the reader must know before it starts. Some 1 GB/s. */
export const scanSource = async (source: SourceFile, signal: AbortSignal | undefined): Promise<Scan> =>
  withFile(source.path, async () => {
    const handle = await open(source.path, 'r')
    try {
      const hash = createHash('sha256')
      const buffer = Buffer.allocUnsafe(blockBytes + 4)
      const isText = source.kind === 'text'
      const tally = { characters: 0, broken: 0, firstBroken: -1 }
      let hasNul = false
      let hasStar = !isText
      let utf16 = false
      let kept = 0
      for (let at = 0; ; ) {
        refuseInterrupted(signal)
        const { bytesRead } = await handle.read(buffer, kept, blockBytes, at)
        if (bytesRead === 0) break
        hash.update(buffer.subarray(kept, kept + bytesRead))
        if (isText) {
          const block = buffer.subarray(0, kept + bytesRead)
          if (at === 0) utf16 = isUtf16(block)
          hasNul ||= block.includes(0)
          hasStar ||= block.includes(42)
          const whole = wholeCharacters(block)
          tallyBroken(tally, block.subarray(0, whole), at - kept)
          kept = block.copy(buffer, 0, whole)
        }
        at += bytesRead
      }
      tallyBroken(tally, buffer.subarray(0, kept), source.bytes - kept)
      const { firstBroken } = tally
      const encoding = utf16 ? 'utf-16' : firstBroken < 0 ? 'utf-8' : 'other'
      return { sha256: hash.digest('hex'), encoding, firstBroken, hasNul, hasStar }
    } finally {
      await handle.close()
    }
  })

/** Looks at single characters in the first block that has a broken one, and at nothing behind it. */
const tallyBroken = (tally: Utf8Tally, bytes: Buffer, offset: number): void => {
  if (tally.firstBroken < 0 && !isUtf8(bytes)) tallyUtf8(tally, bytes, offset)
}

export const isUtf16 = (head: Uint8Array): boolean =>
  (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)

/** How many bytes of the block stand before a UTF-8 character that the block's end may have cut. */
const wholeCharacters = (block: Uint8Array): number => {
  for (let back = 1; back <= 3 && back <= block.length; back++) {
    const byte = block[block.length - back]!
    if (byte < 0x80) return block.length
    if (byte >= 0xc0) return block.length - back
  }
  return block.length
}

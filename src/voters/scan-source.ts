import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { withFile } from '../file-failure.js'
import { refuseInterrupted } from './interruption.js'
import type { SourceFile } from './list-sources.js'

export interface Scan {
  readonly sha256: string
  readonly encoding: 'utf-8' | 'utf-16' | 'other'
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
      let utf8 = true
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
          utf8 &&= isUtf8(block.subarray(0, whole))
          kept = block.copy(buffer, 0, whole)
        }
        at += bytesRead
      }
      utf8 &&= isUtf8(buffer.subarray(0, kept))
      return { sha256: hash.digest('hex'), encoding: utf16 ? 'utf-16' : utf8 ? 'utf-8' : 'other', hasNul, hasStar }
    } finally {
      await handle.close()
    }
  })

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

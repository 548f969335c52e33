import { isUtf8 } from 'node:buffer'
import type { Encoding } from './text-decoder.js'

/**
 * The encoding that the head of a file shows: a byte-order mark; for UTF-16 without one, zeros in every other byte of
 * Latin text; otherwise UTF-8, until a byte that isn't.
 */
export const sniffEncoding = (head: Buffer): Encoding => {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  const sample = head.subarray(0, Math.min(4096, head.length) & ~1)
  let even = 0
  let odd = 0
  for (let i = 0; i < sample.length; i += 2) {
    if (sample[i] === 0) even++
    if (sample[i + 1] === 0) odd++
  }
  const most = sample.length * 0.35
  if (odd > most && even < odd / 10) return 'utf-16le'
  if (even > most && odd < even / 10) return 'utf-16be'
  return 'utf-8'
}

/** What a file that is not valid UTF-8 holds beyond ASCII. */
export interface Utf8Tally {
  /** whole UTF-8 characters */
  characters: number
  /** bytes that belong to none */
  broken: number
  /** offset in the file of the first of them, −1 when there is none */
  firstBroken: number
}

/** Adds bytes that begin and end between characters and stand at `offset` of the file. */
export const tallyUtf8 = (tally: Utf8Tally, bytes: Buffer, offset: number): void => {
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at]!
    if (byte < 0x80) {
      at++
      continue
    }
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
    if (byte >= 0xc2 && at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length))) {
      tally.characters++
      at += length
    } else {
      if (tally.firstBroken < 0) tally.firstBroken = offset + at
      tally.broken++
      at++
    }
  }
}

/**
 * A file is read in one encoding: with a byte-order mark or with more whole characters than broken bytes it is UTF-8 and
 * the broken ones are replaced by U+FFFD; otherwise windows-1252, which covers Latin-1.
 */
export const judgeBroken = (tally: Utf8Tally, head: Buffer): 'utf-8' | 'windows-1252' =>
  tally.characters > tally.broken || (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf)
    ? 'utf-8'
    : 'windows-1252'

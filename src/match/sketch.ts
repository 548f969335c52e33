import { finish } from './voter-index.js'

/**
 * Sixteen bits each of a phone and of an e-mail address, side by side in a voter's record: two that can't be alike show it
 * without either being read, and hardly any pair's are.
 */

const hashBytes = (bytes: Uint8Array, from: number, to: number): number => {
  let hash = 0x811c9dc5
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193)
  return finish(hash)
}

/** Eight bits for each half: of two phones that differ in one digit one half is the same. */
export const phoneSketch = (bytes: Uint8Array, from: number, to: number): number => {
  const middle = (from + to) >>> 1
  return (hashBytes(bytes, from, middle) & 0xff) | ((hashBytes(bytes, middle, to) & 0xff) << 8)
}

/** Of the user name, in front of the @. */
export const emailSketch = (bytes: Uint8Array, from: number, to: number): number => {
  let at = from
  while (at < to && bytes[at] !== 64) at++
  return hashBytes(bytes, from, at) & 0xffff
}

/** Phone in the lower half of the word. */
export const sketchWord = (phone: number, email: number): number => (phone | (email << 16)) >>> 0

export const mayBeNear = (a: number, b: number): boolean => ((a ^ b) & 0xff) === 0 || ((a ^ b) & 0xff00) === 0

export const mayBeSameUser = (a: number, b: number): boolean => (a ^ b) >>> 16 === 0

import { appError, type ErrorCode, isAppError } from '../errors.js'
import type { ScoredChunk } from '../match/scored-chunk.js'

/**
 * A scored chunk of one voter file as bytes, little-endian: persons, width and candidates as 32-bit numbers, then the
 * columns of 32 bits, of 16, of 8. The column `file` is left out: only who asked knows its place among the files.
 */
export const encodeAnswer = (chunk: ScoredChunk): Buffer =>
  Buffer.concat(
    [
      new Uint32Array([chunk.persons, chunk.width, chunk.row.length]),
      ...[chunk.found, chunk.starts, chunk.row, chunk.score],
      ...[chunk.outcome, chunk.reason, chunk.tier, chunk.levels],
    ].map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)),
  )

const head = 3

/** `file`: the place of the voter file among those of the run. Throws BAD_VALUE when the bytes aren't as many as they say. */
export const decodeAnswer = (bytes: Uint8Array, file: number): ScoredChunk => {
  const all = new Uint8Array(bytes).buffer
  const [persons = 0, width = 0, listed = 0] = all.byteLength < head * 4 ? [] : new Uint32Array(all, 0, head)
  const expected = 4 * (head + 2 * persons + 1 + listed) + 2 * listed + 2 * persons + listed * (1 + width)
  if (all.byteLength !== expected) {
    throw appError('BAD_VALUE', `an answer of matching has ${all.byteLength} bytes in the place of ${expected}`)
  }
  let at = head * 4
  const take = (length: number): number => (at += length) - length
  const found = new Uint32Array(all, take(4 * persons), persons)
  const starts = new Uint32Array(all, take(4 * (persons + 1)), persons + 1)
  const row = new Uint32Array(all, take(4 * listed), listed)
  const score = new Uint16Array(all, take(2 * listed), listed)
  const outcome = new Uint8Array(all, take(persons), persons)
  const reason = new Uint8Array(all, take(persons), persons)
  const tier = new Uint8Array(all, take(listed), listed)
  const levels = new Uint8Array(all, take(listed * width), listed * width)
  return {
    persons,
    width,
    outcome,
    reason,
    found,
    starts,
    file: new Uint8Array(listed).fill(file),
    row,
    tier,
    score,
    levels,
  }
}

/** What a worker answers in the place of a chunk that it could not decide: an expected failure's code, or a bug. */
interface Failure {
  readonly code: ErrorCode | null
  readonly message: string
}

export const encodeFailure = (error: unknown): string => {
  const { code, message }: Failure = isAppError(error)
    ? error
    : { code: null, message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  return JSON.stringify({ code, message })
}

/** The worker's failure as one of whoever asked. */
export const failureOf = (text: string): unknown => {
  const { code, message } = JSON.parse(text) as Failure
  return code === null ? new Error(`a match worker failed: ${message}`) : appError(code, message)
}

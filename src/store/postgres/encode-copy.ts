import type { EncodedEvent } from '../../../events/encode.js'

/** Signature, flags and extension length (PostgreSQL documentation, COPY, "Binary Format"). */
const header = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const trailer = Buffer.from([0xff, 0xff])
const chunkSize = 262_144
/** Bytes of a row without its three texts: the field count, eight lengths, three bigints, uuid, hash, time, rounded up. */
const fixedSize = 128
const columns = 8
/** timestamptz counts microseconds from 2000-01-01. */
const epoch = Date.UTC(2000, 0, 1)

/**
 * Events as rows of `store.event` in COPY's binary format, positions and revisions counted up from those given. Binary,
 * because the server takes 1 KB events 1.4 times as fast as text (150,000 a second against 105,000) and encoding costs
 * half (700,000 a second against 390,000).
 */
export function* encodeCopy(
  events: readonly EncodedEvent[],
  stream: string,
  firstPosition: number,
  firstRevision: number,
): Generator<Buffer, void, undefined> {
  const streamBytes = Buffer.from(stream)
  let chunk = Buffer.allocUnsafe(chunkSize)
  let at = header.copy(chunk)
  const bigint = (value: number): void => {
    at = chunk.writeInt32BE(8, at)
    at = chunk.writeInt32BE(Math.floor(value / 0x1_0000_0000), at)
    at = chunk.writeUInt32BE(value >>> 0, at)
  }
  const bytes = (value: Buffer): void => {
    at = chunk.writeInt32BE(value.length, at)
    at += value.copy(chunk, at)
  }
  const text = (value: string): void => {
    const length = chunk.write(value, at + 4)
    at = chunk.writeInt32BE(length, at) + length
  }
  for (let i = 0; i < events.length; i++) {
    const event = events[i]!
    // UTF-8 takes three bytes a UTF-16 unit at most.
    const room = fixedSize + streamBytes.length + 3 * (event.type.length + event.body.length)
    if (at + room > chunk.length) {
      yield chunk.subarray(0, at)
      chunk = Buffer.allocUnsafe(Math.max(chunkSize, room))
      at = 0
    }
    at = chunk.writeInt16BE(columns, at)
    bigint(firstPosition + i)
    bytes(streamBytes)
    bigint(firstRevision + i)
    at = chunk.writeInt32BE(16, at)
    at += chunk.write(event.id.replaceAll('-', ''), at, 'hex')
    text(event.type)
    text(event.body)
    bytes(event.sha256)
    bigint((Date.parse(event.recordedAt) - epoch) * 1000)
  }
  yield chunk.subarray(0, at)
  yield trailer
}

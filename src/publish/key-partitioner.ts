import type { ICustomPartitioner } from 'kafkajs'

const seed = 0x9747b28c
const factor = 0x5bd1e995

/** MurmurHash2 of 32 bits with the seed of Kafka's clients; `length` bytes count. */
const murmur2 = (bytes: Uint8Array, length: number): number => {
  const whole = length & ~3
  let hash = seed ^ length
  for (let i = 0; i < whole; i += 4) {
    const word = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)
    const mixed = Math.imul(word, factor)
    hash = Math.imul(hash, factor) ^ Math.imul(mixed ^ (mixed >>> 24), factor)
  }
  if (whole < length) {
    for (let i = whole; i < length; i++) hash ^= bytes[i]! << (8 * (i - whole))
    hash = Math.imul(hash, factor)
  }
  hash = Math.imul(hash ^ (hash >>> 13), factor)
  return hash ^ (hash >>> 15)
}

/**
 * The partition of a key as Kafka's own clients and the library's default have it. That one counts in numbers of 64 bits
 * made of objects: a tenth of what sending costs. For messages with a key.
 */
export const keyPartitioner: ICustomPartitioner = () => {
  const scratch = Buffer.allocUnsafe(1_024)
  const hashOf = (key: string): number => {
    // no character takes more than three bytes
    if (3 * key.length <= scratch.length) return murmur2(scratch, scratch.write(key))
    const bytes = Buffer.from(key)
    return murmur2(bytes, bytes.length)
  }
  return ({ partitionMetadata, message: { key } }) => (hashOf(String(key)) & 0x7fffffff) % partitionMetadata.length
}

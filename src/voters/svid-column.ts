import type { DuckDBDataChunk } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import { finish, hashText, type KeyIndex, rowOf, type Vocabulary } from '../match/voter-index.js'
import { bucketRows } from './key-index.js'
import { bytesOf, validityOf } from './raw-column.js'
import { sharedBytes, sharedWords } from './shared-arrays.js'

/** Rows that can't stay: without an SVID, or with one that a row before them has. */
export interface BadSvids {
  readonly missing: readonly number[]
  readonly repeated: readonly number[]
}

/** Every voter's SVID, as bytes: no string per voter. */
export class SvidColumn {
  #bytes = Buffer.allocUnsafe(1 << 16)
  readonly #offsets: Uint32Array
  readonly #hashes: Uint32Array
  #rows = 0

  constructor(rows: number) {
    this.#offsets = sharedWords(rows + 1)
    this.#hashes = new Uint32Array(rows)
  }

  /** Adds a chunk's rows: the SVIDs in column `at`. */
  add(chunk: DuckDBDataChunk, at: number): void {
    const count = chunk.rowCount
    const texts = duckdb.data_chunk_get_vector(chunk.chunk, at)
    const data = duckdb.vector_get_data(texts, count * 16)
    const lengths = new Uint32Array(data.buffer, data.byteOffset, count * 4)
    const valid = validityOf(texts, count)
    for (let i = 0; i < count; i++) {
      const isThere = valid === null || ((valid[i >>> 5]! >>> (i & 31)) & 1) === 1
      const length = isThere ? lengths[i * 4]! : 0
      const start = this.#offsets[this.#rows]!
      if (start + length > this.#bytes.length) this.#grow(start + length)
      this.#hashes[this.#rows] =
        length <= 12 ? this.#keepShort(data, i * 16 + 4, length, start) : this.#keepLong(data, i * 16, length, start)
      this.#offsets[++this.#rows] = start + length
    }
  }

  vocabulary(): Vocabulary {
    const bytes = sharedBytes(this.#bytes.subarray(0, this.#offsets[this.#rows]!))
    const none = sharedWords(0)
    return { size: this.#rows, bytes, offsets: this.#offsets, counts: none, slots: none }
  }

  key(): KeyIndex {
    return bucketRows(
      this.#hashes
        .map((hash, row) => (this.#offsets[row] === this.#offsets[row + 1] ? 0 : hash))
        .subarray(0, this.#rows),
    )
  }

  bad({ mask, starts, entries, rowBits }: KeyIndex): BadSvids {
    const missing: number[] = []
    const repeated: number[] = []
    for (let row = 0; row < this.#rows; row++) if (this.#offsets[row] === this.#offsets[row + 1]) missing.push(row)
    // Rows ascend within a bucket: the first of equal ones stays. What repeats another is not compared with again.
    const gone = new Set<number>()
    for (let bucket = 0; bucket <= mask; bucket++) {
      const start = starts[bucket]!
      const end = starts[bucket + 1]!
      for (let i = start + 1; i < end; i++) {
        const row = rowOf(entries[i]!, rowBits)
        const hash = this.#hashes[row]!
        for (let j = start; j < i; j++) {
          const other = rowOf(entries[j]!, rowBits)
          if (this.#hashes[other] !== hash || gone.has(other) || !this.#equal(row, other)) continue
          gone.add(row)
          repeated.push(row)
          break
        }
      }
    }
    return { missing, repeated: repeated.sort((a, b) => a - b) }
  }

  #equal(row: number, other: number): boolean {
    const bytes = this.#bytes
    const from = this.#offsets[other]!
    const text = bytes.subarray(this.#offsets[row]!, this.#offsets[row + 1]!)
    return bytes.compare(text, 0, text.length, from, this.#offsets[other + 1]!) === 0
  }

  /** The same hash as `hashText` of the text; texts that are not ASCII go through it. */
  #keepShort(data: Uint8Array, from: number, length: number, start: number): number {
    const bytes = this.#bytes
    let hash = 0x811c9dc5
    let high = 0
    for (let i = 0; i < length; i++) {
      const byte = data[from + i]!
      bytes[start + i] = byte
      high |= byte
      hash = Math.imul(hash ^ byte, 0x01000193)
    }
    return high < 128 ? finish(hash) : hashText(bytes.toString('utf8', start, start + length))
  }

  #keepLong(data: Uint8Array, at: number, length: number, start: number): number {
    this.#bytes.set(bytesOf(data, at, length), start)
    return hashText(this.#bytes.toString('utf8', start, start + length))
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, needed))
    this.#bytes.copy(larger)
    this.#bytes = larger
  }
}

import type { DuckDBDataChunk } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import { doubled } from './shared-arrays.js'

/**
 * One text column of the artifact, dictionary-encoded while it streams out of DuckDB: each row becomes the id of its raw
 * text, ids in order of first occurrence, 0 for null and ''. Only distinct texts ever become bytes or strings in JS.
 *
 * A DuckDB string is 16 bytes: length, then the text itself up to 12 bytes, else its first 4 bytes and a pointer. Rows are
 * told apart by (length, first 4 bytes, the other 8 bytes or DuckDB's own 64-bit hash of a longer text). So texts of up to
 * 12 bytes are compared exactly; two longer ones would have to agree in length, first 4 bytes and 64 hash bits to be taken
 * for one (below 1e-6 for ten million distinct texts of one length and prefix).
 */
export class RawColumn {
  /** raw id per row */
  readonly codes: Uint32Array
  #rows = 0
  #size = 0
  #words = new Uint32Array(4 * 1024)
  #slots = new Uint32Array(2048)
  #bytes = Buffer.allocUnsafe(1 << 14)
  #ends = new Uint32Array(1024)

  constructor(rows: number) {
    this.codes = new Uint32Array(rows)
  }

  /** distinct texts; ids are 1 to size */
  get size(): number {
    return this.#size
  }

  /** The raw text of an id; '' for 0. */
  text(id: number): string {
    return id === 0 ? '' : this.#bytes.toString('utf8', id === 1 ? 0 : this.#ends[id - 2]!, this.#ends[id - 1]!)
  }

  /** Adds a chunk's rows: the texts in column `at`, their hashes (UBIGINT) in column `at + 1`. */
  add(chunk: DuckDBDataChunk, at: number): void {
    const count = chunk.rowCount
    const texts = duckdb.data_chunk_get_vector(chunk.chunk, at)
    const data = duckdb.vector_get_data(texts, count * 16)
    const words = new Uint32Array(data.buffer, data.byteOffset, count * 4)
    // Half of the columns never hold a longer text: a view less per chunk for the garbage collector.
    let hashes: Uint32Array | undefined
    const valid = validityOf(texts, count)
    const { codes } = this
    let known = this.#words
    let slots = this.#slots
    let mask = slots.length - 1
    const start = this.#rows
    // Registers list households and towns together: the row before often has the same text.
    let lastLength = 0
    let lastA = 0
    let lastB = 0
    let lastC = 0
    let lastCode = 0
    for (let row = 0; row < count; row++) {
      if (valid !== null && ((valid[row >>> 5]! >>> (row & 31)) & 1) === 0) continue
      const w = row * 4
      const length = words[w]!
      if (length === 0) continue
      const a = words[w + 1]!
      let b: number
      let c: number
      if (length > 12) {
        hashes ??= hashesOf(chunk, at + 1)
        b = hashes[row * 2]!
        c = hashes[row * 2 + 1]!
      } else {
        b = words[w + 2]!
        c = words[w + 3]!
      }
      if (length === lastLength && a === lastA && b === lastB && c === lastC) {
        codes[start + row] = lastCode
        continue
      }
      for (let slot = mixWords(length, a, b, c) & mask; ; slot = (slot + 1) & mask) {
        const id = slots[slot]!
        if (id === 0) {
          slots[slot] = this.#learn(length, a, b, c)
          this.#keep(data, row * 16, length)
          codes[start + row] = lastCode = this.#size
          if (this.#size * 2 > slots.length) this.#widen()
          known = this.#words
          slots = this.#slots
          mask = slots.length - 1
          break
        }
        const k = (id - 1) * 4
        if (known[k] === length && known[k + 1] === a && known[k + 2] === b && known[k + 3] === c) {
          codes[start + row] = lastCode = id
          break
        }
      }
      lastLength = length
      lastA = a
      lastB = b
      lastC = c
    }
    this.#rows += count
  }

  #learn(length: number, a: number, b: number, c: number): number {
    const at = this.#size * 4
    if (at === this.#words.length) {
      this.#words = doubled(this.#words)
      this.#ends = doubled(this.#ends)
    }
    this.#words[at] = length
    this.#words[at + 1] = a
    this.#words[at + 2] = b
    this.#words[at + 3] = c
    return ++this.#size
  }

  #keep(data: Uint8Array, at: number, length: number): void {
    const start = this.#size === 1 ? 0 : this.#ends[this.#size - 2]!
    if (start + length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, start + length))
      this.#bytes.copy(larger, 0, 0, start)
      this.#bytes = larger
    }
    this.#bytes.set(bytesOf(data, at, length), start)
    this.#ends[this.#size - 1] = start + length
  }

  #widen(): void {
    const slots = new Uint32Array(this.#slots.length * 4)
    const mask = slots.length - 1
    const words = this.#words
    for (let id = 1; id <= this.#size; id++) {
      const k = (id - 1) * 4
      let slot = mixWords(words[k]!, words[k + 1]!, words[k + 2]!, words[k + 3]!) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = id
    }
    this.#slots = slots
  }
}

const mixWords = (length: number, a: number, b: number, c: number): number => {
  let h = Math.imul(a ^ Math.imul(length, 0xcc9e2d51), 0x1b873593)
  h = Math.imul((h ^ (h >>> 15)) + b, 0x85ebca6b)
  h = Math.imul((h ^ (h >>> 13)) + c, 0xc2b2ae35)
  return h ^ (h >>> 16)
}

const hashesOf = (chunk: DuckDBDataChunk, at: number): Uint32Array => {
  const data = duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk.chunk, at), chunk.rowCount * 8)
  return new Uint32Array(data.buffer, data.byteOffset, chunk.rowCount * 2)
}

type Vector = ReturnType<typeof duckdb.data_chunk_get_vector>

/** One bit per row, 0 for null; null when no row is. */
export const validityOf = (vector: Vector, count: number): Uint32Array | null => {
  const bits = duckdb.vector_get_validity(vector, Math.ceil(count / 64) * 8) as Uint8Array | null
  return bits === null ? null : new Uint32Array(bits.buffer, bits.byteOffset, Math.ceil(count / 32))
}

/** The bytes of the string at `data[at]`, valid as long as its chunk is. */
export const bytesOf = (data: Uint8Array, at: number, length: number): Uint8Array =>
  length <= 12
    ? data.subarray(at + 4, at + 4 + length)
    : duckdb.get_data_from_pointer(data.buffer as ArrayBuffer, data.byteOffset + at + 8, length)

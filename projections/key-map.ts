import type { Row } from './row-set.js'
import { type Table, typeOf } from './table.js'

const words = 4

/** The 32 hexadecimal digits of a UUID as four words, folded into `into`. */
const foldUuid = (text: string, into: Int32Array): void => {
  let word = 0
  let digits = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 45) continue
    word = (word << 4) | (code < 58 ? code - 48 : (code | 32) - 87)
    if ((++digits & 7) !== 0) continue
    const at = (digits >> 3) - 1
    into[at] = (Math.imul(into[at]!, 0x2c1b3c6d) + word) | 0
    word = 0
  }
}

const foldText = (text: string, into: Int32Array): void => {
  let a = 0x811c9dc5
  let b = 0x9747b28c
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    a = Math.imul(a ^ code, 0x01000193)
    b = Math.imul(b + code, 0x5bd1e995)
    b ^= b >>> 15
  }
  for (let at = 0; at < words; at++) {
    const mixed = Math.imul(at % 2 === 0 ? a : b, 0x85ebca6b + 2 * at) ^ (at % 2 === 0 ? b : a)
    into[at] = (Math.imul(into[at]!, 0x2c1b3c6d) + mixed) | 0
  }
}

/**
 * Keys of a table's rows → a number each, in 40 bytes a key: 128 bits stand for the key. A UUID goes in whole: keys that
 * end in one (`isExact`) are told apart as surely as the UUIDs, which are hashes themselves. Of other keys two may look
 * the same: what is found is to be looked at, what is not found is not there.
 */
export class KeyMap {
  readonly columns: readonly string[]
  readonly isExact: boolean
  readonly #uuid: readonly boolean[]
  readonly #key = new Int32Array(words)
  #slots = 1024
  #keys = new Int32Array(this.#slots * words)
  /** value + 1; 0: a free slot */
  #values = new Int32Array(this.#slots)
  #size = 0

  constructor(table: Table, columns: readonly string[]) {
    this.columns = columns
    this.#uuid = columns.map((column) => typeOf(table, column) === 'uuid')
    this.isExact = this.#uuid[columns.length - 1] === true
  }

  /** The key's number, −1 when it has none or a part of it is null. */
  get(row: Row): number {
    return this.#read(row) ? this.#values[this.#slot()]! - 1 : -1
  }

  /** Gives the key a number, from 0 to 2³¹ − 2. A key of which a part is null is not taken in, as nothing equals null. */
  set(row: Row, value: number): void {
    if (!this.#read(row)) return
    if (this.#size * 2 >= this.#slots) this.#grow()
    const slot = this.#slot()
    if (this.#values[slot] === 0) {
      this.#size++
      this.#keys.set(this.#key, slot * words)
    }
    this.#values[slot] = value + 1
  }

  #read(row: Row): boolean {
    this.#key.fill(0)
    for (let i = 0; i < this.columns.length; i++) {
      const value = row[this.columns[i]!]
      if (value === null || value === undefined) return false
      if (this.#uuid[i] === true) foldUuid(value as string, this.#key)
      else foldText(String(value), this.#key)
    }
    return true
  }

  /** The slot of the key that was read, or the free one where it belongs. */
  #slot(): number {
    const key = this.#key
    const keys = this.#keys
    const a = key[0]!
    const b = key[1]!
    const c = key[2]!
    const d = key[3]!
    let slot = Math.imul(a ^ Math.imul(b, 0x9e3779b1), 0x85ebca6b) >>> 0
    for (slot = (slot ^ (slot >>> 15)) & (this.#slots - 1); ; slot = (slot + 1) & (this.#slots - 1)) {
      if (this.#values[slot] === 0) return slot
      const at = slot * words
      if (keys[at] === a && keys[at + 1] === b && keys[at + 2] === c && keys[at + 3] === d) return slot
    }
  }

  #grow(): void {
    const [slots, keys, values] = [this.#slots, this.#keys, this.#values]
    const own = this.#key.slice()
    this.#slots = slots * 2
    this.#keys = new Int32Array(this.#slots * words)
    this.#values = new Int32Array(this.#slots)
    for (let slot = 0; slot < slots; slot++) {
      if (values[slot] === 0) continue
      this.#key.set(keys.subarray(slot * words, (slot + 1) * words))
      const to = this.#slot()
      this.#keys.set(this.#key, to * words)
      this.#values[to] = values[slot]!
    }
    this.#key.set(own)
  }
}

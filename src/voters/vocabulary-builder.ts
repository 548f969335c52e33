import { hashText, type Vocabulary } from '../match/voter-index.js'
import { type Codes, doubled, sharedBytes, sharedWords, sharedWordsOf } from './shared-arrays.js'

/**
 * Collects the distinct normalised texts of a column: ids from 1 in order of first occurrence. Keeps bytes, no strings: a
 * million phones take some 30 MB.
 */
export class VocabularyBuilder {
  #size = 0
  #bytes = Buffer.allocUnsafe(1 << 14)
  #offsets = new Uint32Array(1024)
  #hashes = new Uint32Array(1024)
  #slots = new Uint32Array(2048)

  get size(): number {
    return this.#size
  }

  /** The id of a text, new or known; 0 for ''. */
  intern(text: string): number {
    if (text === '') return 0
    const hash = hashText(text)
    const mask = this.#slots.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const id = this.#slots[slot]!
      if (id === 0) {
        const start = this.#offsets[this.#size]!
        return this.#add(slot, hash, start + this.#write(text, start))
      }
      if (this.#hashes[id] === hash && this.#isText(id, text)) return id
    }
  }

  /** The vocabulary over a column of its ids: counts are taken from the column. */
  build(column: Codes): Vocabulary {
    const size = this.#size
    const counts = sharedWords(size + 1)
    for (let row = 0; row < column.length; row++) counts[column[row]!]!++
    let slots = 2
    while (slots * 2 < size * 3) slots *= 2
    return { size, ...this.texts(), counts, slots: sharedWordsOf(this.#placed(slots)) }
  }

  /** The texts alone, in shared memory: nothing to look one up by. */
  texts(): Pick<Vocabulary, 'bytes' | 'offsets'> {
    return {
      bytes: sharedBytes(this.#bytes.subarray(0, this.#offsets[this.#size]!)),
      offsets: sharedWordsOf(this.#offsets.subarray(0, this.#size + 1)),
    }
  }

  #add(slot: number, hash: number, end: number): number {
    const id = ++this.#size
    if (id + 1 >= this.#offsets.length) {
      this.#offsets = doubled(this.#offsets)
      this.#hashes = doubled(this.#hashes)
    }
    this.#offsets[id] = end
    this.#hashes[id] = hash
    this.#slots[slot] = id
    if (id * 2 > this.#slots.length) this.#slots = this.#placed(this.#slots.length * 4)
    return id
  }

  #placed(length: number): Uint32Array<ArrayBuffer> {
    const slots = new Uint32Array(length)
    const mask = length - 1
    for (let id = 1; id <= this.#size; id++) {
      let slot = this.#hashes[id]! & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = id
    }
    return slots
  }

  /** Writes the text behind the last one kept and returns its length in bytes. */
  #write(text: string, at: number): number {
    const most = at + text.length * 3
    if (most > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, most))
      this.#bytes.copy(larger, 0, 0, at)
      this.#bytes = larger
    }
    const bytes = this.#bytes
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code > 127) return bytes.write(text, at, 'utf8')
      bytes[at + i] = code
    }
    return text.length
  }

  #isText(id: number, text: string): boolean {
    const from = this.#offsets[id - 1]!
    const to = this.#offsets[id]!
    const bytes = this.#bytes
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code > 127) return bytes.toString('utf8', from, to) === text
      if (bytes[from + i] !== code) return false
    }
    return to - from === text.length
  }
}

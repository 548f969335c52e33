import type { Vocabulary } from '../voter-index.js'
import { Memo } from './memo.js'
import {
  headLetters,
  headOf,
  isOneEdit,
  isPart,
  jaroWinkler,
  leastAlike,
  lettersIn,
  maybeAlike,
  maybePart,
} from './similarity.js'

/** A value as bytes, and what rules most others out without reading them. */
export interface Word {
  readonly bytes: Uint8Array
  readonly letters: number
  readonly head: number
}

export const wordOf = (bytes: Uint8Array): Word => ({
  bytes,
  letters: lettersIn(bytes, 0, bytes.length),
  head: headOf(bytes, 0, bytes.length),
})

/** How alike two values are, before what is special to their field. */
export const similar = { different: 0, jw87: 1, jw92: 2, oneEdit: 3 } as const

const shapesOf = ({ size, bytes, offsets }: Vocabulary): Uint32Array => {
  const shapes = new Uint32Array((size + 1) * 2)
  for (let id = 1; id <= size; id++) {
    shapes[id * 2] = lettersIn(bytes, offsets[id - 1]!, offsets[id]!)
    shapes[id * 2 + 1] = headOf(bytes, offsets[id - 1]!, offsets[id]!)
  }
  return shapes
}

/** The texts of a vocabulary beside one word: the contact's, which is taken first. */
export class Names {
  readonly #vocabulary: Vocabulary
  /** two words a text: which letters are in it, and how it begins */
  readonly #shapes: Uint32Array
  /** of those that are looked at closely */
  readonly #memo = new Memo()
  #bytes: Uint8Array = new Uint8Array(0)
  #letters = 0
  #head = 0

  constructor(vocabulary: Vocabulary, shapes = shapesOf(vocabulary)) {
    this.#vocabulary = vocabulary
    this.#shapes = shapes
  }

  /** The same texts, to stand beside another word at the same time. */
  forAnotherWord(): Names {
    return new Names(this.#vocabulary, this.#shapes)
  }

  take({ bytes, letters, head }: Word): void {
    this.#bytes = bytes
    this.#letters = letters
    this.#head = head
    this.#memo.clear()
  }

  length(id: number): number {
    return this.#shapes[id * 2 + 1]! >>> 24
  }

  /** First byte. */
  initial(id: number): number {
    return (this.#shapes[id * 2 + 1]! >>> 16) & 0xff
  }

  /** True when they begin with the same three letters. */
  beginsAlike(id: number): boolean {
    const head = this.#shapes[id * 2 + 1]!
    return ((head ^ this.#head) & 0xffffff) === 0 && head >>> 24 >= headLetters && this.#head >>> 24 >= headLetters
  }

  /** How alike the word and a text are, which are not equal; see `similar`. */
  similarity(id: number): number {
    if (!maybeAlike(this.#letters, this.#head, this.#shapes[id * 2]!, this.#shapes[id * 2 + 1]!))
      return similar.different
    const known = this.#memo.get(id)
    return known >= 0 ? known : this.#memo.set(id, this.#lookCloser(id))
  }

  #lookCloser(id: number): number {
    const { bytes, offsets } = this.#vocabulary
    const ours = this.#bytes
    const start = offsets[id - 1]!
    const end = offsets[id]!
    if (isOneEdit(ours, 0, ours.length, bytes, start, end)) return similar.oneEdit
    const jw = jaroWinkler(ours, 0, ours.length, bytes, start, end)
    return jw >= 0.92 ? similar.jw92 : jw >= leastAlike ? similar.jw87 : similar.different
  }

  /** True when one is the beginning or the end of the other. */
  isPart(id: number): boolean {
    if (!maybePart(this.#letters, this.#head, this.#shapes[id * 2]!, this.#shapes[id * 2 + 1]!)) return false
    const { bytes, offsets } = this.#vocabulary
    return isPart(this.#bytes, 0, this.#bytes.length, bytes, offsets[id - 1]!, offsets[id]!)
  }
}

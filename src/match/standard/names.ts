import type { Vocabulary } from '../voter-index.js'
import { headOf, isOneEdit, isPart, jaroWinkler, leastAlike, lettersIn, maybeAlike, maybePart } from './similarity.js'

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

/** A vocabulary and, two words for each of its texts, which letters are in it and how it begins. */
export interface Names {
  readonly vocabulary: Vocabulary
  readonly shapes: Uint32Array
}

export const namesOf = (vocabulary: Vocabulary): Names => {
  const { size, bytes, offsets } = vocabulary
  const shapes = new Uint32Array((size + 1) * 2)
  for (let id = 1; id <= size; id++) {
    shapes[id * 2] = lettersIn(bytes, offsets[id - 1]!, offsets[id]!)
    shapes[id * 2 + 1] = headOf(bytes, offsets[id - 1]!, offsets[id]!)
  }
  return { vocabulary, shapes }
}

/** Levels of one name value against another: the same for first and last names, before what is special to each. */
export const similar = { different: 0, jw87: 1, jw92: 2, oneEdit: 3 } as const

export const similarity = ({ bytes, letters, head }: Word, { vocabulary: v, shapes }: Names, id: number): number => {
  if (!maybeAlike(letters, head, shapes[id * 2]!, shapes[id * 2 + 1]!)) return similar.different
  const start = v.offsets[id - 1]!
  const end = v.offsets[id]!
  if (isOneEdit(bytes, 0, bytes.length, v.bytes, start, end)) return similar.oneEdit
  const jw = jaroWinkler(bytes, 0, bytes.length, v.bytes, start, end)
  return jw >= 0.92 ? similar.jw92 : jw >= leastAlike ? similar.jw87 : similar.different
}

/** True when one is the beginning or the end of the other. */
export const isPartOf = ({ bytes, letters, head }: Word, { vocabulary: v, shapes }: Names, id: number): boolean =>
  maybePart(letters, head, shapes[id * 2]!, shapes[id * 2 + 1]!) &&
  isPart(bytes, 0, bytes.length, v.bytes, v.offsets[id - 1]!, v.offsets[id]!)

import type { RawColumn } from './raw-column.js'
import { type Codes, sharedCodes } from './shared-arrays.js'
import type { VocabularyBuilder } from './vocabulary-builder.js'

/** Vocabulary ids by raw id: each distinct raw text is normalised once, however many voters have it. */
export const normaliseTexts = (
  raw: RawColumn,
  value: (text: string) => string,
  vocabulary: VocabularyBuilder,
): Uint32Array => {
  const ids = new Uint32Array(raw.size + 1)
  for (let id = 1; id <= raw.size; id++) ids[id] = vocabulary.intern(value(raw.text(id)))
  return ids
}

/** The voters' column of vocabulary ids, up to `largest`, from their raw ids. */
export const remap = (codes: Uint32Array, ids: Uint32Array, largest: number): Codes => {
  const column = sharedCodes(codes.length, largest)
  for (let row = 0; row < codes.length; row++) column[row] = ids[codes[row]!]!
  return column
}

import { type NameParts, parsePersons } from './name-parts.js'
import { placeholderNames } from './name-words.js'
import { foldText } from './text.js'

export { normaliseSuffix, splitSuffix } from './name-suffix.js'

const notAsciiNameCharacters = /[^A-Z0-9]+/g
const notNameCharacters = /[^\p{L}\p{M}\p{N}]+/gu

/** 0: already a key; 1: ASCII that needs work; 2: other characters. */
const classify = (s: string): 0 | 1 | 2 => {
  let found: 0 | 1 = 0
  for (let i = 0; i < s.length; i++) {
    const code = s.charCodeAt(i)
    if (code > 0x7e) return 2
    if (!((code > 64 && code < 91) || (code > 47 && code < 58))) found = 1
  }
  return found
}

/**
 * What names are compared by: folded, letters and digits only ('O’Brien-Smith' is OBRIENSMITH, 'de la Cruz' DELACRUZ).
 * Letters of other scripts stay. Idempotent.
 */
export const nameKey = (s: string): string => {
  const kind = classify(s)
  if (kind === 0) return s
  if (kind === 1) return s.toUpperCase().replace(notAsciiNameCharacters, '')
  const folded = foldText(s)
  // Without what stood between them, combining marks of other scripts may have to change places.
  return folded.replace(notNameCharacters, '').normalize('NFKD')
}

const notApplicable = /^\s*n\s*[/.\\]\s*a\s*\.?\s*$/i
/** Three of one letter or more, XX or ZZ; other pairs are initials. */
const oneLetterOnly = /^(?!III$)(?:(\p{L})\1{2,}|XX|ZZ)$/u
const anything = /[\p{L}\p{N}]/u

/**
 * True for what stands in a name field instead of a name: UNKNOWN, N/A, INMATE, RESIDENT …, one letter repeated,
 * or punctuation alone. `NA` without a slash is a surname; so is a name that only contains such a word.
 */
export const isPlaceholderName = (s: string): boolean => {
  if (s === '') return false
  const key = nameKey(s)
  if (placeholderNames.has(key)) return true
  if (key.length > 1 && key.charCodeAt(0) === key.charCodeAt(1) && oneLetterOnly.test(key)) return true
  return key === '' ? !anything.test(s) : notApplicable.test(s)
}

/** The persons that one name field speaks of, in its order; none for an empty field. */
export interface ParsedNames {
  readonly persons: readonly NameParts[]
}

/**
 * Reads a full name: 'First M. Last III', 'Last, First Middle Jr.', with titles, particles (de la, van der, St.), nicknames
 * in quotes or brackets, degrees (dropped), and two people in one field ('John & Mary Smith', 'Smith, John and Mary').
 * The parts are as written, '' when absent; the suffix is JR, SR, II, III, IV or V. One name alone is a first name, or the
 * last name behind a title. Never throws.
 */
export const parseFullName = (s: string): ParsedNames => ({ persons: parsePersons(s) })

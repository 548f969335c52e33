/** Letters that Unicode does not decompose, as the US Postal Service and voter registers transliterate them. */
const letters: Readonly<Record<string, string>> = {
  ß: 'SS',
  ẞ: 'SS',
  Æ: 'AE',
  Œ: 'OE',
  Ø: 'O',
  Ł: 'L',
  Đ: 'D',
  Ð: 'D',
  Þ: 'TH',
  Ħ: 'H',
  Ŧ: 'T',
  Ŋ: 'N',
  ĸ: 'K',
  ı: 'I',
  Ɖ: 'D',
  Ə: 'A',
}

const singleQuotes = /[`´ʹʻʼʽˈˊˋ‘’‚‛′‵＇]/g
const doubleQuotes = /[“”„‟″«»＂]/g
const dashes = /[‐‑‒–—―−⁃﹘﹣－]/g
const vulgarFractions = /[¼-¾⅐-⅞]/g
const invisible = /[\u00ad\u180e\u200b-\u200f\u2060\ufeff]/g
/** Accents of Latin, Greek and Cyrillic. Vowel signs of other scripts are spelling, not decoration, and stay. */
const accents = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]/g
const undecomposed = new RegExp(`[${Object.keys(letters).join('')}]`, 'g')
const blanks = /[\s\u0000-\u001f\u007f-\u009f]+/g

const straighten = (s: string): string => s.replace(singleQuotes, "'").replace(doubleQuotes, '"').replace(dashes, '-')

/** Straightened twice: NFKD makes blanks of some quotes, and dashes of what was none before. */
const foldSlowly = (s: string): string => {
  const decomposed = straighten(s)
    .replace(vulgarFractions, ' $&')
    .replace(invisible, '')
    .toUpperCase()
    .normalize('NFKD')
    .replace(accents, '')
    .replace(/⁄/g, '/')
    .toUpperCase()
    .replace(undecomposed, (letter) => letters[letter]!)
  return straighten(decomposed).replace(blanks, ' ').trim()
}

const latin = 0x180
/** Fold of each character below U+0180, which covers ASCII and the Latin of European and Spanish names. */
const latinFold: readonly string[] = Array.from({ length: latin }, (_, code) => {
  const folded = foldSlowly(`x${String.fromCharCode(code)}x`)
  return folded.slice(1, -1)
})

const foldLatin = (s: string): string | undefined => {
  let folded = ''
  let last = 32
  for (let i = 0; i < s.length; i++) {
    const code = s.charCodeAt(i)
    if (code >= latin) return undefined
    const next = latinFold[code]!
    if (next === '') continue
    folded += last === 32 && next.charCodeAt(0) === 32 ? next.slice(1) : next
    last = next.charCodeAt(next.length - 1)
  }
  return last === 32 ? folded.trimEnd() : folded
}

/** True when the text is ASCII, upper case, trimmed, without control characters or two blanks in a row. */
const isFolded = (s: string): boolean => {
  let before = 0x20
  for (let i = 0; i < s.length; i++) {
    const code = s.charCodeAt(i)
    if (code < 0x20 || code > 0x7e || code === 0x60 || (code > 0x60 && code < 0x7b)) return false
    if (code === 0x20 && before === 0x20) return false
    before = code
  }
  return before !== 0x20 || s.length === 0
}

/**
 * The text in upper case without accents (NFKD; ß to SS, Æ to AE, Ø to O, Ł to L …), typographic quotes and dashes as
 * ASCII, fractions such as ½ as ` 1/2`, white space collapsed and trimmed. Idempotent. Letters of other scripts stay.
 */
export const foldText = (s: string): string => {
  if (isFolded(s)) return s
  return foldLatin(s) ?? foldSlowly(s)
}

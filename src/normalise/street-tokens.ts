import { foldText } from './text.js'

const isDigit = (code: number): boolean => code > 47 && code < 58
/** Any character that is no ASCII punctuation: letters of all scripts. */
const isLetter = (code: number): boolean => (code > 64 && code < 91) || code > 126

/** True when the token is digits alone. */
export const isNumber = (token: string): boolean => {
  for (let i = 0; i < token.length; i++) if (!isDigit(token.charCodeAt(i))) return false
  return token !== ''
}

/** True when the token is like the number of a unit: with a digit but no ordinal, or one letter. */
export const isUnitId = (token: string): boolean => {
  if (token.length === 1) return token !== '#' && token !== '&'
  let digits = false
  for (let i = 0; i < token.length; i++) if (isDigit(token.charCodeAt(i))) digits = true
  return digits && !isOrdinal(token)
}

const endings: ReadonlySet<string> = new Set(['ST', 'ND', 'RD', 'TH'])

/** True for 1ST, 2ND, 3RD, 14TH …, also with the wrong ending. */
export const isOrdinal = (token: string): boolean =>
  token.length > 2 && endings.has(token.slice(-2)) && isNumber(token.slice(0, -2))

/** Words that are parted from a number written against them: APT5, US1, POBOX12. */
const glued: ReadonlySet<string> = new Set(
  `APT STE SUITE UNIT LOT BLDG TRLR RM SPC PH FL NO DEPT PMB BOX POBOX POB PO RR HC US SR CR HWY RT RTE FM I IH SH`.split(
    ' ',
  ),
)

const push = (tokens: string[], text: string, start: number, end: number): void => {
  if (start === end) return
  const token = text.slice(start, end)
  let letters = 0
  while (letters < token.length && isLetter(token.charCodeAt(letters))) letters++
  if (letters > 0 && letters < token.length && glued.has(token.slice(0, letters))) {
    tokens.push(token.slice(0, letters), token.slice(letters))
  } else tokens.push(token)
}

/** True for the period of N.E. or U.S.: between single letters, which it joins. */
const joinsLetters = (text: string, at: number): boolean =>
  isLetter(text.charCodeAt(at - 1)) &&
  !isLetter(text.charCodeAt(at - 2)) &&
  isLetter(text.charCodeAt(at + 1)) &&
  !isLetter(text.charCodeAt(at + 2))

/** No street line is longer; the rest of a longer text is not read. */
const longest = 500

/**
 * The words of a street line: folded, apostrophes and periods dropped (N.E. is NE, ST.JOHNS two words), hyphens, slashes and
 * decimal points kept only between digits, # a word of its own, a number parted from the designator before it.
 */
export const streetTokens = (line: string): string[] => {
  const text = foldText(line.length > longest ? line.slice(0, longest) : line)
  const cleaned = needsCleaning(text) ? clean(text) : text
  const tokens: string[] = []
  let start = 0
  for (let i = 0; i < cleaned.length; i++) {
    if (cleaned.charCodeAt(i) !== 32) continue
    push(tokens, cleaned, start, i)
    start = i + 1
  }
  push(tokens, cleaned, start, cleaned.length)
  return tokens
}

const needsCleaning = (text: string): boolean => {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code !== 32 && !isDigit(code) && !isLetter(code)) return true
  }
  return false
}

/** Letters, digits and single characters that mean something; everything else a blank or nothing. */
const clean = (text: string): string => {
  let cleaned = ''
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (isDigit(code) || isLetter(code)) cleaned += text[i]
    else if (code === 39) continue
    else if (code === 35) cleaned += ' # '
    else if (code === 38) cleaned += ' AND '
    else if (code === 46 && joinsLetters(text, i)) continue
    else if (
      (code === 45 || code === 46 || code === 47) &&
      isDigit(text.charCodeAt(i - 1)) &&
      isDigit(text.charCodeAt(i + 1))
    )
      cleaned += text[i]
    else cleaned += ' '
  }
  return cleaned
}

import { isTens, ordinalEnding, ordinalOf } from './ordinals.js'
import { suffixOf } from './street-suffixes.js'
import { isNumber } from './street-tokens.js'

/** Joins what belongs together: U S, A 1 A, S R 60, TWENTY FIRST, 17 TH; ordinal words become numbers. */
export const joinWords = (tokens: string[]): void => {
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!
    const next = tokens[i + 1]
    if (next !== undefined && joined(tokens, i, token, next)) continue
    const ordinal = ordinalOf(token)
    if (ordinal !== undefined) tokens[i] = ordinal
  }
}

const joined = (tokens: string[], i: number, token: string, next: string): boolean => {
  const third = tokens[i + 2]
  if (token === 'U' && next === 'S') tokens.splice(i, 2, 'US')
  else if (token === 'A' && next === '1' && third === 'A') tokens.splice(i, 3, 'A1A')
  else if ((token === 'S' || token === 'C') && next === 'R' && third !== undefined && isNumber(third))
    tokens.splice(i, 2, `${token}R`)
  else if (isTens(token) && ordinalOf(token + next) !== undefined) tokens.splice(i, 2, ordinalOf(token + next)!)
  else if (isNumber(token) && isEnding(token, next, third)) tokens.splice(i, 2, token + next)
  else return false
  return true
}

/** TH and ND are nothing but endings; ST and RD only where they fit the number and a suffix follows. */
const isEnding = (number: string, next: string, third: string | undefined): boolean => {
  if (next === 'TH' || next === 'ND') return true
  if (next !== 'ST' && next !== 'RD') return false
  return third !== undefined && suffixOf(third) !== undefined && ordinalEnding(Number(number.slice(-2))) === next
}

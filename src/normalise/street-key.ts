import { withoutLeadingZeros } from './boxes.js'
import { ordinalEnding } from './ordinals.js'
import { isNumber, isOrdinal } from './street-tokens.js'

const numbered = (digits: string): string => {
  const number = withoutLeadingZeros(digits)
  return `${number}${ordinalEnding(Number(number.slice(-2)))}`
}

const hasDigit = (s: string): boolean => {
  for (let i = 0; i < s.length; i++) if (s.charCodeAt(i) > 47 && s.charCodeAt(i) < 58) return true
  return false
}

/**
 * The name of a street in the one spelling that it is compared by: 7 ST and 7TH ST are one street, so are State Road, Route
 * and Highway of a number, everything that ends in A1A, and every form of Martin Luther King.
 */
export const comparableStreet = (street: string, suffix: string): string => {
  if (street.includes('LUTHER KING')) return 'MARTIN LUTHER KING'
  if (!hasDigit(street)) return street
  if (isNumber(street)) return suffix === '' ? street : numbered(street)
  if (isOrdinal(street)) return numbered(street.slice(0, -2))
  if (street.endsWith('A1A')) return 'A1A'
  if (street.startsWith('STATE ')) return street.replace(/^STATE (?:ROUTE|HIGHWAY) /, 'STATE ROAD ')
  return street.startsWith('COUNTY ') ? street.replace(/^COUNTY (?:ROUTE|HIGHWAY) /, 'COUNTY ROAD ') : street
}

import { takeBox, takeRoute, withoutLeadingZeros } from './boxes.js'
import { comparableStreet } from './street-key.js'
import { readStreetName } from './street-name.js'
import { isNumber, streetTokens } from './street-tokens.js'
import { takeUnit, type Unit } from './take-unit.js'
import { foldText } from './text.js'
import { designatorOf } from './unit-designators.js'

/**
 * What stands behind the house number, in the abbreviations of USPS Publication 28; '' for what is absent. A rural route
 * or military address is a `street` ('RR 1 BOX 23'); `unit_type` is # where the designator is unknown.
 */
export interface StreetParts {
  readonly predirectional: string
  readonly street: string
  readonly suffix: string
  readonly postdirectional: string
  readonly unit_type: string
  readonly unit: string
  readonly po_box: string
}

export interface AddressParts extends StreetParts {
  readonly number: string
}

const blank = '[ \t\r\n\u00a0]'
/**
 * House number and rest of a street line, in syntax that JavaScript and RE2 read alike, so that a database can part lines
 * too: digits; a letter or a second number behind a hyphen; a fraction; then blank, comma, period or the end. Grid numbers
 * that begin with a letter (N123W456) are left in the rest.
 */
export const houseNumberPattern =
  `^${blank}*(\\d+(?:-?[A-Za-z]|-\\d+[A-Za-z]?)?(?:(?:${blank}+|-)\\d/\\d\\d?|${blank}*[½¼¾])?)` +
  `(?:(?:${blank}|[,.;])+|$)([\\s\\S]*)$`
const houseNumber = new RegExp(houseNumberPattern)

/** One spelling of a house number that the pattern found: no zeros in front, upper case, 12-A as 12A, ½ as ` 1/2`. */
export const foldHouseNumber = (raw: string): string => {
  if (isNumber(raw)) return withoutLeadingZeros(raw)
  const folded = foldText(raw)
    .replace(/-(?=[A-Z]$|[A-Z] )/, '')
    .replace(/[ -]+(?=\d\/)/, ' ')
  return withoutLeadingZeros(folded)
}

/** Parts a street line into its folded house number ('' when it has none) and the rest as it stands. */
export const splitHouseNumber = (line: string): { readonly number: string; readonly rest: string } => {
  const match = houseNumber.exec(line)
  return match === null ? { number: '', rest: line } : { number: foldHouseNumber(match[1]!), rest: match[2]! }
}

/** Parses what stands behind the house number. Never throws. */
export const parseStreet = (rest: string): StreetParts => {
  const tokens = streetTokens(rest)
  const route = takeRoute(tokens)
  const po_box = route === '' ? takeBox(tokens) : ''
  const { unit_type, unit } = takeUnit(tokens)
  if (route !== '') return { ...noName, street: route, unit_type, unit, po_box }
  if (tokens.length === 0) return { ...noName, unit_type, unit, po_box }
  const name = readStreetName(tokens)
  const { predirectional, street, suffix, postdirectional } = name
  return unit_type === '' && name.unit !== ''
    ? { predirectional, street, suffix, postdirectional, unit_type: '#', unit: name.unit, po_box }
    : { predirectional, street, suffix, postdirectional, unit_type, unit, po_box }
}

const noName = { predirectional: '', street: '', suffix: '', postdirectional: '' }

const parseLine = (line: string): AddressParts => {
  const { number, rest } = splitHouseNumber(line)
  return { number, ...parseStreet(rest) }
}

/**
 * Parses an address of one or two lines. `address2` gives the unit or box that the first line lacks, or the street when
 * the first line has none; a house number given apart is put before `address1` unless that begins with it already.
 * For one line it equals `splitHouseNumber`, then `parseStreet` of the rest. Never throws.
 */
export const parseAddress = (address1: string, address2 = '', houseNumberApart = ''): AddressParts => {
  const apart = houseNumberApart.trim()
  const repeated = apart !== '' && parseNumber(apart) === splitHouseNumber(address1).number
  const first = parseLine(apart === '' || repeated ? address1 : `${apart} ${address1}`)
  if (address2 === '' || address2.trim() === '') return first
  if (first.street === '' && first.po_box === '') {
    const second = parseLine(address2)
    if (second.street !== '' && !isBareUnit(address2))
      return fillUnit({ ...second, number: second.number || first.number }, first)
  }
  const { unit_type, unit, po_box } = parseSecondLine(address2)
  return fillUnit({ ...first, po_box: first.po_box || po_box }, { unit_type, unit })
}

const parseNumber = (apart: string): string => splitHouseNumber(apart).number

const fillUnit = (parts: AddressParts, { unit_type, unit }: Unit): AddressParts =>
  parts.unit_type === '' ? { ...parts, unit_type, unit } : parts

/** 5, 5B, B5, 12-34, A: a second line that is only a unit's number. */
const bareUnit = /^\s*#?\s*(?:[A-Za-z]|[A-Za-z]?[- ]?\d{1,5}(?:[- ]?[A-Za-z0-9]{1,4})?)\s*$/
const isBareUnit = (line: string): boolean => bareUnit.test(line)

const parseSecondLine = (line: string): Unit & { readonly po_box: string } => {
  const street = isBareUnit(line) ? parseStreet(`# ${line}`) : parseStreet(line)
  if (street.unit_type !== '') return street
  const designator = designatorOf(foldText(line))
  return designator?.kind === 'alone' ? { ...street, unit_type: designator.type, unit: '' } : street
}

/**
 * What streets are compared by: predirectional, street, suffix and postdirectional with blanks between, names that have
 * several spellings in one (see `comparableStreet`); `PO BOX 123` where there is a box and no street; '' for neither.
 */
export const streetKey = (parts: StreetParts): string => {
  const { predirectional, street, suffix, postdirectional, po_box } = parts
  if (street === '') return po_box === '' ? '' : `PO BOX ${po_box}`
  const name = comparableStreet(street, suffix)
  const front = predirectional === '' ? name : `${predirectional} ${name}`
  const middle = suffix === '' ? front : `${front} ${suffix}`
  return postdirectional === '' ? middle : `${middle} ${postdirectional}`
}

/**
 * What units are compared by: the number without its designator (APT 5, # 5 and UNIT 5 are one), PH with its number, and
 * the designator alone where there is no number (REAR).
 */
export const unitKey = ({ unit_type, unit }: Unit): string => {
  if (unit === '') return unit_type
  return unit_type === 'PH' && !unit.startsWith('PH') ? `PH${unit}` : unit
}

import type { ContactField } from '../../events/contact.js'
import { isPlaceholderDate, parseDate } from '../normalise/date.js'
import { parseEmail } from '../normalise/email.js'
import { isPlaceholderName, normaliseSuffix } from '../normalise/name.js'
import { parsePhone } from '../normalise/phone.js'
import { sexCode } from '../normalise/sex.js'
import { stateCode } from '../normalise/state.js'
import { parseZip } from '../normalise/zip.js'

/** The value can't be what its column says: the row is rejected, with field and value in the reason. */
export const malformed = Symbol('malformed')
/** The value may be right but is not of use as this field: it is kept with the custom fields. */
export const aside = Symbol('aside')

/** A value in its final form; '' when the cell holds nothing but a placeholder. */
export type Ruling = string | typeof malformed | typeof aside

export interface RowContext {
  /** YYYY-MM-DD: what two-digit years mean, and no birth date lies after it */
  readonly today: string
  /** the row's state when it is none of the US, '' otherwise */
  foreignState: string
}

const asGiven = (value: string): string => value
const name = (value: string): string => (isPlaceholderName(value) ? '' : value)

/** A number that a spreadsheet shortened has lost its last digits. */
const shortened = /^\d(?:\.\d+)?e\+\d+$/i
const identifier = (value: string): Ruling => (shortened.test(value) ? malformed : value.replace(/^(\d+)\.0+$/, '$1'))

const onlyZeros = /^[0\s./:-]+$/
const monthAndDay = /^\d{1,2}[-/]\d{1,2}$/
/** Days since 1899-12-30, as spreadsheets store dates: 1900 to 2109 have five digits or fewer. */
const serialDate = /^\d{5}(?:\.\d+)?$/

/** ISO date of a spreadsheet's date number. */
const dateOfSerial = (serial: number): string =>
  new Date(Date.UTC(1899, 11, 30) + Math.floor(serial) * 86_400_000).toISOString().slice(0, 10)

/** YYYY-MM-DD, or YYYY alone. A birthday without its year (Mailchimp) is kept aside; a date after today is none. */
const birthDate = (value: string, { today }: RowContext): Ruling => {
  if (onlyZeros.test(value)) return ''
  if (monthAndDay.test(value)) return aside
  const parsed = parseDate(serialDate.test(value) ? dateOfSerial(Number(value)) : value, today)
  if (parsed === undefined) return malformed
  if (isPlaceholderDate(parsed.date)) return ''
  const found = parsed.date === '' ? parsed.year : parsed.date
  return found > today ? malformed : found
}

const birthYear = (value: string, context: RowContext): Ruling => {
  const ruling = birthDate(value, context)
  return typeof ruling === 'string' ? ruling.slice(0, 4) : malformed
}

const postalCode = /^(?=.*\d)[\p{L}\d][\p{L}\d -]{1,9}$/u

/**
 * US: five digits, lost zeros restored. Codes of letters and digits (TQ13 8DF) and the digits of a row whose state is
 * none of the US stay as they are, in upper case.
 */
const zip = (value: string, { foreignState }: RowContext): Ruling => {
  if (onlyZeros.test(value)) return ''
  const us = foreignState === '' ? parseZip(value) : undefined
  if (us !== undefined) return us.zip5
  const isPostalCode = postalCode.test(value) && (foreignState !== '' || /\p{L}/u.test(value))
  return isPostalCode ? value.toUpperCase() : malformed
}

/** E.164. A number that has seven digits or more but no place in the numbering plan, as without area code, is kept aside. */
const phone = (value: string): Ruling => {
  const parsed = parsePhone(value)
  if (parsed !== undefined) return parsed.e164
  if (onlyZeros.test(value)) return ''
  return /\p{L}/u.test(value) || value.replace(/\D/g, '').length < 7 ? malformed : aside
}

const email = (value: string): Ruling => parseEmail(value)?.address ?? malformed

/** How each field's text becomes its value. Pure; one call per cell. */
export const fieldRules: Readonly<Record<ContactField, (value: string, context: RowContext) => Ruling>> = {
  id: identifier,
  svid: identifier,
  full_name: name,
  first_name: name,
  middle_name: name,
  last_name: name,
  suffix: (value) => normaliseSuffix(value) || aside,
  sex: (value) => sexCode(value) || aside,
  birth_date: birthDate,
  birth_year: birthYear,
  address1: asGiven,
  address2: asGiven,
  house_number: asGiven,
  city: asGiven,
  county: asGiven,
  state: (value) => stateCode(value) || value.toUpperCase(),
  zip,
  phone,
  email,
}

/** What a malformed value is not. */
export const kindOf: Readonly<Partial<Record<ContactField, string>>> = {
  id: 'an identifier: a spreadsheet has shortened it',
  svid: 'an SVID: a spreadsheet has shortened it',
  birth_date: 'a date of birth',
  birth_year: 'a year of birth',
  zip: 'a ZIP',
  phone: 'a phone number',
  email: 'an e-mail address',
}

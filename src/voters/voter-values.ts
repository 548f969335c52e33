import type { TextColumn } from '../match/voter-index.js'
import { parseAddress } from '../normalise/address.js'
import { dateDigits, parseDate } from '../normalise/date.js'
import {
  birthValue,
  cityValue,
  extraValue,
  nameValue,
  streetValue,
  unitValue,
  zipValue,
} from '../normalise/match-values.js'
import { normaliseSuffix, parseFullName, splitSuffix } from '../normalise/name.js'
import { emailValue, phoneValue, sexValue } from './encode-persons.js'

/** What the index of a voter file has of one voter. */
export interface VoterValues {
  readonly texts: Readonly<Record<TextColumn, string>>
  /** yyyymmdd, see VoterIndex */
  readonly birthDate: number
  readonly extras: Readonly<Record<string, string>>
}

/**
 * One voter's row of an artifact in the normalised form that the index has it in: the index is built column by column for
 * millions of rows, this is the same for a few (tested against it).
 */
export const voterValues = (row: Readonly<Record<string, string>>): VoterValues => {
  const given = (field: string): string => row[field] ?? ''
  const address = parseAddress(given('address1'), given('address2'), given('house_number'))
  return {
    texts: {
      ...nameTexts(given),
      sex: sexValue(given('sex')),
      number: address.number,
      street: streetValue(address),
      unit: unitValue(address),
      city: cityValue(given('city')),
      zip: zipValue(given('zip')),
      phone: phoneValue(given('phone')),
      email: emailValue(given('email')),
    },
    birthDate: birthOf(given('birth_date')) || birthValue('', parseDate(given('birth_year'))?.year ?? ''),
    extras: Object.fromEntries(
      Object.entries(row)
        .filter(([name]) => name.startsWith('extra.'))
        .map(([name, value]) => [name.slice('extra.'.length), extraValue(value)]),
    ),
  }
}

const birthOf = (text: string): number => {
  if (text === '') return 0
  const parsed = parseDate(text)
  return parsed === undefined ? birthValue(dateDigits(text), '') : birthValue(parsed.date, parsed.year)
}

/** A suffix behind the last name counts when there is none of its own; a full name fills what is missing. */
const nameTexts = (
  given: (field: string) => string,
): Pick<VoterValues['texts'], 'first' | 'middle' | 'last' | 'suffix'> => {
  const behind = splitSuffix(given('last_name'))
  const own = {
    first: nameValue(given('first_name')),
    middle: nameValue(given('middle_name')),
    last: nameValue(behind.last),
    suffix: normaliseSuffix(given('suffix')) || behind.suffix,
  }
  const [whole] = own.first !== '' && own.last !== '' ? [] : parseFullName(given('full_name')).persons
  if (whole === undefined) return own
  const { last, suffix } = splitSuffix(whole.last)
  return {
    first: own.first || nameValue(whole.first),
    middle: own.middle || nameValue(whole.middle),
    last: own.last || nameValue(last),
    suffix: own.suffix || normaliseSuffix(whole.suffix) || suffix,
  }
}

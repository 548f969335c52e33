import { type AddressParts, streetKey, unitKey } from './address.js'
import { isPlaceholderDate } from './date.js'
import { isPlaceholderName, nameKey } from './name.js'
import { packSoundex, soundex } from './soundex.js'
import { foldText } from './text.js'
import { zipKey } from './zip.js'

/**
 * The one normalised form of each value that matching compares: a voter file's index and a contact go through these same
 * functions, so what is equal here is equal everywhere. '' and 0 stand for a missing value.
 */

/** First, middle or last name; a placeholder counts as missing. */
export const nameValue = (name: string): string => (isPlaceholderName(name) ? '' : nameKey(name))

const saint = /^(?:ST|STE|SAINTE)\b\.? +/i

/** City name: letters only, `St.` at the front as Saint. */
export const cityValue = (city: string): string => nameKey(city.replace(saint, 'SAINT '))

/** A further column, compared as equal or not. */
export const extraValue = (text: string): string => foldText(text)

export const zipValue = (zip: string): string => zipKey(zip)

/** yyyymmdd from `YYYY-MM-DD`, or yyyy0000 from a year alone; placeholders count as missing. */
export const birthValue = (date: string, year: string): number => {
  if (date !== '') return isPlaceholderDate(date) ? 0 : Number(date.replaceAll('-', ''))
  return /^\d{4}$/.test(year) ? Number(year) * 10_000 : 0
}

export const streetValue = (parts: AddressParts): string => streetKey(parts)
export const unitValue = (parts: AddressParts): string => unitKey(parts)

/** Packed Soundex of a name value; 0 when it has no Latin letters. */
export const soundexValue = (name: string): number => packSoundex(soundex(name))

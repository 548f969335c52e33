export interface Zip {
  readonly zip5: string
  /** '' when not given */
  readonly plus4: string
}

/** No written ZIP is longer. */
const longest = 20

const shape = /^(\d{3,5})(?:[- ]+(\d{4})?)?$|^(\d{4,5})(\d{4})$/
/** What is left of a ZIP that a spreadsheet or data frame took for a number. */
const decimals = /\.0+$/

/**
 * US ZIP or ZIP+4, hyphenated or not; zeros lost at the front of three, four or eight digits are restored.
 * undefined for letters, any other number of digits, and 00000.
 */
export const parseZip = (s: string): Zip | undefined => {
  if (s.length > longest) return undefined
  const match = shape.exec(s.trim().replace(decimals, ''))
  if (match === null) return undefined
  const zip5 = (match[1] ?? match[3]!).padStart(5, '0')
  const plus4 = match[2] ?? match[4] ?? ''
  return zip5 === '00000' ? undefined : { zip5, plus4: plus4 === '0000' ? '' : plus4 }
}

/**
 * What two postal codes are compared by. US (the default): the five digits; what is no ZIP, and any code of another
 * country: upper case without spaces, so that TQ13 8DF and the four digits of an Australian code equal themselves.
 */
export const zipKey = (s: string, { country }: { readonly country: 'US' | 'other' } = { country: 'US' }): string => {
  if (country === 'US' && isZip5(s)) return s
  const key = s.toUpperCase().replace(/\s+/g, '')
  const zip = country === 'US' ? parseZip(key) : undefined
  if (zip !== undefined) return zip.zip5
  return /^0*$/.test(key) ? '' : key
}

/** Five digits other than 00000: nothing to restore. */
const isZip5 = (s: string): boolean => {
  if (s.length !== 5 || s === '00000') return false
  for (let i = 0; i < 5; i++) {
    const code = s.charCodeAt(i)
    if (code < 48 || code > 57) return false
  }
  return true
}

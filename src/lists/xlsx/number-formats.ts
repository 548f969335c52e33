/** What a cell's number is shown as: a date, or digits padded with zeros to a width; anything else as the number. */
export type NumberFormat = 'date' | { readonly width: number } | 'plain'

/** ECMA-376 part 1, 18.8.30: the built-in formats that show a day, those of East Asian locales among them. */
const isBuiltInDate = (id: number): boolean =>
  (id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58)

const literals = /"[^"]*"|\\.|\[[^\]]*\]|_.|\*./g
const zeros = /^0{2,15}$/

/** The format of an id of `numFmts`; `code` is given for those that the workbook defines itself. */
export const numberFormat = (id: number, code: string | undefined): NumberFormat => {
  if (code === undefined) return isBuiltInDate(id) ? 'date' : 'plain'
  const first = code.split(';')[0]!
  const digits = first.replace(/\\?-/g, '')
  if (zeros.test(digits)) return { width: digits.length }
  return /[dy]/i.test(first.replace(literals, '')) ? 'date' : 'plain'
}

const wholeNumber = /^-?\d{1,15}$/
const msPerDay = 86_400_000

/**
 * A number cell's text: a date as YYYY-MM-DD (with HH:MM:SS when it has a time of day), a padded number with its zeros,
 * any other number without `.0`, exponent or the noise of binary fractions. `epoch1904` for workbooks of the old Mac.
 */
export const numberText = (value: string, format: NumberFormat, epoch: 1900 | 1904): string => {
  const number = Number(value)
  if (!Number.isFinite(number) || value === '') return value
  if (format === 'date') return number >= 1 || epoch === 1904 ? dateText(number, epoch) : plainText(value, number)
  const text = plainText(value, number)
  return format === 'plain' || !wholeNumber.test(text) ? text : text.padStart(format.width, '0')
}

const plainText = (value: string, number: number): string => (wholeNumber.test(value) ? value : String(number))

/** Excel counts a 29 February 1900 that never was: day 60 and those before it are one day further on. */
const dateText = (serial: number, epoch: 1900 | 1904): string => {
  const days = epoch === 1904 ? serial + 1462 : serial < 60 ? serial + 1 : serial
  const time = new Date(Date.UTC(1899, 11, 30) + Math.round(days * msPerDay))
  if (Number.isNaN(time.getTime())) return String(serial)
  const text = time.toISOString()
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : `${text.slice(0, 10)} ${text.slice(11, 19)}`
}

export interface ParsedDate {
  /** YYYY-MM-DD; '' when only the year is known */
  readonly date: string
  readonly year: string
}

const time = '(?:[T ]+\\d{1,2}:\\d{2}(?::\\d{2}(?:\\.\\d+)?)?(?: ?[AP]M)?(?: ?Z| ?[+-]\\d{2}:?\\d{2})?)?'
const yearFirst = new RegExp(`^(\\d{4})([-/.])(\\d{1,2})\\2(\\d{1,2})${time}$`, 'i')
const yearLast = new RegExp(`^(\\d{1,2})([-/.])(\\d{1,2})\\2(\\d{4}|\\d{2})${time}$`, 'i')
const eightDigits = /^(\d{4})(\d{2})(\d{2})(?:\.0+)?$/
const yearAlone = /^(\d{4})(?:\.0+)?$|^(\d{4})[-/](\d{1,2})$|^(\d{1,2})[-/](\d{4})$/
const monthNamed = /^([a-z]{3,9})\.?[ -]*(?:(\d{1,2})(?:st|nd|rd|th)?)[ ,-]+(\d{4}|\d{2})$/i
const dayFirstNamed = /^(\d{1,2})(?:st|nd|rd|th)?[ -]*([a-z]{3,9})\.?[ ,-]*(\d{4}|\d{2})$/i
const monthAndYear = /^([a-z]{3,9})\.?[ ,-]+(\d{4})$/i

/** No written date is longer. */
const longest = 64

const months = 'JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER'.split(' ')

/** 1–12 of an English month name or its first three or more letters; 0 for any other word. */
const monthOf = (word: string): number => {
  const upper = word.toUpperCase()
  return 1 + months.findIndex((month) => month.startsWith(upper))
}

/** With separators and the year first nothing but a date is meant: historical registers go far back. */
const earliestYearFirst = 1000

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const daysIn = (year: number, month: number): number =>
  month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : (monthDays[month - 1] ?? 0)

/** The date, the year alone where month or day is 0, undefined for a day that the calendar does not have. */
const dated = (year: number, month: number, day: number, earliest = 1700): ParsedDate | undefined => {
  if (year < earliest || year > 2199 || month > 12 || day > 31) return undefined
  if (month === 0 || day === 0) return { date: '', year: String(year) }
  if (day > daysIn(year, month)) return undefined
  return { date: `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`, year: String(year) }
}

/** A two-digit year is the latest one that puts the date not after `today`; without `today` it is unknown: 0. */
const fullYear = (text: string, month: number, day: number, today: string): number => {
  const year = Number(text)
  if (text.length === 4) return year
  if (today === '') return 0
  const [thisYear = 0, thisMonth = 0, thisDay = 0] = today.split('-').map(Number)
  const candidate = thisYear - (thisYear % 100) + year
  const later = candidate - thisYear || month - thisMonth || day - thisDay
  return later > 0 ? candidate - 100 : candidate
}

/** Month first, as in the US; day first where the first number can be no month. */
const readYearLast = (first: number, second: number, year: string, today: string): ParsedDate | undefined => {
  const [month, day] = first > 12 && second <= 12 ? [second, first] : [first, second]
  return dated(fullYear(year, month, day, today), month, day)
}

/** Years before 1700 are none: such eight digits are month, day, year. */
const readEightDigits = (digits: string, today: string): ParsedDate | undefined =>
  Number(digits.slice(0, 4)) >= 1700
    ? dated(Number(digits.slice(0, 4)), Number(digits.slice(4, 6)), Number(digits.slice(6, 8)))
    : readYearLast(Number(digits.slice(0, 2)), Number(digits.slice(2, 4)), digits.slice(4, 8), today)

const readNamed = (month: string, day: string, year: string, today: string): ParsedDate | undefined => {
  const number = monthOf(month)
  return number === 0 ? undefined : dated(fullYear(year, number, Number(day), today), number, Number(day))
}

const readYearAlone = (year: string, month: string): ParsedDate | undefined =>
  Number(month) > 12 ? undefined : dated(Number(year), 0, 0)

/**
 * A date in one of the usual orders: ISO (with or without a time), YYYYMMDD, M/D/YYYY (D/M where the first number is above
 * 12), MMDDYYYY, M/D/YY, `Mar 4 1970`, `4-Mar-70`; a year alone, or a date whose month or day is 00, gives the year.
 * `today` (YYYY-MM-DD) says what two-digit years mean: never a date after it; without it they are not read.
 * undefined for 31 February and for anything else that is no date.
 */
export const parseDate = (s: string, today = ''): ParsedDate | undefined => {
  if (s.length > longest) return undefined
  const text = s.trim()
  let m = yearFirst.exec(text)
  if (m !== null) return dated(Number(m[1]), Number(m[3]), Number(m[4]), earliestYearFirst)
  if ((m = yearLast.exec(text)) !== null) return readYearLast(Number(m[1]), Number(m[3]), m[4]!, today)
  if ((m = eightDigits.exec(text)) !== null) return readEightDigits(text, today)
  if ((m = yearAlone.exec(text)) !== null) return readYearAlone(m[1] ?? m[2] ?? m[5]!, m[3] ?? m[4] ?? '0')
  if ((m = monthNamed.exec(text)) !== null) return readNamed(m[1]!, m[2]!, m[3]!, today)
  if ((m = dayFirstNamed.exec(text)) !== null) return readNamed(m[2]!, m[1]!, m[3]!, today)
  if ((m = monthAndYear.exec(text)) !== null) return readNamed(m[1]!, '0', m[2]!, today)
  return undefined
}

/** Dates that registers write for an unknown birth date. */
const placeholders = new Set(['1800-01-01', '1900-01-01'])

/** True for the dates (YYYY-MM-DD) that stand for an unknown birth date. */
export const isPlaceholderDate = (date: string): boolean => placeholders.has(date)

const digitsOfDate = /^((?:1[6-9]|20)\d\d)(\d\d)(\d\d)$|^([12]\d{3})-(\d\d)-(\d\d)$/

/**
 * YYYY-MM-DD of what is written as a date with the year first but is none of the calendar, '' of anything else: where
 * 19310231 was mistyped, all digits but one still say what they said. Only for values that parseDate does not read.
 */
export const dateDigits = (s: string): string => {
  const m = digitsOfDate.exec(s.trim())
  return m === null ? '' : `${m[1] ?? m[4]}-${m[2] ?? m[5]}-${m[3] ?? m[6]}`
}

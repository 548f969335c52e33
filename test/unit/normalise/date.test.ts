import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dateDigits, isPlaceholderDate, parseDate } from '../../../src/normalise/date.js'

const today = '2026-03-15'

describe('dates', () => {
  it.each([
    ['1970-03-04', '1970-03-04'],
    ['1970-3-4', '1970-03-04'],
    ['1970-03-04T00:00:00Z', '1970-03-04'],
    ['1970-03-04 00:00:00.000', '1970-03-04'],
    ['1970/03/04', '1970-03-04'],
    ['1970.03.04', '1970-03-04'],
    ['19700304', '1970-03-04'],
    ['19700304.0', '1970-03-04'],
    ['03/04/1970', '1970-03-04'],
    ['3/4/1970', '1970-03-04'],
    ['3-4-1970', '1970-03-04'],
    ['3.4.1970', '1970-03-04'],
    ['3/4/1970 12:00:00 AM', '1970-03-04'],
    ['25/12/1970', '1970-12-25'],
    ['12/25/1970', '1970-12-25'],
    ['03041970', '1970-03-04'],
    ['3/4/70', '1970-03-04'],
    ['3/4/26', '2026-03-04'],
    ['3/15/26', '2026-03-15'],
    ['3/16/26', '1926-03-16'],
    ['12/1/26', '1926-12-01'],
    ['1/1/27', '1927-01-01'],
    ['Mar 4 1970', '1970-03-04'],
    ['March 4, 1970', '1970-03-04'],
    ['Sept. 4th, 1970', '1970-09-04'],
    ['4 March 1970', '1970-03-04'],
    ['04-MAR-70', '1970-03-04'],
    ['04MAR1970', '1970-03-04'],
    ['29 Feb 2000', '2000-02-29'],
    [' 1800-01-01 ', '1800-01-01'],
    ['1630-08-01', '1630-08-01'],
    ['1000/1/1', '1000-01-01'],
  ])('%j is %s', (given, date) => {
    expect(parseDate(given, today)).toEqual({ date, year: date.slice(0, 4) })
  })

  it.each([
    ['1970', '1970'],
    ['1970.0', '1970'],
    ['1970-03', '1970'],
    ['3/1970', '1970'],
    ['March 1970', '1970'],
    ['00/00/1970', '1970'],
    ['1970-00-00', '1970'],
    ['03/00/1970', '1970'],
  ])('%j is the year %s alone', (given, year) => {
    expect(parseDate(given, today)).toEqual({ date: '', year })
  })

  it.each([
    '',
    '31 February',
    '02/31/1970',
    '1970-02-31',
    '19700231',
    '02/29/1900',
    '13/13/1970',
    '1970-13-01',
    '00000000',
    '0000-00-00',
    '99999999',
    '1/2',
    '1/2/3',
    'Foo 4 1970',
    'yesterday',
    '1970-03/04',
    '13/1970',
    '29456',
    'NaN',
    '1'.repeat(10_000),
  ])('%j is none', (given) => {
    expect(parseDate(given, today)).toBeUndefined()
  })

  it('with two-digit years are none when today is not told', () => {
    expect(parseDate('3/4/70')).toBeUndefined()
    expect(parseDate('3/4/1970')).toEqual({ date: '1970-03-04', year: '1970' })
  })

  it('written in any order come back as they were', () => {
    const days = fc.date({ min: new Date('1800-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
    fc.assert(
      fc.property(days, (day) => {
        const date = day.toISOString().slice(0, 10)
        const [y = '', m = '', d = ''] = date.split('-')
        const month = day.toLocaleString('en-US', { month: 'long', timeZone: 'UTC' })
        const orders = [
          date,
          y + m + d,
          `${m}/${d}/${y}`,
          `${Number(m)}/${Number(d)}/${y}`,
          `${month} ${d}, ${y}`,
          `${d}-${month.slice(0, 3)}-${y}`,
        ]
        for (const written of orders) expect(parseDate(written)).toEqual({ date, year: y })
        if (Number(d) > 12) expect(parseDate(`${d}/${m}/${y}`)).toEqual({ date, year: y })
      }),
    )
  })

  it('of two-digit years never lie after today and less than a century before', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 28 }),
        fc.integer({ min: 0, max: 99 }),
        (m, d, y) => {
          const { date } = parseDate(`${m}/${d}/${String(y).padStart(2, '0')}`, today)!
          expect(date <= today && date > '1926-03-15').toBe(true)
        },
      ),
    )
  })

  it('are real days of the calendar, whatever the text', () => {
    const text = fc.string({ unit: fc.constantFrom(...'0123456789/-. JanfebMAR'), maxLength: 12 })
    fc.assert(
      fc.property(text, (s) => {
        const date = parseDate(s, today)?.date ?? ''
        if (date !== '') expect(new Date(`${date}T00:00:00Z`).toISOString().slice(0, 10)).toBe(date)
      }),
      { numRuns: 3000 },
    )
  })

  it('know their placeholders', () => {
    expect(['1800-01-01', '1900-01-01', '1970-01-01', ''].map(isPlaceholderDate)).toEqual([true, true, false, false])
  })
})

describe('the digits of a date that is none', () => {
  it.each([
    ['19310231', '1931-02-31'],
    [' 16009999 ', '1600-99-99'],
    ['1630-13-01', '1630-13-01'],
    ['2031-01-01', '2031-01-01'],
    ['13311970', ''],
    ['0931-02-31', ''],
    ['02/31/1931', ''],
    ['193102311', ''],
    ['', ''],
  ])('of %j are %j', (given, digits) => {
    expect(dateDigits(given)).toBe(digits)
  })
})

import { describe, expect, it } from 'vitest'
import { parseAddress } from '../../../src/normalise/address.js'
import {
  birthValue,
  cityValue,
  nameValue,
  soundexValue,
  streetValue,
  unitValue,
  zipValue,
} from '../../../src/normalise/match-values.js'

describe('the values that matching compares', () => {
  it('are equal for two spellings of one thing', () => {
    expect(nameValue('O’Brien')).toBe(nameValue('OBRIEN'))
    expect(cityValue('St. Petersburg')).toBe(cityValue('SAINT PETERSBURG'))
    expect(cityValue('Stuart')).toBe('STUART')
    expect(zipValue('07101-1234')).toBe(zipValue('7101'))
    const [a, b] = ['12 N.E. 2nd Ave #5', '12 Northeast Second Avenue Apt 5'].map((line) => parseAddress(line))
    expect([streetValue(a!), unitValue(a!)]).toEqual([streetValue(b!), unitValue(b!)])
    expect(soundexValue(nameValue('Smith'))).toBe(soundexValue(nameValue('SMYTHE')))
  })

  it('are missing for placeholders', () => {
    expect([nameValue('UNKNOWN'), nameValue('N/A'), nameValue('')]).toEqual(['', '', ''])
    expect(birthValue('1900-01-01', '1900')).toBe(0)
    expect(birthValue('', '')).toBe(0)
    expect(soundexValue('')).toBe(0)
  })

  it('hold a birth date as yyyymmdd, a birth year with zeros for month and day', () => {
    expect(birthValue('1970-03-04', '1970')).toBe(19700304)
    expect(birthValue('', '1970')).toBe(19700000)
  })
})

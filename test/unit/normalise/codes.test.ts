import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sexCode } from '../../../src/normalise/sex.js'
import { stateCode } from '../../../src/normalise/state.js'
import { parseZip, zipKey } from '../../../src/normalise/zip.js'

describe('ZIP codes', () => {
  it.each([
    ['33101', '33101', ''],
    ['33101-1234', '33101', '1234'],
    ['33101 1234', '33101', '1234'],
    ['331011234', '33101', '1234'],
    ['71011234', '07101', '1234'],
    ['7101-1234', '07101', '1234'],
    ['7101', '07101', ''],
    ['501', '00501', ''],
    ['33101.0', '33101', ''],
    ['33101-', '33101', ''],
    ['33101-0000', '33101', ''],
    [' 33101 ', '33101', ''],
  ])('%j is %s and %j', (given, zip5, plus4) => {
    expect(parseZip(given)).toEqual({ zip5, plus4 })
  })

  it.each(['', '12', '123456', '1234567', '3310A', 'ABCDE', 'TQ13 8DF', '00000', '33101-12', '1'.repeat(10_000)])(
    '%j is none',
    (given) => {
      expect(parseZip(given)).toBeUndefined()
    },
  )

  it('are compared by their five digits', () => {
    expect(['33101', '33101-1234', '331011234', '7101', ' 33101 '].map((zip) => zipKey(zip))).toEqual([
      '33101',
      '33101',
      '33101',
      '07101',
      '33101',
    ])
    expect(['', '0', '00000'].map((zip) => zipKey(zip))).toEqual(['', '', ''])
  })

  it('of other countries are compared as they are', () => {
    expect(zipKey('tq13 8df')).toBe('TQ138DF')
    expect(zipKey('K1A 0B6', { country: 'other' })).toBe('K1A0B6')
    expect(zipKey('3212', { country: 'other' })).toBe('3212')
    expect(zipKey('3212', { country: 'US' })).toBe('03212')
  })

  it('have keys that are their own keys', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'0123456789- .aB') }))
    fc.assert(
      fc.property(text, (s) => zipKey(zipKey(s)) === zipKey(s)),
      { numRuns: 2000 },
    )
  })
})

describe('states', () => {
  it.each([
    ['FL', 'FL'],
    ['fl', 'FL'],
    ['Florida', 'FL'],
    ['Fla.', 'FL'],
    ['New York', 'NY'],
    ['NORTH CAROLINA', 'NC'],
    ['N. Dak.', 'ND'],
    ['D.C.', 'DC'],
    ['District of Columbia', 'DC'],
    ['Washington, D.C.', 'DC'],
    ['Washington', 'WA'],
    ['Puerto Rico', 'PR'],
    ['U.S. Virgin Islands', 'VI'],
    ['Guam', 'GU'],
    ['AE', 'AE'],
    ['New South Wales', ''],
    ['XX', ''],
    ['', ''],
  ])('%j is %j', (given, code) => {
    expect(stateCode(given)).toBe(code)
  })

  it('number 50, with DC, five territories, three associated states and three military regions', () => {
    const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
    const codes = letters.flatMap((a) => letters.map((b) => a + b)).filter((code) => stateCode(code) === code)
    expect(codes.length).toBe(62)
  })
})

describe('sexes', () => {
  it.each([
    ['M', 'M'],
    ['male', 'M'],
    ['Hombre', 'M'],
    ['F', 'F'],
    ['Female ', 'F'],
    ['u', 'U'],
    ['X', 'U'],
    ['Non-binary', 'U'],
    ['', ''],
    ['?', ''],
    ['12', ''],
  ])('%j is %j', (given, code) => {
    expect(sexCode(given)).toBe(code)
  })
})

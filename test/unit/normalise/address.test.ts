import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type AddressParts,
  foldHouseNumber,
  parseAddress,
  parseStreet,
  splitHouseNumber,
  streetKey,
  unitKey,
} from '../../../src/normalise/address.js'
import { streetLines } from './street-lines.js'

const lines = streetLines
  .trim()
  .split('\n')
  .map((row) => row.split('|')[0]!)
const words = fc.constantFrom(
  '12',
  '5TH',
  'N',
  'E',
  'SOUTH',
  'ST',
  'AVE',
  'AVENUE',
  'RD',
  'US',
  'HWY',
  '1',
  'A',
  'SR',
  'PO',
  'BOX',
  'APT',
  '#',
  'FL',
  'BLDG',
  'REAR',
  'PH',
  'DE',
  'LA',
  'VISTA',
  'CALLE',
  'OAK',
  'RR',
  'NO',
  'TWENTY',
  'FIRST',
  '1/2',
  '-',
  '.',
  ',',
  '&',
  'Ñ',
)
const anyLine = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.array(words, { maxLength: 9 }).map((w) => w.join(' ')),
  fc.constantFrom(...lines),
)

const given = (parts: AddressParts): Partial<AddressParts> =>
  Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== ''))

describe('house numbers', () => {
  it.each([
    ['123 MAIN ST', '123', 'MAIN ST'],
    ['123', '123', ''],
    ['  0123 Main', '123', 'Main'],
    ['123a Main', '123A', 'Main'],
    ['123-A Main', '123A', 'Main'],
    ['12-34 Main', '12-34', 'Main'],
    ['12-34b Main', '12-34B', 'Main'],
    ['123 1/2 Main', '123 1/2', 'Main'],
    ['123-1/2 Main', '123 1/2', 'Main'],
    ['123A 1/2 Main', '123A 1/2', 'Main'],
    ['123 ½ Main', '123 1/2', 'Main'],
    ['123½ Main', '123 1/2', 'Main'],
    ['123, Main', '123', 'Main'],
    ['123\u00a0Main', '123', 'Main'],
    ['5TH AVE', '', '5TH AVE'],
    ['N123W456 Main', '', 'N123W456 Main'],
    ['Main St 5', '', 'Main St 5'],
    ['', '', ''],
  ])('%j is %j and %j', (line, number, rest) => {
    expect(splitHouseNumber(line)).toEqual({ number, rest })
  })

  it('fold to themselves', () => {
    fc.assert(
      fc.property(anyLine, (line) => {
        const { number } = splitHouseNumber(line)
        expect(foldHouseNumber(number)).toBe(number)
      }),
    )
  })
})

describe('addresses', () => {
  it('of one line are a house number and the parse of the rest', () => {
    fc.assert(
      fc.property(anyLine, (line) => {
        const { number, rest } = splitHouseNumber(line)
        expect(parseAddress(line)).toEqual({ number, ...parseStreet(rest) })
      }),
      { numRuns: 3000 },
    )
  })

  it('are the same for upper and lower case and for any white space', () => {
    fc.assert(
      fc.property(fc.constantFrom(...lines), (line) => {
        const plain = parseAddress(line)
        expect(parseAddress(line.toLowerCase())).toEqual(plain)
        expect(parseAddress(` ${line.replaceAll(' ', '\t ')} `)).toEqual(plain)
      }),
    )
  })

  it('keep their keys when written out from their parts and parsed again', () => {
    for (const line of lines) {
      const parts = parseAddress(line)
      // A number that stood behind a box is written in front.
      if (parts.number === '' && /^\d/.test(parts.street)) continue
      const unit = `${parts.unit_type} ${parts.unit}`.trim()
      const written = parseAddress(`${parts.number} ${streetKey(parts)} ${unit}`)
      expect([written.number, streetKey(written), unitKey(written)], line).toEqual([
        parts.number,
        streetKey(parts),
        unitKey(parts),
      ])
    }
  })

  it.each([
    ['123 Main St', 'Apt 5', '', { number: '123', street: 'MAIN', suffix: 'ST', unit_type: 'APT', unit: '5' }],
    ['123 Main St', '5B', '', { number: '123', street: 'MAIN', suffix: 'ST', unit_type: '#', unit: '5B' }],
    ['123 Main St', '# 5', '', { number: '123', street: 'MAIN', suffix: 'ST', unit_type: '#', unit: '5' }],
    ['123 Main St', 'Upper', '', { number: '123', street: 'MAIN', suffix: 'ST', unit_type: 'UPPR' }],
    ['123 Main St', '2nd Floor', '', { number: '123', street: 'MAIN', suffix: 'ST', unit_type: 'FL', unit: '2' }],
    ['123 Main St Apt 5', 'Apt 6', '', { number: '123', street: 'MAIN', suffix: 'ST', unit_type: 'APT', unit: '5' }],
    ['123 Main St', 'Sunset Village', '', { number: '123', street: 'MAIN', suffix: 'ST' }],
    ['123 Main St', 'c/o Pat Doe', '', { number: '123', street: 'MAIN', suffix: 'ST' }],
    ['123 Main St', 'Miami FL 33101', '', { number: '123', street: 'MAIN', suffix: 'ST' }],
    ['123 Main St', 'PO Box 9', '', { number: '123', street: 'MAIN', suffix: 'ST', po_box: '9' }],
    ['Apt 5', '123 Main St', '', { number: '123', street: 'MAIN', suffix: 'ST', unit_type: 'APT', unit: '5' }],
    ['', '123 Main St', '', { number: '123', street: 'MAIN', suffix: 'ST' }],
    ['123', 'Main St', '', { number: '123', street: 'MAIN', suffix: 'ST' }],
    ['Main St', '', '123', { number: '123', street: 'MAIN', suffix: 'ST' }],
    ['123 Main St', '', '123', { number: '123', street: 'MAIN', suffix: 'ST' }],
    ['5th St', '7', '0123A', { number: '123A', street: '5TH', suffix: 'ST', unit_type: '#', unit: '7' }],
    ['', '', '', {}],
  ])('%j, %j, house number %j', (address1, address2, houseNumber, expected) => {
    expect(given(parseAddress(address1, address2, houseNumber))).toEqual(expected)
  })

  it('never throw, whatever the lines', () => {
    fc.assert(fc.property(anyLine, anyLine, anyLine, (a, b, c) => parseAddress(a, b, c).number !== undefined))
  })

  it('take long junk in their stride', () => {
    const started = performance.now()
    for (const junk of [' ', '1', '1-', '# ', 'APT ', 'N ', 'PO ', '1 ', 'a', '-', 'ST ', 'TWENTY ']) {
      parseAddress(junk.repeat(100_000), junk.repeat(100_000))
    }
    expect(performance.now() - started).toBeLessThan(5000)
  })
})

describe('street keys', () => {
  it.each([
    ['1 NW 7 ST', '1 Northwest 7th Street'],
    ['1 NE SECOND AVE', '1 N.E. 2nd Avenue'],
    ['1 SR 60', '1 STATE ROUTE 60'],
    ['1 STATE HWY 60 E', '1 STATE ROAD 60 EAST'],
    ['1 CR 512', '1 COUNTY HWY 512'],
    ['1 HIGHWAY A1A', '1 SR A1A'],
    ['1 MLK BLVD', '1 Dr. Martin Luther King Jr. Boulevard'],
    ['1 SAINT JOHNS AVE', '1 St Johns Av'],
    ['1 MT VERNON AVE', '1 Mount Vernon Ave'],
    ['1 PARKWAY', '1 PKWY'],
    ['PO BOX 12', 'P.O. Box 0012'],
  ])('%j and %j are one street', (a, b) => {
    expect(streetKey(parseAddress(a))).toBe(streetKey(parseAddress(b)))
    expect(streetKey(parseAddress(a))).not.toBe('')
  })

  it.each([
    ['1 N MAIN ST', '1 S MAIN ST'],
    ['1 MAIN ST', '1 MAIN AVE'],
    ['1 7TH ST', '1 17TH ST'],
    ['1 US HIGHWAY 27', '1 STATE ROAD 27'],
    ['1 STATE ROAD 60 E', '1 STATE ROAD 60 W'],
    ['1 E ST', '1 EAST ST'],
    ['PO BOX 1', 'PO BOX 2'],
    ['1 AVENUE D NE', '1 AVENUE D SE'],
  ])('%j and %j are two', (a, b) => {
    expect(streetKey(parseAddress(a))).not.toBe(streetKey(parseAddress(b)))
  })
})

describe('unit keys', () => {
  it.each([
    ['APT 5', '5'],
    ['# 5', '5'],
    ['UNIT 05', '5'],
    ['APT 5-B', '5B'],
    ['5 B', '5B'],
    ['APT B-5', 'B5'],
    ['BLDG 3 APT 4', '3-4'],
    ['BLDG A APT 4', 'A4'],
    ['PH 2', 'PH2'],
    ['APT PH2', 'PH2'],
    ['REAR', 'REAR'],
    ['APT 1 REAR', '1'],
    ['', ''],
  ])('%j is %j', (unit, key) => {
    expect(unitKey(parseAddress(`1 MAIN ST ${unit}`))).toBe(key)
  })
})

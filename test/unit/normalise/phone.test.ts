import fc from 'fast-check'
import { parsePhoneNumberFromString } from 'libphonenumber-js'
import { describe, expect, it } from 'vitest'
import { parsePhone } from '../../../src/normalise/phone.js'

describe('phone numbers', () => {
  it.each([
    ['3055550123', '+13055550123'],
    ['305-555-0123', '+13055550123'],
    ['(305) 555-0123', '+13055550123'],
    ['1 305.555.0123', '+13055550123'],
    ['+1 305 555 0123', '+13055550123'],
    ['305-555-0123 x12', '+13055550123'],
    ['305-555-0123 ext. 12', '+13055550123'],
    ['305/555-0123', '+13055550123'],
    ['tel:+13055550123', '+13055550123'],
    ['305-555-0123 / 305-555-0199', '+13055550123'],
    ['305-555-0123 or 305-555-0199', '+13055550123'],
    ['3055550123.0', '+13055550123'],
    ['416-555-0123', '+14165550123'],
    ['787-555-0123', '+17875550123'],
    ['+44 20 7946 0018', '+442079460018'],
    ['011 44 20 7946 0018', '+442079460018'],
  ])('%j is %s', (given, e164) => {
    expect(parsePhone(given)).toEqual({ e164 })
  })

  it.each([
    '',
    '555-0123',
    '0000000000',
    '1111111111',
    '5555555555',
    '9999999999',
    '1234567890',
    '(305) 155-0123',
    '911-555-0123',
    '30555501234',
    '+3055550123',
    'call me',
    '305-555-CALL',
    '305555012',
    'x'.repeat(10_000),
    '1'.repeat(10_000),
  ])('%j is none', (given) => {
    expect(parsePhone(given)).toBeUndefined()
  })

  it('belong to the country they are given with', () => {
    expect(parsePhone('020 7946 0018', 'GB')).toEqual({ e164: '+442079460018' })
    expect(parsePhone('(02) 9374 4000', 'AU')).toEqual({ e164: '+61293744000' })
    expect(parsePhone('3055550123', 'XX')).toBeUndefined()
  })

  it('read the plain way are what the library reads', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 7, maxLength: 12 })
    const national = fc
      .tuple(fc.integer({ min: 200, max: 999 }), fc.integer({ min: 200, max: 999 }), fc.integer({ min: 0, max: 9999 }))
      .map(([a, b, c]) => `${a}${b}${String(c).padStart(4, '0')}`)
    const spelled = fc
      .tuple(
        fc.constantFrom('', '1', '1-', '+1', '+1 ', ' '),
        fc.oneof(national, digits),
        fc.constantFrom('', '(', '-', '.', ' '),
      )
      .map(([prefix, n, mark]) =>
        mark === '('
          ? `${prefix}(${n.slice(0, 3)}) ${n.slice(3, 6)}-${n.slice(6)}`
          : prefix + [n.slice(0, 3), n.slice(3, 6), n.slice(6)].join(mark),
      )
    fc.assert(
      fc.property(spelled, (s) => {
        const number = parsePhoneNumberFromString(s, 'US')
        const nanp = number?.countryCallingCode === '1'
        const usable =
          nanp && /^[2-9](?!11)\d\d[2-9]\d{6}$/.test(number.nationalNumber) && !/^(\d)\1+$/.test(number.nationalNumber)
        const expected = usable || (number !== undefined && !nanp && number.isValid()) ? number.number : undefined
        expect(parsePhone(s)?.e164).toBe(expected)
      }),
      { numRuns: 3000 },
    )
  })

  it('never throw, and read their own E.164 again', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'0123456789+-(). x/,') })),
        (s) => {
          const phone = parsePhone(s)
          if (phone !== undefined) expect(parsePhone(phone.e164)).toEqual(phone)
        },
      ),
      { numRuns: 2000 },
    )
  })
})

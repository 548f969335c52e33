import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contactFields } from '../../../events/contact.js'
import { decodeContact } from '../../../src/lists/decode-contact.js'

const today = '2026-03-01'

describe('decodeContact', () => {
  it('takes every field of the contract, and headers that lists are known to have', () => {
    for (const field of contactFields) {
      expect([field, decodeContact({ [field]: '', last_name: 'Lee' }, today)._tag]).toEqual([field, 'Right'])
    }
    expect(
      decodeContact({ 'First Name': 'Ann', SURNAME: ' Lee Jr', 'Date of Birth': '2/21/31', Zip5: 2139 }, today),
    ).toEqual({
      _tag: 'Right',
      right: { birth_date: '1931-02-21', first_name: 'Ann', last_name: 'Lee', suffix: 'JR', zip: '02139' },
    })
  })

  it('keeps further fields by name', () => {
    expect(decodeContact({ last_name: 'Lee', 'extra.occupation': 'Baker' }, today)).toMatchObject({
      right: { last_name: 'Lee', extra: { occupation: 'Baker' } },
    })
  })

  it.each<
    readonly [what: string, values: Record<string, unknown>, code: string, field: string | undefined, message: RegExp]
  >([
    ['no field', {}, 'BAD_MAPPING', undefined, /no field at all/],
    ['only an unknown field', { foo: 'x' }, 'BAD_MAPPING', 'foo', /no field "foo"\. Fields: id, svid, .*extra\.NAME$/],
    ['an unknown field among others', { last_name: 'Lee', foo: '' }, 'BAD_MAPPING', 'foo', /no field "foo"/],
    ['an empty name', { last_name: 'Lee', '': 'x' }, 'BAD_MAPPING', '', /no field ""/],
    ['a name that is no key', JSON.parse('{"last_name":"x","__proto__":"y"}'), 'BAD_MAPPING', '__proto__', /__proto__/],
    [
      'a field in two words',
      { 'last name': 'A', 'last  name': 'B' },
      'BAD_MAPPING',
      'last name',
      /gives "last name" twice/,
    ],
    [
      'a field by two headers',
      { first_name: 'A', 'First Name': 'B' },
      'BAD_MAPPING',
      'First Name',
      /gives its first_name twice/,
    ],
    ['a list for a value', { first_name: ['A'] }, 'BAD_VALUE', 'first_name', /first_name is no text but "\[\\"A\\"\]"/],
    ['true for a value', { phone: true }, 'BAD_VALUE', 'phone', /phone is no text but "true"/],
    ['a malformed value', { last_name: 'A', zip: 'ab' }, 'BAD_VALUE', 'zip', /^Column "zip": "ab" is not a ZIP$/],
    ['a birth to come', { birth_date: '2031-01-01' }, 'BAD_VALUE', 'birth_date', /is not a date of birth$/],
  ])('refuses %s, naming it', (_, values, code, field, message) => {
    const details = field === undefined ? {} : { field }
    expect(decodeContact(values, today)).toMatchObject({
      left: { code, details, message: expect.stringMatching(message) },
    })
  })

  it('takes blanks of any kind for nobody', () => {
    const blank = fc.constantFrom('', ' ', '\t', null, 'n/a', 'NULL', '-')
    const names = fc.subarray(['first_name', 'last_name', 'svid', 'phone', 'email', 'city'], { minLength: 1 })
    fc.assert(
      fc.property(names, fc.array(blank, { minLength: 6, maxLength: 6 }), (fields, values) => {
        const contact = Object.fromEntries(fields.map((field, i) => [field, values[i]]))
        expect(decodeContact(contact, today)).toEqual({ _tag: 'Right', right: {} })
      }),
    )
  })
})

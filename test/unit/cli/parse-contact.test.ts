import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseContact } from '../../../src/cli/parse-contact.js'

describe('parseContact', () => {
  it.each([
    ['first_name=Ann,last_name=Lee', { first_name: 'Ann', last_name: 'Lee' }],
    ['First Name=Ann, Last Name=Lee', { 'First Name': 'Ann', 'Last Name': 'Lee' }],
    ['address1=1 Main St, Apt 4,city=Miami', { address1: '1 Main St, Apt 4', city: 'Miami' }],
    ['address2=#4=B,extra.job=', { address2: '#4=B', 'extra.job': '' }],
    [' {"first_name": "Ann", "zip": 33101}', { first_name: 'Ann', zip: 33101 }],
  ])('reads %s', (text, values) => {
    expect(parseContact(text)).toEqual({ _tag: 'Right', right: values })
  })

  it.each([
    ['', /"" is neither field=value/],
    ['Ann Lee', /"Ann Lee" is neither/],
    ['=Ann', /is neither/],
    ['[1]', /is neither field=value,field=value nor a JSON object/],
    ['{"first_name": ', /is no JSON object: /],
    ['first_name=A,first_name=B', /gives "first_name" twice/],
  ])('refuses %s', (text, message) => {
    expect(parseContact(text)).toMatchObject({ left: { code: 'BAD_USAGE', message: expect.stringMatching(message) } })
  })

  it('reads the same contact in both forms', () => {
    const field = fc.constantFrom('first_name', 'last_name', 'address1', 'Zip Code', 'extra.job')
    const value = fc.stringMatching(/^[A-Za-z0-9 #.]*$/)
    fc.assert(
      fc.property(fc.dictionary(field, value, { minKeys: 1 }), (contact) => {
        const pairs = Object.entries(contact).map(([name, text]) => `${name}=${text}`)
        expect(parseContact(pairs.join(','))).toEqual(parseContact(JSON.stringify(contact)))
      }),
    )
  })
})

import { describe, expect, it } from 'vitest'
import type { Contact } from '../../../events/contact.js'
import { personKeys } from '../../../projections/person/person-keys.js'

const ann: Contact = {
  first_name: 'Ann',
  last_name: 'Lee-Ray',
  phone: '+13055550100',
  email: 'ann@example.org',
  address1: '12 North Main Street',
  address2: 'Apt 4',
  zip: '33101',
}

const keyOf = (contact: Contact, kind: string): string | undefined =>
  personKeys(contact).find((one) => one.kind === kind)?.key

describe('personKeys', () => {
  it('gives phone, e-mail and address in this order, as UUID texts', () => {
    const keys = personKeys(ann)
    expect(keys.map(({ kind }) => kind)).toEqual(['phone', 'email', 'address'])
    for (const { key } of keys) expect(key).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect(personKeys({ ...ann })).toEqual(keys)
  })

  it.each([
    ['another spelling of the names', { first_name: 'ANN', last_name: 'Lee Ray' }, 'email'],
    ['another writing of the address', { address1: '12 N. MAIN ST', address2: '#4' }, 'address'],
    ['ZIP and four', { zip: '33101-1234' }, 'address'],
  ])('is the same for %s', (_, change, kind) => {
    expect(keyOf({ ...ann, ...change }, kind)).toBe(keyOf(ann, kind))
  })

  it.each([
    ['another first name', { first_name: 'Bo' }, 'email'],
    ['another unit', { address2: 'Apt 5' }, 'address'],
    ['another number', { address1: '14 North Main Street' }, 'address'],
    ['another ZIP', { zip: '33102' }, 'address'],
    ['another phone', { phone: '+13055550101' }, 'phone'],
  ])('differs for %s', (_, change, kind) => {
    expect(keyOf({ ...ann, ...change }, kind)).not.toBe(keyOf(ann, kind))
  })

  it('needs both names, and a ZIP with the address', () => {
    const { first_name: _f, ...nameless } = ann
    const { zip: _z, ...placeless } = ann
    expect(personKeys(nameless)).toEqual([])
    expect(personKeys({ ...ann, last_name: 'UNKNOWN' })).toEqual([])
    expect(personKeys(placeless).map(({ kind }) => kind)).toEqual(['phone', 'email'])
  })
})

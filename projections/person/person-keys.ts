import type { Contact } from '../../events/contact.js'
import { sha256Hex } from '../../events/sha256.js'
import { parseAddress } from '../../src/normalise/address.js'
import { nameValue, streetValue, unitValue, zipValue } from '../../src/normalise/match-values.js'

export interface PersonKey {
  readonly kind: 'phone' | 'email' | 'address'
  /** UUID text of the first 16 bytes of SHA-256 over names, kind and value */
  readonly key: string
}

const addressValue = ({ address1, address2, house_number, zip }: Contact): string => {
  const zip5 = zipValue(zip ?? '')
  if (address1 === undefined || zip5 === '') return ''
  const parts = parseAddress(address1, address2, house_number)
  const street = streetValue(parts)
  return street === '' ? '' : `${street}|${parts.number}|${unitValue(parts)}|${zip5}`
}

const keyOf = (first: string, last: string, kind: PersonKey['kind'], value: string): PersonKey => {
  const hex = sha256Hex(`${first}|${last}|${kind}|${value}`)
  return {
    kind,
    key: `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`,
  }
}

const build = (contact: Contact): readonly PersonKey[] => {
  const first = nameValue(contact.first_name ?? '')
  const last = nameValue(contact.last_name ?? '')
  if (first === '' || last === '') return []
  const values = { phone: contact.phone ?? '', email: contact.email ?? '', address: addressValue(contact) } as const
  return (['phone', 'email', 'address'] as const).flatMap((kind) =>
    values[kind] === '' ? [] : [keyOf(first, last, kind, values[kind])],
  )
}

/** An import asks twice for one contact: to find the person, and when the event is folded. */
const built = new WeakMap<Contact, readonly PersonKey[]>()

/**
 * The keys under which a contact's person is known: first and last name with each of phone, e-mail and address + ZIP, in
 * this order, on normalised values. Two contacts that share a key are one person. None without both names.
 */
export const personKeys = (contact: Contact): readonly PersonKey[] => {
  const before = built.get(contact)
  if (before !== undefined) return before
  const keys = build(contact)
  built.set(contact, keys)
  return keys
}

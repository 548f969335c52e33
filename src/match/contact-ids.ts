import type { PreparedContact } from './prepared.js'
import { idOf, type VoterIndex } from './voter-index.js'

/** A contact's values as vocabulary ids of one voter index: 0 not given, −1 in no voter's row. */
export interface ContactIds {
  readonly first: number
  readonly middle: number
  readonly last: number
  readonly suffix: number
  readonly sex: number
  readonly number: number
  readonly street: number
  readonly unit: number
  readonly city: number
  readonly zip: number
  readonly phone: number
  readonly email: number
}

export const contactIds = (index: VoterIndex, contact: PreparedContact): ContactIds => {
  const v = index.vocabularies
  return {
    first: idOf(v.first, contact.first),
    middle: idOf(v.middle, contact.middle),
    last: idOf(v.last, contact.last),
    suffix: idOf(v.suffix, contact.suffix),
    sex: idOf(v.sex, contact.sex),
    number: idOf(v.number, contact.number),
    street: idOf(v.street, contact.street),
    unit: idOf(v.unit, contact.unit),
    city: idOf(v.city, contact.city),
    zip: idOf(v.zip, contact.zip),
    phone: idOf(v.phone, contact.phone),
    email: idOf(v.email, contact.email),
  }
}

import { nameAddressHash, nameCityHash, soundexAddressHash, soundexBirthHash } from './key-hash.js'
import type { PreparedContact } from './prepared.js'
import type { Tier } from './ruleset.js'
import { eachRow, hashText, idOf, type KeyIndex, textOf, type VoterIndex } from './voter-index.js'

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

/** True when the voter lives at the contact's number, street and ZIP; units may be missing but must not differ. */
const sameAddress = (index: VoterIndex, ids: ContactIds, row: number): boolean => {
  const c = index.columns
  if (ids.street <= 0 || ids.zip <= 0 || ids.number < 0) return false
  if (c.street[row] !== ids.street || c.number[row] !== ids.number || c.zip[row] !== ids.zip) return false
  const unit = c.unit[row]!
  return unit === 0 || ids.unit === 0 || unit === ids.unit
}

/** Calls `found` with every row at a tier's key, ascending. No allocation per row. */
export const findCandidates = (
  index: VoterIndex,
  contact: PreparedContact,
  ids: ContactIds,
  tier: Tier,
  found: (row: number) => void,
): void => {
  const { columns, birthDate, lastSoundex } = index
  const accept = (row: number): void => {
    for (const field of tier.also) {
      if (field === 'address' && !sameAddress(index, ids, row)) return
      if (field === 'birth_date' && (contact.birthDate === 0 || birthDate[row] !== contact.birthDate)) return
    }
    found(row)
  }
  const scan = (key: KeyIndex, hash: number, same: (row: number) => boolean): void => {
    eachRow(key, hash, (row) => {
      if (same(row)) accept(row)
    })
  }
  const { first, last, number, street, zip, city } = ids
  switch (tier.key) {
    case 'svid': {
      if (contact.svid === '') return
      scan(index.keys.svid, hashText(contact.svid), (row) => textOf(index.svids, row + 1) === contact.svid)
      return
    }
    case 'name_address': {
      if (first <= 0 || last <= 0 || street <= 0 || zip <= 0 || number < 0) return
      const hash = nameAddressHash(first, last, number, street, zip)
      scan(
        index.keys.name_address,
        hash,
        (row) => columns.first[row] === first && columns.last[row] === last && sameAddress(index, ids, row),
      )
      return
    }
    case 'name_city': {
      if (first <= 0 || last <= 0 || city <= 0) return
      const hash = nameCityHash(first, last, city)
      scan(
        index.keys.name_city,
        hash,
        (row) => columns.first[row] === first && columns.last[row] === last && columns.city[row] === city,
      )
      return
    }
    case 'soundex_birth': {
      const { soundex, birthDate: born } = contact
      if (soundex === 0 || born === 0 || born % 100 === 0) return
      const hash = soundexBirthHash(soundex, born)
      scan(
        index.keys.soundex_birth,
        hash,
        (row) => birthDate[row] === born && lastSoundex[columns.last[row]!] === soundex,
      )
      return
    }
    case 'soundex_address': {
      const { soundex } = contact
      if (soundex === 0 || street <= 0 || zip <= 0 || number < 0) return
      const hash = soundexAddressHash(soundex, number, street, zip)
      scan(
        index.keys.soundex_address,
        hash,
        (row) => lastSoundex[columns.last[row]!] === soundex && sameAddress(index, ids, row),
      )
    }
  }
}

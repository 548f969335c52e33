import { nameAddressHash, nameCityHash, soundexAddressHash, soundexBirthHash } from './key-hash.js'
import type { PreparedContact } from './prepared.js'
import type { Tier } from './ruleset.js'
import { eachRow, hashText, idOf, recordAt, recordWidth, textOf, type VoterIndex } from './voter-index.js'

/** What the keys of tiers are made of. Texts as ids of one voter index: 0 not given, −1 in no voter's row. */
export interface KeyIds {
  readonly svid: string
  readonly first: number
  readonly last: number
  readonly number: number
  readonly street: number
  readonly unit: number
  readonly city: number
  readonly zip: number
  readonly birthDate: number
  readonly soundex: number
}

export const keyIds = ({ vocabularies: v }: VoterIndex, contact: PreparedContact): KeyIds => ({
  svid: contact.svid,
  first: idOf(v.first, contact.first),
  last: idOf(v.last, contact.last),
  number: idOf(v.number, contact.number),
  street: idOf(v.street, contact.street),
  unit: idOf(v.unit, contact.unit),
  city: idOf(v.city, contact.city),
  zip: idOf(v.zip, contact.zip),
  birthDate: contact.birthDate,
  soundex: contact.soundex,
})

/** The hash of a tier's key, 0 for a contact that lacks a part of it or has one that no voter has. */
export const keyHash = (tier: Tier, ids: KeyIds): number => {
  const { first, last, number, street, zip, city, soundex, birthDate } = ids
  switch (tier.key) {
    case 'svid':
      return ids.svid === '' ? 0 : hashText(ids.svid)
    case 'name_address':
      return first <= 0 || last <= 0 || !isAddress(ids) ? 0 : nameAddressHash(first, last, number, street, zip)
    case 'name_city':
      return first <= 0 || last <= 0 || city <= 0 ? 0 : nameCityHash(first, last, city)
    case 'soundex_birth':
      return soundex === 0 || birthDate % 100 === 0 ? 0 : soundexBirthHash(soundex, birthDate)
    case 'soundex_address':
      return soundex === 0 || !isAddress(ids) ? 0 : soundexAddressHash(soundex, number, street, zip)
  }
}

const isAddress = ({ number, street, zip }: KeyIds): boolean => street > 0 && zip > 0 && number >= 0

/** True when the voter lives at the contact's number, street and ZIP; units may be missing but must not differ. */
const isSameAddress = ({ records, columns }: VoterIndex, ids: KeyIds, row: number): boolean => {
  const at = row * recordWidth
  if (records[at + recordAt.street] !== ids.street || records[at + recordAt.number] !== ids.number) return false
  if (records[at + recordAt.zip] !== ids.zip || !isAddress(ids)) return false
  const unit = columns.unit[row]!
  return unit === 0 || ids.unit === 0 || unit === ids.unit
}

/** True when a row that a contact's key hash finds is at the tier: what shares a hash by chance is not. */
export const isAtTier = (index: VoterIndex, tier: Tier, ids: KeyIds, row: number): boolean => {
  const { records, lastSoundex } = index
  const at = row * recordWidth
  switch (tier.key) {
    case 'svid':
      if (textOf(index.svids, row + 1) !== ids.svid) return false
      break
    case 'name_address':
      if (records[at + recordAt.first] !== ids.first || records[at + recordAt.last] !== ids.last) return false
      if (!isSameAddress(index, ids, row)) return false
      break
    case 'name_city':
      if (records[at + recordAt.first] !== ids.first || records[at + recordAt.last] !== ids.last) return false
      if (records[at + recordAt.city] !== ids.city) return false
      break
    case 'soundex_birth':
      if (records[at + recordAt.birth] !== ids.birthDate) return false
      if (lastSoundex[records[at + recordAt.last]!] !== ids.soundex) return false
      break
    case 'soundex_address':
      if (lastSoundex[records[at + recordAt.last]!] !== ids.soundex || !isSameAddress(index, ids, row)) return false
  }
  for (const field of tier.also) {
    if (field === 'address' && !isSameAddress(index, ids, row)) return false
    if (field === 'birth_date' && (ids.birthDate === 0 || records[at + recordAt.birth] !== ids.birthDate)) return false
  }
  return true
}

/** Calls `found` with every row at a tier's key, ascending: for a contact alone; `lookUpTier` is for many. */
export const findCandidates = (index: VoterIndex, ids: KeyIds, tier: Tier, found: (row: number) => void): void => {
  const hash = keyHash(tier, ids)
  if (hash === 0) return
  eachRow(index.keys[tier.key], hash, (row) => {
    if (isAtTier(index, tier, ids, row)) found(row)
  })
}

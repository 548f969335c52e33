import type { ContactIds } from './contact-ids.js'
import type { PreparedContact } from './prepared.js'
import type { VoterIndex } from './voter-index.js'

/** The fields a pair is compared on, in the order of a candidate's level codes. */
export const comparedFields = [
  'svid',
  'first_name',
  'middle_name',
  'last_name',
  'suffix',
  'sex',
  'birth_date',
  'address',
  'city',
  'zip',
  'phone',
  'email',
] as const

/** Levels by code, worst first, so that the best of several contacts is the highest code. */
export const levelNames = ['missing', 'different', 'initial', 'sounds_alike', 'year', 'same_building', 'equal'] as const
type LevelName = (typeof levelNames)[number]

const code = Object.fromEntries(levelNames.map((name, i) => [name, i])) as Record<LevelName, number>

const equality = (given: number, voters: number): number => {
  if (given === 0 || voters === 0) return code.missing
  return given === voters ? code.equal : code.different
}

/** Raises `levels[at + f]` of each compared field to what this contact reaches against the voter in `row`. */
export const compareFields = (
  index: VoterIndex,
  contact: PreparedContact,
  ids: ContactIds,
  row: number,
  levels: Uint8Array,
  at: number,
  svidEqual: 0 | 1,
): void => {
  const c = index.columns
  const raise = (field: number, level: number): void => {
    if (level > levels[at + field]!) levels[at + field] = level
  }
  raise(0, contact.svid === '' ? code.missing : svidEqual === 1 ? code.equal : code.different)
  raise(1, equality(ids.first, c.first[row]!))
  raise(2, equality(ids.middle, c.middle[row]!))
  const last = c.last[row]!
  const sameSound = contact.soundex !== 0 && index.lastSoundex[last] === contact.soundex
  raise(
    3,
    ids.last !== last && ids.last !== 0 && last !== 0 && sameSound ? code.sounds_alike : equality(ids.last, last),
  )
  raise(4, equality(ids.suffix, c.suffix[row]!))
  raise(5, equality(ids.sex, c.sex[row]!))
  raise(6, birthLevel(contact.birthDate, index.birthDate[row]!))
  raise(7, addressLevel(ids, c.number[row]!, c.street[row]!, c.unit[row]!))
  raise(8, equality(ids.city, c.city[row]!))
  raise(9, equality(ids.zip, c.zip[row]!))
  raise(10, equality(ids.phone, c.phone[row]!))
  raise(11, equality(ids.email, c.email[row]!))
}

const birthLevel = (given: number, voters: number): number => {
  if (given === 0 || voters === 0) return code.missing
  if (given === voters) return given % 100 === 0 ? code.year : code.equal
  return Math.floor(given / 10000) === Math.floor(voters / 10000) ? code.year : code.different
}

const addressLevel = (ids: ContactIds, number: number, street: number, unit: number): number => {
  if (ids.street === 0 || street === 0) return code.missing
  if (ids.street !== street || ids.number !== number) return code.different
  return ids.unit === unit || ids.unit === 0 || unit === 0 ? code.equal : code.same_building
}

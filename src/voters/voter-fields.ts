import type { ContactField } from '../../events/contact.js'
import { knownHeader } from '../lists/known-headers.js'

/** A `*` in one of these means that the state keeps the voter's data from the public. */
export const protectedFields: readonly string[] = [
  'full_name',
  'first_name',
  'middle_name',
  'last_name',
  'birth_date',
  'address1',
  'address2',
  'city',
  'zip',
  'phone',
  'email',
] satisfies readonly ContactField[]

/** Spellings that only registers use, letters and digits alone, after those that lists are known by. */
const registerSpellings: Readonly<Record<string, ContactField>> = {
  ncid: 'svid',
  registrantid: 'svid',
  voterregnum: 'svid',
  voterregno: 'svid',
  sosid: 'svid',
  countyvoterid: 'svid',
  lalvoterid: 'svid',
  i360voterid: 'svid',
  residenceaddressline1: 'address1',
  residenceaddressline2: 'address2',
  residenceline1: 'address1',
  residenceline2: 'address2',
  resstreetaddress: 'address1',
  rescitydesc: 'city',
  zipcode: 'zip',
  residencezipcode: 'zip',
  addressextraline: 'address2',
}

export interface VoterHeader {
  readonly field: ContactField
  /** lower is more specific */
  readonly rank: number
}

/**
 * What a header says of a register's column, the most specific first: a state's id before a vendor's own, which stands in
 * when there is nothing better.
 */
export const voterHeaders = (header: string): readonly VoterHeader[] => {
  const known = knownHeader(header)
  const field = registerSpellings[header.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')]
  return [...(known === undefined ? [] : [known]), ...(field === undefined ? [] : [{ field, rank: 1000 }])]
}

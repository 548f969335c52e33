import type { Contact } from '../../events/contact.js'
import type { VoterFileRef } from '../../events/matchbook.js'
import { hashText, textOf, type VoterIndex } from '../match/voter-index.js'
import { birthValue, cityValue, nameValue, soundexValue, zipValue } from '../normalise/match-values.js'
import type { LoadIndex } from '../rules/rules-in-force.js'
import { prepareContact } from '../runs/prepare-person.js'
import { changedVoters, haveSameExtras } from './changed-voters.js'
import type { StandingRow } from './load-standings.js'

/** What the blocking keys of tiers are made of, normalised, of a voter or of a contact. */
interface KeyParts {
  readonly svid: string
  readonly first: string
  readonly last: string
  readonly soundex: number
  readonly birthDate: number
  readonly number: string
  readonly street: string
  readonly city: string
  readonly zip: string
}
type RoughParts = Omit<KeyParts, 'number' | 'street'>

/** The same, less the parts that take an address to be read: who has none of these in common has no key in common. */
const roughKeysOf = ({ svid, first, last, soundex, birthDate, city, zip }: RoughParts): readonly string[] => [
  `v${svid}`,
  `c${first}|${last}|${city}`,
  `b${soundex}|${birthDate}`,
  `z${soundex}|${zip}`,
]

/** Every key of the tiers as one text; whose texts have none in common meet at no tier. */
const keysOf = ({ svid, first, last, soundex, birthDate, number, street, city, zip }: KeyParts): readonly string[] => {
  const address = `${number}|${street}|${zip}`
  return [
    `v${svid}`,
    `a${first}|${last}|${address}`,
    `c${first}|${last}|${city}`,
    `b${soundex}|${birthDate}`,
    `s${soundex}|${address}`,
  ]
}

/** Bits by hash of what was added: says now and then that something is there which is not, never the other way. */
const sieve = (bits: number) => {
  const words = new Uint32Array(2 ** bits / 32)
  const mask = 2 ** bits - 1
  return {
    add: (text: string): void => {
      const at = hashText(text) & mask
      words[at >>> 5]! |= 1 << (at & 31)
    },
    has: (text: string): boolean => {
      const at = hashText(text) & mask
      return (words[at >>> 5]! & (1 << (at & 31))) !== 0
    },
  }
}

/** 32 MiB; a file of ten million of which a tenth changes has ten million keys here, 4% of the bits. */
const sieveBits = 28

/**
 * Says of a person that a decision by tiers in force stands under other voter files: no voter that is not the same in both
 * meets it at any key, before or now. Undefined: nobody's does. `from` and `to` have the same states.
 */
export const untouchedBy = async (
  from: readonly VoterFileRef[],
  to: readonly VoterFileRef[],
  loadIndex: LoadIndex,
): Promise<((row: StandingRow) => boolean) | undefined> => {
  const near = sieve(sieveBits)
  for (const [at, ref] of to.entries()) {
    const before = from[at]!
    if (before.voterFile === ref.voterFile) continue
    const old = (await loadIndex(before)).index
    const next = (await loadIndex(ref)).index
    if (!haveSameExtras(old, next)) return undefined
    changedVoters(old, next, (index, row) => {
      const parts = voterParts(index, row)
      for (const key of roughKeysOf(parts)) near.add(key)
      for (const key of keysOf(parts)) near.add(key)
    })
  }
  return ({ reason, contacts }) => {
    // several candidates are listed in the order of the file, which another file may have otherwise
    if (reason === 'ambiguous' || reason === 'below_floor') return false
    const given = JSON.parse(contacts ?? '[]') as readonly { readonly contact?: Contact }[]
    return given.every(({ contact }) => {
      if (contact === undefined || !roughKeysOf(roughParts(contact)).some(near.has)) return true
      return !keysOf(prepareContact(contact)).some(near.has)
    })
  }
}

/** As `prepareContact` has them: reading an address costs more than all of these. */
const roughParts = (contact: Contact): RoughParts => {
  const last = nameValue(contact.last_name ?? '')
  return {
    svid: contact.svid ?? '',
    first: nameValue(contact.first_name ?? ''),
    last,
    soundex: soundexValue(last),
    birthDate: birthValue(contact.birth_date ?? '', contact.birth_year ?? ''),
    city: cityValue(contact.city ?? ''),
    zip: zipValue(contact.zip ?? ''),
  }
}

const voterParts = ({ columns, vocabularies, svids, birthDate, lastSoundex }: VoterIndex, row: number): KeyParts => {
  const text = (column: 'first' | 'last' | 'number' | 'street' | 'city' | 'zip'): string =>
    textOf(vocabularies[column], columns[column][row]!)
  return {
    svid: textOf(svids, row + 1),
    first: text('first'),
    last: text('last'),
    soundex: lastSoundex[columns.last[row]!]!,
    birthDate: birthDate[row]!,
    number: text('number'),
    street: text('street'),
    city: text('city'),
    zip: text('zip'),
  }
}

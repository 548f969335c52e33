import type { Contact } from '../../events/contact.js'
import type { VoterFileRef } from '../../events/matchbook.js'
import { hashOfId, hashText, type TextColumn, type VoterIndex } from '../match/voter-index.js'
import { birthValue, cityValue, nameValue, soundexValue, zipValue } from '../normalise/match-values.js'
import type { LoadIndex } from '../rules/rules-in-force.js'
import { prepareContact } from '../runs/prepare-person.js'
import { changedVoters, haveSameExtras } from './changed-voters.js'
import { type KeyParts, keySieve, keysOf, type RoughParts, roughKeysOf } from './key-sieve.js'
import type { StandingRow } from './load-standings.js'

/**
 * Says of a person that a decision by tiers in force stands under other voter files: no voter that is not the same in both
 * meets it at any key, before or now. Undefined: nobody's does. `from` and `to` have the same states.
 */
export const untouchedBy = async (
  from: readonly VoterFileRef[],
  to: readonly VoterFileRef[],
  loadIndex: LoadIndex,
): Promise<((row: StandingRow) => boolean) | undefined> => {
  const near = keySieve()
  const roughParts = roughReader()
  let isReordered = false
  for (const [at, ref] of to.entries()) {
    const before = from[at]!
    if (before.voterFile === ref.voterFile) continue
    const old = (await loadIndex(before)).index
    const next = (await loadIndex(ref)).index
    if (!haveSameExtras(old, next)) return undefined
    const order = changedVoters(old, next, (index, row) => {
      const parts = voterParts(index, row)
      near.add(roughKeysOf(parts))
      near.add(keysOf(parts))
    })
    if (order === 'reordered') isReordered = true
  }
  return ({ reason, contacts }) => {
    // several candidates are listed in the order of the file
    if (isReordered && (reason === 'ambiguous' || reason === 'below_floor')) return false
    const given = JSON.parse(contacts ?? '[]') as readonly { readonly contact?: Contact }[]
    return given.every(({ contact }) => {
      if (contact === undefined) return true
      const rough = roughParts(contact)
      if (!near.hasAny(roughKeysOf(rough))) return true
      const { number, street } = prepareContact(contact)
      return !near.hasAny(keysOf({ ...rough, number: hashOf(number), street: hashOf(street) }))
    })
  }
}

const hashOf = (text: string): number => (text === '' ? 0 : hashText(text))

/** Texts that are kept with what was read of them; most persons share their names and their town with others. */
const mostKept = 200_000

const kept = <A>(read: (text: string) => A): ((text: string) => A) => {
  const known = new Map<string, A>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) return before
    if (known.size === mostKept) known.clear()
    const now = read(text)
    known.set(text, now)
    return now
  }
}

/** As `prepareContact` has them: reading an address costs more than all of these. */
const roughReader = (): ((contact: Contact) => RoughParts) => {
  const firstOf = kept((text) => hashOf(nameValue(text)))
  const lastOf = kept((text) => {
    const last = nameValue(text)
    return { last: hashOf(last), soundex: soundexValue(last) }
  })
  const cityOf = kept((text) => hashOf(cityValue(text)))
  const zipOf = kept((text) => hashOf(zipValue(text)))
  return (contact) => ({
    svid: hashOf(contact.svid ?? ''),
    first: firstOf(contact.first_name ?? ''),
    ...lastOf(contact.last_name ?? ''),
    birthDate: birthValue(contact.birth_date ?? '', contact.birth_year ?? ''),
    city: cityOf(contact.city ?? ''),
    zip: zipOf(contact.zip ?? ''),
  })
}

const voterParts = ({ columns, vocabularies, svids, birthDate, lastSoundex }: VoterIndex, row: number): KeyParts => {
  const hashIn = (column: TextColumn): number => {
    const id = columns[column][row]!
    return id === 0 ? 0 : hashOfId(vocabularies[column], id)
  }
  return {
    svid: hashOfId(svids, row + 1),
    first: hashIn('first'),
    last: hashIn('last'),
    soundex: lastSoundex[columns.last[row]!]!,
    birthDate: birthDate[row]!,
    number: hashIn('number'),
    street: hashIn('street'),
    city: hashIn('city'),
    zip: hashIn('zip'),
  }
}

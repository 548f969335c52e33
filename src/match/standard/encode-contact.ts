import { type ContactIds, contactIds } from '../find-candidates.js'
import type { PreparedContact } from '../prepared.js'
import { idOf, type VoterIndex } from '../voter-index.js'
import { type NamesInEmail, namesInEmail } from './names-in-email.js'
import { lettersIn } from './similarity.js'

/** What kind of name a contact gives, in the order of the classes of `levels.ts`. */
const nameClass = { rare: 0, common: 1, unknown: 2, initial: 3, nickname: 4 } as const

/** A contact as comparing reads it: ids in the index, names as bytes, classes. */
export interface EncodedContact {
  readonly given: PreparedContact
  readonly ids: ContactIds
  readonly firstName: Word
  readonly lastName: Word
  readonly streetName: Word
  readonly cityName: Word
  readonly numberBytes: Uint8Array
  readonly zipBytes: Uint8Array
  readonly firstClass: number
  readonly lastClass: number
  readonly placeClass: number
  readonly birthClass: number
  /** the first name as a last name and the other way round: 0 not given, −1 in no voter's row */
  readonly firstAsLast: number
  readonly lastAsFirst: number
  /** ids of first names that are nicknames of the contact's, those that voters have */
  readonly nicknames: Int32Array
  /** the first name as a middle name: 0 not given, −1 in no voter's row */
  readonly firstAsMiddle: number
  readonly inEmail: NamesInEmail
  /** ids of extra columns, in the order of the ruleset's extras */
  readonly extras: Int32Array
}

/** A value as bytes, and which letters are in it. */
export interface Word {
  readonly bytes: Uint8Array
  readonly letters: number
}

const encoder = new TextEncoder()

/** UTF-8; most values are ASCII, which needs no encoder. */
const bytesOf = (text: string): Uint8Array => {
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > 127) return encoder.encode(text)
    bytes[i] = code
  }
  return bytes
}

const wordOf = (text: string): Word => {
  const bytes = bytesOf(text)
  return { bytes, letters: lettersIn(bytes, 0, bytes.length) }
}

/** A name is common when at least one voter in 2,000 has it. */
const commonShare = 1 / 2000

const classOf = (name: string, id: number, count: number, voters: number): number => {
  if (name.length === 1) return nameClass.initial
  if (id < 0) return nameClass.unknown
  return count >= voters * commonShare ? nameClass.common : nameClass.rare
}

export const encodeContact = (index: VoterIndex, given: PreparedContact, extras: readonly string[]): EncodedContact => {
  const { vocabularies: v, voters } = index
  const ids = contactIds(index, given)
  const nicknames = given.nicknames.map((name) => idOf(v.first, name)).filter((id) => id > 0)
  const plain = classOf(given.first, ids.first, ids.first > 0 ? v.first.counts[ids.first]! : 0, voters)
  const hasAddress = given.street !== ''
  return {
    given,
    ids,
    firstName: wordOf(given.first),
    lastName: wordOf(given.last),
    streetName: wordOf(given.street),
    cityName: wordOf(given.city),
    numberBytes: bytesOf(given.number),
    zipBytes: bytesOf(given.zip),
    firstClass: plain < nameClass.unknown && nicknames.length > 0 ? nameClass.nickname : plain,
    lastClass: classOf(given.last, ids.last, ids.last > 0 ? v.last.counts[ids.last]! : 0, voters),
    placeClass: (hasAddress ? 1 : 0) + (ids.zip === 0 ? 0 : 2) + (ids.city === 0 ? 0 : 4),
    birthClass: given.birthDate % 100 === 0 ? 2 : given.birthDate % 10_000 === 101 ? 1 : 0,
    firstAsLast: idOf(v.last, given.first),
    lastAsFirst: idOf(v.first, given.last),
    firstAsMiddle: given.first.length < 2 ? 0 : idOf(v.middle, given.first),
    inEmail: namesInEmail(index, given.email, given.first, given.last),
    nicknames: Int32Array.from(nicknames),
    extras: Int32Array.from(extras, (name) => {
      const extra = index.extras[name]
      return extra === undefined ? 0 : idOf(extra.vocabulary, given.extras?.[name] ?? '')
    }),
  }
}

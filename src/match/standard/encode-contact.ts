import { type ContactIds, contactIds } from '../contact-ids.js'
import type { PreparedContact } from '../prepared.js'
import { emailSketch, phoneSketch, sketchWord } from '../sketch.js'
import { idOf, type VoterIndex } from '../voter-index.js'
import { fieldAt, fields } from './levels.js'
import { type Word, wordOf } from './names.js'
import { type NamesInEmail, namesInEmail } from './names-in-email.js'

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
  /** class of each field, extras included */
  readonly classes: Uint8Array
  /** the first name as a last name and the other way round: 0 not given, −1 in no voter's row */
  readonly firstAsLast: number
  readonly lastAsFirst: number
  /** ids of first names that are nicknames of the contact's, those that voters have */
  readonly nicknames: Int32Array
  /** the first name as a middle name: 0 not given, −1 in no voter's row */
  readonly firstAsMiddle: number
  readonly inEmail: NamesInEmail
  /** letters of the e-mail address before the @ */
  readonly user: number
  /** of phone and e-mail */
  readonly sketch: number
  /** ids of extra columns, in the order of the ruleset's extras */
  readonly extras: Int32Array
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

const sketchOf = ({ phone, email }: PreparedContact): number => {
  const phoneBytes = bytesOf(phone)
  const emailBytes = bytesOf(email)
  return sketchWord(phoneSketch(phoneBytes, 0, phoneBytes.length), emailSketch(emailBytes, 0, emailBytes.length))
}

const noIds = new Int32Array(0)
const knownNicknames = new WeakMap<VoterIndex, Map<string, Int32Array>>()

/** Of those that voters have; kept by name, as most contacts share their first name with others. */
const nicknameIds = (index: VoterIndex, { first, nicknames }: PreparedContact): Int32Array => {
  if (nicknames.length === 0) return noIds
  const known = knownNicknames.get(index) ?? new Map<string, Int32Array>()
  if (known.size === 0) knownNicknames.set(index, known)
  const before = known.get(first)
  if (before !== undefined) return before
  const ids = Int32Array.from(nicknames, (name) => idOf(index.vocabularies.first, name)).filter((id) => id > 0)
  known.set(first, ids)
  return ids
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
  const nicknames = nicknameIds(index, given)
  const plain = classOf(given.first, ids.first, ids.first > 0 ? v.first.counts[ids.first]! : 0, voters)
  const classes = new Uint8Array(fields.length + extras.length)
  classes[fieldAt.first_name] = plain < nameClass.unknown && nicknames.length > 0 ? nameClass.nickname : plain
  classes[fieldAt.last_name] = classOf(given.last, ids.last, ids.last > 0 ? v.last.counts[ids.last]! : 0, voters)
  classes[fieldAt.place] = (given.street !== '' ? 1 : 0) + (ids.zip === 0 ? 0 : 2) + (ids.city === 0 ? 0 : 4)
  classes[fieldAt.birth_date] = given.birthDate % 100 === 0 ? 2 : given.birthDate % 10_000 === 101 ? 1 : 0
  return {
    given,
    ids,
    firstName: wordOf(bytesOf(given.first)),
    lastName: wordOf(bytesOf(given.last)),
    streetName: wordOf(bytesOf(given.street)),
    cityName: wordOf(bytesOf(given.city)),
    numberBytes: bytesOf(given.number),
    zipBytes: bytesOf(given.zip),
    classes,
    firstAsLast: idOf(v.last, given.first),
    lastAsFirst: idOf(v.first, given.last),
    firstAsMiddle: given.first.length < 2 ? 0 : idOf(v.middle, given.first),
    inEmail: namesInEmail(index, given.email, given.first, given.last),
    user: given.email.indexOf('@'),
    sketch: sketchOf(given),
    nicknames,
    extras: extras.length === 0 ? noIds : extraIds(index, given, extras),
  }
}

const extraIds = ({ extras }: VoterIndex, given: PreparedContact, names: readonly string[]): Int32Array =>
  Int32Array.from(names, (name) => {
    const extra = extras[name]
    return extra === undefined ? 0 : idOf(extra.vocabulary, given.extras[name] ?? '')
  })

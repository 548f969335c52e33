import type { PreparedContact } from './prepared.js'

/**
 * A list of prepared contacts as text: a fifth of the memory of objects, and a thread is handed a chunk at the price of
 * copying bytes, where cloning the objects took longer than matching them.
 */
export interface PackedContacts {
  readonly count: number
  /** each of `contactsPerChunk` contacts, the last of what is left */
  readonly chunks: readonly string[]
}

/** Some tens of milliseconds of work. */
export const contactsPerChunk = 1_000

/** Values without their names, which take more than half of the text. */
const pack = (c: PreparedContact): readonly unknown[] => [
  c.svid,
  c.first,
  c.middle,
  c.last,
  c.suffix,
  c.sex,
  c.birthDate,
  c.number,
  c.street,
  c.unit,
  c.city,
  c.zip,
  c.phone,
  c.email,
  c.soundex,
  c.nicknames,
  c.extras,
]

type Texts = readonly string[]

const unpack = (packed: readonly unknown[]): PreparedContact => {
  const texts = packed as Texts
  return {
    svid: texts[0]!,
    first: texts[1]!,
    middle: texts[2]!,
    last: texts[3]!,
    suffix: texts[4]!,
    sex: texts[5]!,
    birthDate: packed[6] as number,
    number: texts[7]!,
    street: texts[8]!,
    unit: texts[9]!,
    city: texts[10]!,
    zip: texts[11]!,
    phone: texts[12]!,
    email: texts[13]!,
    soundex: packed[14] as number,
    nicknames: packed[15] as readonly string[],
    extras: packed[16] as Readonly<Record<string, string>>,
  }
}

export const packContacts = (contacts: readonly PreparedContact[]): string => JSON.stringify(contacts.map(pack))

export const unpackContacts = (chunk: string): readonly PreparedContact[] =>
  (JSON.parse(chunk) as readonly (readonly unknown[])[]).map(unpack)

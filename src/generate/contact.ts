import type { ContactKind } from './contact-kinds.js'
import { type ContactName, nameContact } from './contact-name.js'
import { type ContactPlace, placeContact } from './contact-place.js'
import { dateContact, mailContact, phoneContact } from './contact-reach.js'
import type { Individual } from './individual.js'
import type { ListSource } from './list-sources.js'
import { middleAndSuffixOf } from './middle-and-suffix.js'
import type { Places } from './places.js'
import { Random } from './random.js'
import type { Names } from './read-names.js'
import { isMasked } from './register-voter.js'
import { streams } from './streams.js'

/** What a list says of somebody: capitals, ISO dates, ten-digit phones; '' where it says nothing. */
export interface Contact extends ContactName, ContactPlace {
  readonly sex: string
  readonly birthDate: string
  readonly phone: string
  readonly mail: string
}

interface Described {
  readonly contact: Contact
  readonly kinds: ReadonlySet<ContactKind>
}

/** What a generated population is made of. */
export interface Ground {
  readonly seed: number
  readonly places: Places
  readonly names: Names
  /** The counties that get a file in Florida's format. */
  readonly counties: readonly string[]
}

/** Describes a person as the list's entry with this serial number has it. */
export type Describe = (person: Individual, entry: number, source: ListSource) => Described

export const describer = ({ seed, places, names }: Ground): Describe => {
  const random = new Random(seed)
  // Properties of the person have their own sequences: the entry's own must not be disturbed by them.
  const inner = new Random(seed)
  return (person, entry, source) => {
    const kinds = new Set<ContactKind>()
    const note = (kind: ContactKind): void => void kinds.add(kind)
    const legal = middleAndSuffixOf(person, names, inner)
    if (person.voter === -1) note('not_in_file')
    else if (isMasked(person, inner)) note('masked')
    if (person.adult.namesake !== 'none') note('junior')
    if (person.adult.twin) note('twin')
    random.at(streams.contact, entry)
    const name = nameContact(person, legal, source, names, random, note)
    const place = placeContact(person.living.home, source, places, random, note)
    const sex = random.chance(source.sex) ? person.adult.sex : ''
    const birthDate = dateContact(person.adult.born, source, random, note)
    const mail = mailContact(person, source, random.at(streams.contactMail, entry), note)
    const phone = phoneContact(person, source, random.at(streams.contactPhone, entry), note)
    return { contact: { ...name, ...place, sex, birthDate, phone, mail }, kinds }
  }
}

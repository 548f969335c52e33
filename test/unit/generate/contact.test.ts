import { describe, expect, it } from 'vitest'
import { type Contact, describer } from '../../../src/generate/contact.js'
import { type ContactKind, contactKinds } from '../../../src/generate/contact-kinds.js'
import { householdsOf } from '../../../src/generate/household.js'
import type { Individual } from '../../../src/generate/individual.js'
import { drawSource } from '../../../src/generate/list-sources.js'
import { hasNickname } from '../../../src/generate/nickname.js'
import { cellPhoneOf, landlineOf } from '../../../src/generate/phones.js'
import { countyCodes, ownZips, placesOf } from '../../../src/generate/places.js'
import { countPopulation, peopleOf } from '../../../src/generate/population.js'
import { Random } from '../../../src/generate/random.js'
import { ownNames } from '../../../src/generate/read-names.js'
import { rough } from '../../../src/generate/rough-contact.js'

const seed = 3
const ground = { seed, names: ownNames(), places: placesOf(ownZips(), seed), counties: countyCodes }
const population = countPopulation(30_000, seed)
const people = peopleOf(population, householdsOf(ground.places, ground.names, new Random(seed)), seed)
const everybody = Array.from({ length: population.households }, (_, household) => people(household)).flat()
const describeAs = describer(ground)
const random = new Random(seed)
const described = everybody.map((person, entry) => ({
  person,
  ...describeAs(person, entry, drawSource(random.at(999, entry))),
}))
const withKind = (kind: ContactKind) => described.filter(({ kinds }) => kinds.has(kind))
const each = (kind: ContactKind, test: (contact: Contact, person: Individual) => void): void => {
  for (const { contact, person } of withKind(kind)) test(contact, person)
}

describe('describer', () => {
  it('does every kind of damage to some of 60,000', () => {
    const done = new Set(described.flatMap(({ kinds }) => [...kinds]))
    expect(contactKinds.filter((kind) => !done.has(kind))).toEqual(['repeat'])
  })

  it('gives the same description for the same entry, whoever came before', () => {
    const again = describer(ground)
    for (const entry of [5, 40_000, 17, 17]) {
      const source = drawSource(random.at(999, entry))
      expect(again(everybody[entry]!, entry, source).contact).toEqual(described[entry]!.contact)
    }
  })

  it('leaves first and last name as they are where no kind says otherwise', () => {
    const kinds: ContactKind[] = [
      'married',
      'nickname',
      'initial',
      'middle_as_first',
      'swapped_names',
      'hyphen',
      'particle',
      'suffix_in_name',
      'typo',
      'ocr',
    ]
    const untouched = described.filter(({ kinds: done }) => !kinds.some((kind) => done.has(kind)))
    expect(untouched.length / described.length).toBeGreaterThan(0.8)
    for (const { contact, person } of untouched)
      expect([contact.first, contact.last]).toEqual([person.adult.first, person.adult.last])
  })

  it('calls those by a nickname who have one', () => {
    each('nickname', (_, { adult }) => expect(hasNickname(adult.first)).toBe(true))
  })

  it('names brides by another surname, women all', () => {
    each('married', (_, { adult }) => expect(adult.sex).toBe('F'))
    const same = withKind('married').filter(({ contact, person }) => contact.last === person.adult.last)
    expect(same.length / withKind('married').length).toBeLessThan(0.05)
  })

  it('leaves empty what it says is missing', () => {
    each('missing_birth_date', (contact) => expect(contact.birthDate).toBe(''))
    each('missing_address', (contact) => expect(contact.address1).toBe(''))
    each('missing_city', (contact) => expect(contact.city).toBe(''))
    each('missing_zip', (contact) => expect(contact.zip).toBe(''))
    each('missing_phone', (contact) => expect(contact.phone).toBe(''))
    each('missing_email', (contact) => expect(contact.mail).toBe(''))
  })

  it('swaps day and month to the day, and gives a year alone as four digits', () => {
    each('birth_date_swapped', ({ birthDate }, { adult }) => {
      const [year, month, day] = birthDate.split('-').map(Number)
      expect({ year, month: day, day: month }).toEqual(adult.born)
    })
    each('birth_year_only', ({ birthDate }, { adult }) => expect(birthDate).toBe(String(adult.born.year)))
  })

  it('gives a telephone of the household where it says shared', () => {
    each('shared_phone', ({ phone }, person) => {
      const { adults } = person.living
      const known = [
        landlineOf(person, new Random(seed)),
        ...adults.map((_, i) => cellPhoneOf(person, i, new Random(seed))),
      ]
      expect(known).toContain(phone)
    })
  })

  it('writes only what a line of CSV or tabs can hold, in ASCII', () => {
    for (const { contact } of described) expect(Object.values(contact).join('|')).toMatch(/^[^,"\t\n\u0080-\uffff]*$/)
  })

  it('writes to nobody: every mail address ends in .example', () => {
    for (const { contact } of described) expect(contact.mail === '' || contact.mail.endsWith('.example')).toBe(true)
  })
})

describe('rough', () => {
  const plain = described.slice(0, 5000).map(({ contact }) => contact)
  const rows = plain.map((contact, entry) => rough(contact, entry, seed))

  it('changes case and form only', () => {
    rows.forEach((row, i) => {
      expect(row.first.toUpperCase()).toBe(plain[i]!.first)
      expect(row.address1.toUpperCase()).toBe(plain[i]!.address1)
      expect(row.phone.replace(/\D/g, '').slice(-10)).toBe(plain[i]!.phone)
      expect(row.zip.slice(0, 5)).toBe(plain[i]!.zip)
    })
  })

  it('writes telephones in six ways and dates in three', () => {
    const shape = (text: string): string => text.replace(/\d/g, '9')
    expect(new Set(rows.map(({ phone }) => shape(phone)).filter((form) => form !== '')).size).toBe(6)
    const dates = new Set(rows.map(({ birthDate }) => shape(birthDate)))
    for (const form of ['9999-99-99', '99/99/9999', '9/9/9999']) expect(dates).toContain(form)
  })
})

import type { BirthDate } from './adult.js'
import type { Note } from './contact-kinds.js'
import type { Individual } from './individual.js'
import type { ListSource } from './list-sources.js'
import { mailAddressOf } from './mail-address.js'
import { cellPhoneOf, drawPhone, landlineOf } from './phones.js'
import type { Random } from './random.js'
import { isoDate } from './voter-row.js'

const otherSlot = ({ slot, living }: Individual, turn: number): number => {
  const others = living.adults.length - 1
  return others === 0 ? slot : (slot + 1 + (turn % others)) % living.adults.length
}

/** Draws which phone is meant before any other sequence is started; answers the number. */
export const phoneContact = (person: Individual, source: ListSource, random: Random, note: Note): string => {
  const given = random.chance(source.phone)
  const at = random.unit()
  const turn = random.next()
  const fresh = drawPhone(person.living.home.place.areaCodes, 0.2, random)
  if (!given) {
    note('missing_phone')
    return ''
  }
  if (at < 0.06) {
    note('old_phone')
    return fresh
  }
  const isShared = person.living.adults.length > 1
  if (at < 0.1 && isShared) {
    note('shared_phone')
    return cellPhoneOf(person, otherSlot(person, turn), random)
  }
  const landline = at < 0.32 ? landlineOf(person, random) : ''
  if (landline === '') return cellPhoneOf(person, person.slot, random)
  if (isShared) note('shared_phone')
  return landline
}

export const mailContact = (person: Individual, source: ListSource, random: Random, note: Note): string => {
  const given = random.chance(source.mail)
  const at = random.unit()
  const turn = random.next()
  if (!given) {
    note('missing_email')
    return ''
  }
  if (at < 0.03 && person.living.adults.length > 1) {
    note('shared_email')
    const slot = otherSlot(person, turn)
    return mailAddressOf({ ...person, slot, adult: person.living.adults[slot]! }, 0, random)
  }
  if (at > 0.17) return mailAddressOf(person, 0, random)
  note('other_email')
  return mailAddressOf(person, at < 0.12 ? 1 : 2, random)
}

const digitOff = (text: string, random: Random): string => {
  const i = random.pick([2, 3, 6, 8, 9])
  const digit = text[i]!
  const instead = i === 6 ? ((Number(digit) + 1) % 10) % 3 : (Number(digit) + random.between(1, 9)) % 10
  return text.slice(0, i) + String(instead) + text.slice(i + 1)
}

const isRealDate = (text: string): boolean => {
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

/** ISO date, a year alone, or ''. */
export const dateContact = (born: BirthDate, source: ListSource, random: Random, note: Note): string => {
  if (!random.chance(source.birthDate)) {
    note('missing_birth_date')
    return ''
  }
  const text = isoDate(born)
  const at = random.unit()
  if (at < 0.12) {
    note('birth_year_only')
    return String(born.year)
  }
  if (at < 0.135 && born.day <= 12 && born.day !== born.month) {
    note('birth_date_swapped')
    return isoDate({ year: born.year, month: born.day, day: born.month })
  }
  if (at > 0.17) return text
  const off = digitOff(text, random)
  if (!isRealDate(off)) return text
  note('birth_date_off')
  return off
}

import { type BirthDate, registerYear } from './adult.js'
import { mistype } from './damage-text.js'
import { type Individual, personKey } from './individual.js'
import { mailAddressOf } from './mail-address.js'
import { middleAndSuffixOf } from './middle-and-suffix.js'
import { hasNickname, pickNickname } from './nickname.js'
import { cellPhoneOf, drawPhone, landlineOf } from './phones.js'
import type { Random } from './random.js'
import type { Names } from './read-names.js'
import { streams } from './streams.js'

/** A voter as the register holds it, in capitals, with what clerks got wrong. */
export interface Registration {
  readonly svid: string
  readonly first: string
  readonly middle: string
  readonly last: string
  readonly suffix: string
  /** '' where the register does not know. */
  readonly sex: 'F' | 'M' | ''
  readonly born: BirthDate
  /** Four digits after the ZIP, '' for most. */
  readonly zip4: string
  readonly phone: string
  readonly mail: string
}

/** The State Voter ID of the voter with this serial number: nine digits that say nothing of the order. */
export const svidOf = (voter: number, seed: number): string =>
  String(100_000_000 + ((voter * 387_420_489 + (seed % 1_000_003) * 7919) % 536_870_912))

/** Judges, police, victims of stalking: the register shows stars for them, and nobody can match them. */
export const isMasked = (person: Individual, random: Random): boolean =>
  random.at(streams.masked, personKey(person.household, person.slot)).chance(0.0045)

const misdate = (born: BirthDate, random: Random): BirthDate => {
  const at = random.unit()
  if (at < 0.2) return { year: 1900, month: 1, day: 1 }
  if (at < 0.55) return { ...born, year: born.year + (random.chance(0.5) ? 1 : -1) }
  return { ...born, day: 1 + (born.day % 28) }
}

const drawRegisteredPhone = (person: Individual, random: Random): string => {
  if (random.chance(0.12)) return drawPhone(person.living.home.place.areaCodes, 0.1, random)
  const older = registerYear - person.adult.born.year > 45
  const landline = random.chance(older ? 0.75 : 0.25) ? landlineOf(person, random) : ''
  return landline === '' ? cellPhoneOf(person, person.slot, random) : landline
}

const drawFirstName = ({ adult }: Individual, random: Random): string => {
  if (hasNickname(adult.first) && random.chance(0.035)) return pickNickname(adult.first, random)
  return random.chance(0.003) ? mistype(adult.first, random) : adult.first
}

const drawMiddleName = (middle: string, random: Random): string => {
  if (middle === '' || random.chance(0.117)) return ''
  return random.chance(0.22) ? middle[0]! : middle
}

/** The register's row for a voter; `person.voter` is not -1. */
export const register = (person: Individual, names: Names, seed: number, random: Random): Registration => {
  const { adult } = person
  const legal = middleAndSuffixOf(person, names, random)
  random.at(streams.register, personKey(person.household, person.slot))
  const first = drawFirstName(person, random)
  const last = random.chance(0.003) ? mistype(adult.last, random) : adult.last
  const middle = drawMiddleName(legal.middle, random)
  const sex = random.chance(0.022) ? '' : adult.sex
  const born = random.chance(0.005) ? misdate(adult.born, random) : adult.born
  const zip4 = random.chance(0.13) ? String(random.between(1000, 9899)) : ''
  const mailAt = random.unit()
  // Starts other sequences: nothing may be drawn from this one afterwards.
  const phone = random.chance(0.38) ? drawRegisteredPhone(person, random) : ''
  const mail = mailAt < 0.11 ? mailAddressOf(person, mailAt < 0.09 ? 0 : 1, random) : ''
  return { svid: svidOf(person.voter, seed), first, middle, last, suffix: legal.suffix, sex, born, zip4, phone, mail }
}

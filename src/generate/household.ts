import { drawHome, type Home } from './home.js'
import type { Places } from './places.js'
import type { Random } from './random.js'
import { decades, type Names, type NameTable, type Sex } from './read-names.js'
import type { Shape } from './shape.js'
import { streams } from './streams.js'

/** The day on which the generated register was drawn up: ages are counted from it. */
export const registerYear = 2024

export interface BirthDate {
  readonly year: number
  readonly month: number
  readonly day: number
}

/** One adult as family and birth made them. `bornAs` is the surname before marriage. */
export interface Adult {
  readonly sex: Sex
  readonly born: BirthDate
  readonly first: string
  readonly last: string
  readonly bornAs: string
  readonly hispanic: boolean
  /** Shares first and last name with a parent or child in the same home. */
  readonly namesake: 'none' | 'senior' | 'junior'
  readonly twin: boolean
}

/** A home and the adults in it. */
export interface Household {
  readonly home: Home
  readonly adults: readonly Adult[]
}

export const drawName = (table: NameTable, random: Random): string => table.names[table.draw(random)]!

/** Draws households; the same number gives the same household whatever was drawn before. */
export type DrawHousehold = (household: number, shape: Shape) => Household

const drawAge = (random: Random): number => {
  const at = random.unit()
  if (at < 0.14) return random.between(18, 29)
  if (at < 0.37) return random.between(30, 44)
  if (at < 0.7) return random.between(45, 64)
  return at < 0.93 ? random.between(65, 79) : random.between(80, 97)
}

const clampYear = (year: number): number => Math.min(registerYear - 18, Math.max(1920, year))

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const daysIn = (year: number, month: number): number => (month === 2 && year % 4 === 0 ? 29 : monthDays[month - 1]!)

/** Any day of the year; one in two hundred was entered as 1 January. */
const drawBirthDate = (year: number, random: Random): BirthDate => {
  const month = random.between(1, 12)
  const day = random.between(1, daysIn(year, month))
  return random.chance(0.005) ? { year, month: 1, day: 1 } : { year, month, day }
}

/** Spanish-speaking parents give Spanish first names, the more often the longer ago. */
const spanishNameShare = (year: number): number => (year < 1970 ? 0.32 : year < 1990 ? 0.25 : 0.18)

export const drawFirst = (names: Names, sex: Sex, year: number, hispanic: boolean, random: Random): string => {
  if (hispanic && random.chance(spanishNameShare(year))) return drawName(names.hispanicFirst[sex], random)
  const decade = Math.min(decades - 1, Math.max(0, Math.floor((year - 1920) / 10)))
  return drawName(names.first[sex][decade]!, random)
}

/** A surname; one Spanish-speaking person in eight is registered with both parents' names. */
export const drawLast = (names: Names, hispanic: boolean, random: Random): string => {
  if (!hispanic) return drawName(names.last, random)
  const father = drawName(names.hispanicLast, random)
  if (!random.chance(0.12)) return father
  const mother = drawName(names.hispanicLast, random)
  if (mother === father) return father
  return random.chance(0.5) ? `${father}-${mother}` : `${father} ${mother}`
}

const otherSex = (sex: Sex): Sex => (sex === 'F' ? 'M' : 'F')

/** Makes the people of one household, one after the other, from its own random numbers. */
class Family {
  readonly adults: Adult[] = []
  readonly #names: Names
  readonly #random: Random

  constructor(names: Names, random: Random) {
    this.#names = names
    this.#random = random
  }

  add(sex: Sex, year: number, hispanic: boolean, last: string, bornAs: string): void {
    const born = drawBirthDate(clampYear(year), this.#random)
    const first = drawFirst(this.#names, sex, born.year, hispanic, this.#random)
    this.adults.push({ sex, born, first, last, bornAs, hispanic, namesake: 'none', twin: false })
  }

  /** Somebody of either sex, with a surname of their own. */
  addStranger(age: number, hispanic: boolean): void {
    const last = drawLast(this.#names, hispanic, this.#random)
    this.add(this.#random.chance(0.52) ? 'F' : 'M', registerYear - age, hispanic, last, last)
  }

  /** Marries the first adult: 82 in 100 wives take the husband's name, 4 join both, the others keep theirs. */
  addPartner(): void {
    const random = this.#random
    const head = this.adults[0]!
    const hispanic = random.chance(0.86) ? head.hispanic : !head.hispanic
    const own = drawLast(this.#names, hispanic, random)
    const choice = random.unit()
    const sex = random.chance(0.975) ? otherSex(head.sex) : head.sex
    const shared = hispanic ? 0.62 : 0.84
    const last = choice < shared ? head.last : choice < shared + 0.04 ? `${own}-${head.last}` : own
    this.add(sex, head.born.year + random.between(-5, 6), hispanic, last.split('-').length > 2 ? own : last, own)
  }

  /** A grown-up child of the first adult, or the twin of the child before. */
  addChild(): void {
    const random = this.#random
    const head = this.adults[0]!
    const sibling = this.adults.at(-1)!
    const isSecond = this.adults.length > 1 && sibling.born.year > head.born.year + 15
    const sex: Sex = random.chance(0.46) ? 'F' : 'M'
    this.add(sex, head.born.year + random.between(19, 36), head.hispanic, head.last, head.last)
    if (isSecond && sibling.namesake !== 'junior' && random.chance(0.11)) this.#makeTwins()
    else if (random.chance(namesakeShare)) this.#makeNamesake()
  }

  #makeTwins(): void {
    const last = this.adults.length - 1
    const sibling = this.adults[last - 1]!
    this.adults[last - 1] = { ...sibling, twin: true }
    this.adults[last] = { ...this.adults[last]!, born: sibling.born, twin: true }
  }

  /** Names the youngest after the parent of the same sex: sons mostly, daughters rarely. */
  #makeNamesake(): void {
    const last = this.adults.length - 1
    const child = this.adults[last]!
    if (child.sex === 'F' && !this.#random.chance(0.08)) return
    const at = this.adults.findIndex(
      (adult, i) => i < last && adult.sex === child.sex && !isChildOf(adult, this.adults[0]!),
    )
    const parent = this.adults[at]
    if (parent === undefined || parent.namesake !== 'none') return
    this.adults[at] = { ...parent, namesake: 'senior' }
    this.adults[last] = { ...child, first: parent.first, last: parent.last, namesake: 'junior' }
  }
}

/** Chosen so that 2% of all households hold a namesake pair. */
const namesakeShare = 0.17

const isChildOf = (adult: Adult, head: Adult): boolean => adult.born.year >= head.born.year + 16

/**
 * A little less than the place's own share: with these, of 8.2 million voters as many bear a name that is theirs alone in
 * their ZIP (97.8%, namesakes in one home aside) and in Miami (two in three) as in a model of the true register.
 */
const mixedShare = (hispanicShare: number): number => Math.max(0.02, 0.9 * hispanicShare - 0.06)

const settle = (shape: Shape, hispanicShare: number, names: Names, random: Random): readonly Adult[] => {
  const family = new Family(names, random)
  const hispanic = random.chance(mixedShare(hispanicShare))
  const hasChildren = shape.kind === 'family' || shape.kind === 'parent'
  family.addStranger(hasChildren ? random.between(39, 72) : drawAge(random), hispanic)
  if (shape.kind === 'couple' || shape.kind === 'family') family.addPartner()
  while (family.adults.length < shape.adults) {
    if (hasChildren) family.addChild()
    else family.addStranger(random.between(19, 45), random.chance(mixedShare(hispanicShare)))
  }
  return family.adults
}

export const householdsOf = (places: Places, names: Names, random: Random): DrawHousehold => {
  return (household, shape) => {
    random.at(streams.home, household)
    const place = places.draw(random)
    const home = drawHome(place, random)
    random.at(streams.family, household)
    return { home, adults: settle(shape, place.hispanicShare, names, random) }
  }
}

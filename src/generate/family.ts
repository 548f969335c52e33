import { type Adult, type BirthDate, registerYear } from './adult.js'
import { drawFirst, drawLast } from './draw-names.js'
import type { Random } from './random.js'
import type { Names, Sex } from './read-names.js'

const clampYear = (year: number): number => Math.min(registerYear - 18, Math.max(1920, year))

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const daysIn = (year: number, month: number): number => (month === 2 && year % 4 === 0 ? 29 : monthDays[month - 1]!)

/** Any day of the year; one in two hundred was entered as 1 January. */
const drawBirthDate = (year: number, random: Random): BirthDate => {
  const month = random.between(1, 12)
  const day = random.between(1, daysIn(year, month))
  return random.chance(0.005) ? { year, month: 1, day: 1 } : { year, month, day }
}

/** Chosen so that 2% of all households hold a namesake pair. */
const namesakeShare = 0.17

const isChildOf = (adult: Adult, head: Adult): boolean => adult.born.year >= head.born.year + 16

const otherSex = (sex: Sex): Sex => (sex === 'F' ? 'M' : 'F')

/** Makes the people of one household, one after the other, from its own random numbers. */
export class Family {
  readonly adults: Adult[] = []
  readonly #names: Names
  readonly #random: Random

  constructor(names: Names, random: Random) {
    this.#names = names
    this.#random = random
  }

  add(sex: Sex, year: number, hispanic: boolean, last: string, bornAs: string): void {
    const born = drawBirthDate(clampYear(year), this.#random)
    const draw = (): string => drawFirst(this.#names, sex, born.year, hispanic, this.#random)
    const chosen = draw()
    // Nobody calls two under one roof the same by accident.
    const first = this.adults.some((adult) => adult.first === chosen) ? draw() : chosen
    this.adults.push({ sex, born, first, last, bornAs, hispanic, namesake: 'none', twin: false })
  }

  /** Somebody of either sex, with a surname of their own. */
  addStranger(age: number, hispanic: boolean): void {
    const last = drawLast(this.#names, hispanic, this.#random)
    this.add(this.#random.chance(0.52) ? 'F' : 'M', registerYear - age, hispanic, last, last)
  }

  /** Marries the first adult: most wives take the husband's name, 4 in 100 join both, the others keep theirs. */
  addPartner(): void {
    const random = this.#random
    const head = this.adults[0]!
    const hispanic = random.chance(0.86) ? head.hispanic : !head.hispanic
    const own = drawLast(this.#names, hispanic, random)
    const choice = random.unit() - (hispanic ? 0.62 : 0.84)
    const sex = random.chance(0.975) ? otherSex(head.sex) : head.sex
    const [wife, husband] = head.sex === 'F' && sex === 'M' ? [head.last, own] : [own, head.last]
    const both = `${wife}-${husband}`
    const joined = both.split('-').length > 2 ? wife : both
    const married = choice < 0 ? husband : choice < 0.04 ? joined : wife
    const isHead = wife !== own
    if (isHead) this.adults[0] = { ...head, last: married }
    this.add(sex, head.born.year + random.between(-5, 6), hispanic, isHead ? own : married, own)
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

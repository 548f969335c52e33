import { registerYear } from './adult.js'
import type { Note } from './contact-kinds.js'
import { misscan, mistype } from './damage-text.js'
import { drawLast } from './draw-names.js'
import type { Individual } from './individual.js'
import type { ListSource } from './list-sources.js'
import type { MiddleAndSuffix } from './middle-and-suffix.js'
import { hasNickname, pickNickname } from './nickname.js'
import type { Random } from './random.js'
import type { Names } from './read-names.js'

export interface ContactName {
  readonly first: string
  readonly middle: string
  readonly last: string
  readonly suffix: string
}

const drawFirst = ({ adult }: Individual, middle: string, random: Random, note: Note): string => {
  const at = random.unit()
  if (at < 0.009) {
    note('initial')
    return adult.first[0]!
  }
  if (at < 0.016 && middle.length > 1) {
    note('middle_as_first')
    return middle
  }
  if (hasNickname(adult.first) && random.chance(0.115)) {
    note('nickname')
    return pickNickname(adult.first, random)
  }
  return adult.first
}

/** The surname a woman gives on the other side of a wedding: her name at birth, a husband's, or both. */
const marry = ({ adult }: Individual, names: Names, random: Random): string => {
  const other = adult.last === adult.bornAs ? drawLast(names, adult.hispanic, random) : adult.bornAs
  if (adult.last.includes('-') || other.includes('-') || !random.chance(0.3)) return other
  return adult.last === adult.bornAs ? `${adult.last}-${other}` : `${other}-${adult.last}`
}

const particles: readonly (readonly [string, string])[] = [
  ['DELA', 'DE LA '],
  ['DELOS', 'DE LOS '],
  ['DEL', 'DEL '],
  ['DE', 'DE '],
]
const joined =
  /^(DELACRUZ|DELAROSA|DELATORRE|DELAGARZA|DELAFUENTE|DELOSSANTOS|DELOSREYES|DELVALLE|DELTORO|DELRIO|DELEON|DEJESUS)$/

const drawLastName = (person: Individual, names: Names, random: Random, note: Note): string => {
  const { adult } = person
  const age = registerYear - adult.born.year
  if (adult.sex === 'F' && random.chance(age < 40 ? 0.045 : 0.02)) {
    note('married')
    return marry(person, names, random)
  }
  const parts = adult.last.split(/[- ]/)
  if (parts.length === 2 && random.chance(0.55)) {
    note('hyphen')
    const at = random.unit()
    if (at < 0.45) return parts[0]!
    if (at < 0.65) return parts[1]!
    return at < 0.85 ? parts.join(' ') : parts.join('-')
  }
  if (joined.test(adult.last) && random.chance(0.5)) {
    note('particle')
    const [from, to] = particles.find(([start]) => adult.last.startsWith(start))!
    return to + adult.last.slice(from.length)
  }
  return adult.last
}

/** Typing errors everywhere, misreadings where the list was scanned. */
const damage = (text: string, source: ListSource, rate: number, random: Random, note: Note): string => {
  if (random.chance(rate)) {
    note('typo')
    return mistype(text, random)
  }
  if (!source.scanned || !random.chance(0.04)) return text
  const read = misscan(text, random)
  if (read !== text) note('ocr')
  return read
}

const drawMiddle = (middle: string, source: ListSource, random: Random): string => {
  if (middle === '' || !random.chance(source.middle)) return ''
  return random.chance(0.55) ? middle[0]! : middle
}

/** The name as a list has it. */
export const nameContact = (
  person: Individual,
  legal: MiddleAndSuffix,
  source: ListSource,
  names: Names,
  random: Random,
  note: Note,
): ContactName => {
  const givenFirst = drawFirst(person, legal.middle, random, note)
  const givenLast = drawLastName(person, names, random, note)
  const middle = drawMiddle(givenFirst === legal.middle ? '' : legal.middle, source, random)
  const first = damage(givenFirst, source, 0.011, random, note)
  const last = damage(givenLast, source, 0.013, random, note)
  const suffix = legal.suffix !== '' && random.chance(source.suffix) ? legal.suffix : ''
  if (random.chance(0.004)) {
    note('swapped_names')
    return { first: last, middle, last: first, suffix }
  }
  if (suffix === '' || !random.chance(0.15)) return { first, middle, last, suffix }
  note('suffix_in_name')
  return { first, middle, last: `${last} ${suffix}`, suffix: '' }
}

import type { Random } from './random.js'
import { decades, type Names, type NameTable, type Sex } from './read-names.js'

const drawName = (table: NameTable, random: Random): string => table.names[table.draw(random)]!

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

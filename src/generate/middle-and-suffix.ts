import { drawFirst } from './draw-names.js'
import { type Individual, personKey } from './individual.js'
import type { Random } from './random.js'
import type { Names } from './read-names.js'
import { streams } from './streams.js'
import { words } from './words.js'

export interface MiddleAndSuffix {
  /** '' for those who have none. */
  readonly middle: string
  readonly suffix: string
}

const commonMiddles = {
  F: words('ANN MARIE LYNN LEE ELIZABETH JEAN ROSE LOUISE NICOLE MICHELLE RENEE GRACE KAY JANE MARY SUE ANNE MAE'),
  M: words('LEE JAMES MICHAEL JOHN WILLIAM DAVID ROBERT JOSEPH ALLEN ANTHONY THOMAS EDWARD RAY WAYNE SCOTT ALAN PAUL'),
}

const drawSuffix = ({ adult }: Individual, random: Random): string => {
  if (adult.sex === 'F') return ''
  if (adult.namesake === 'junior') return random.chance(0.88) ? 'JR' : random.chance(0.5) ? 'II' : ''
  if (adult.namesake === 'senior') return random.chance(0.36) ? 'SR' : ''
  if (!random.chance(0.066)) return ''
  const at = random.unit()
  if (at < 0.69) return 'JR'
  if (at < 0.84) return 'III'
  return at < 0.91 ? 'II' : at < 0.96 ? 'SR' : 'IV'
}

const drawMiddle = ({ adult }: Individual, names: Names, random: Random): string => {
  if (random.chance(0.06)) return ''
  if (adult.last !== adult.bornAs && !adult.bornAs.includes(' ') && random.chance(0.13))
    return adult.bornAs.split('-')[0]!
  if (random.chance(0.3)) return random.pick(commonMiddles[adult.sex])
  const middle = drawFirst(names, adult.sex, adult.born.year, adult.hispanic, random)
  return middle === adult.first ? random.pick(commonMiddles[adult.sex]) : middle
}

/** The rest of a person's legal name. */
export const middleAndSuffixOf = (person: Individual, names: Names, random: Random): MiddleAndSuffix => {
  random.at(streams.middle, personKey(person.household, person.slot))
  const suffix = drawSuffix(person, random)
  return { middle: drawMiddle(person, names, random), suffix }
}

import { Random } from './random.js'
import { spanishStreets, streetNames, streetTypes } from './tables/street-words.js'
import { weightedPick } from './weighted.js'
import { words } from './words.js'

/** A street in Publication 28 parts; `type` is its abbreviation, '' where it has none. */
export interface Street {
  readonly predirectional: string
  readonly name: string
  readonly type: string
  readonly postdirectional: string
  /** Its lowest house number. */
  readonly first: number
}

const spaced = (word: string): string => word.replaceAll('_', ' ')
const names = words(streetNames).map(spaced)
const spanish = words(spanishStreets).map(spaced)
const drawType = weightedPick(streetTypes.map(([short, , weight]) => [short, weight] as const))
const quarters = ['NE', 'NW', 'SE', 'SW']
const winds = ['N', 'S', 'E', 'W']

const ordinal = (n: number): string => {
  const tens = n % 100
  if (tens >= 11 && tens <= 13) return `${n}TH`
  return `${n}${['TH', 'ST', 'ND', 'RD'][n % 10] ?? 'TH'}`
}

const numbered = (random: Random, first: number): Street => ({
  predirectional: random.chance(0.75) ? random.pick(quarters) : random.chance(0.4) ? random.pick(winds) : '',
  name: ordinal(random.between(1, 160)),
  type: random.pick(['ST', 'AVE', 'TER', 'CT', 'PL', 'ST', 'AVE']),
  postdirectional: '',
  first,
})

const highway = (random: Random, first: number): Street => {
  const road = random.pick(['US HIGHWAY', 'COUNTY ROAD', 'STATE ROAD', 'HIGHWAY'])
  const direction = random.chance(0.3) ? random.pick(winds) : ''
  return { predirectional: '', name: `${road} ${random.between(1, 599)}`, type: '', postdirectional: direction, first }
}

const named = (random: Random, first: number): Street => {
  const predirectional = random.chance(0.13) ? random.pick(winds) : ''
  const postdirectional = predirectional === '' && random.chance(0.05) ? random.pick([...winds, ...quarters]) : ''
  return { predirectional, name: random.pick(names), type: drawType(random), postdirectional, first }
}

/** The streets of a place: about one for 160 people, the same for the same seed. */
export const streetsOf = (people: number, seed: number, hispanicShare: number): Street[] => {
  const random = new Random(seed)
  const grid = random.at(0, 0).chance(0.4) ? 0.55 : 0.1
  return Array.from({ length: Math.max(4, Math.ceil(people / 160)) }, (_, i) => {
    random.at(1, i)
    const first = random.chance(0.3) ? random.between(1, 9) : random.between(1, 160) * 100 + 1
    const kind = random.unit()
    if (kind < 0.015) return highway(random, first)
    if (kind < 0.02)
      return {
        predirectional: '',
        name: `AVENUE ${random.pick('ABCDEFGHJK'.split(''))}`,
        type: '',
        postdirectional: '',
        first,
      }
    if (kind < 0.02 + 0.05 * hispanicShare)
      return { predirectional: '', name: random.pick(spanish), type: '', postdirectional: '', first }
    return random.chance(grid) ? numbered(random, first) : named(random, first)
  })
}

/** `NW 137TH AVE`: the street as the post office writes it. */
export const streetLine = (street: Street): string =>
  [street.predirectional, street.name, street.type, street.postdirectional].filter((part) => part !== '').join(' ')

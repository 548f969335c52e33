import type { Place } from './places.js'
import type { Random } from './random.js'
import type { Street } from './streets.js'

/** Where people live. `unitType` and `unit` are '' in a house. */
export interface Home {
  readonly place: Place
  readonly number: number
  readonly street: Street
  readonly unitType: string
  readonly unit: string
}

const unitName = (random: Random, type: string): string => {
  if (type === 'LOT') return `${random.between(1, 240)}`
  const kind = random.unit()
  if (kind < 0.62) return `${random.between(1, 14) * 100 + random.between(1, 24)}`
  if (kind < 0.76) return random.pick('ABCDEFGH'.split(''))
  if (kind < 0.9) return `${random.between(1, 60)}`
  return `${random.pick('ABCDEFGH'.split(''))}${random.between(1, 40)}`
}

/** A flat in one of the place's larger buildings: few street numbers, many units. */
const flat = (place: Place, random: Random): Home => {
  const street = place.streets[random.below(Math.ceil(place.streets.length / 6))]!
  const kind = random.unit()
  const unitType = kind < 0.68 ? 'APT' : kind < 0.88 ? 'UNIT' : kind < 0.95 ? '#' : 'LOT'
  const number = street.first + random.below(10) * 40
  return { place, number, street, unitType, unit: unitName(random, unitType) }
}

const house = (place: Place, random: Random): Home => {
  const street = random.pick(place.streets)
  return { place, number: street.first + random.below(110) * 3, street, unitType: '', unit: '' }
}

/** A home in the place: a flat as often as the place has flats. */
export const drawHome = (place: Place, random: Random): Home =>
  random.chance(place.unitShare) ? flat(place, random) : house(place, random)

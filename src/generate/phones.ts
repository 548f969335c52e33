import { homeKey, type Individual, personKey } from './individual.js'
import type { Random } from './random.js'
import { streams } from './streams.js'
import { farAreaCodes } from './tables/counties.js'
import { words } from './words.js'

const farCodes = words(farAreaCodes)

/** Ten digits. The exchange is none of 211, 311 … 911. */
export const drawPhone = (areaCodes: readonly string[], farShare: number, random: Random): string => {
  const areaCode = random.chance(farShare) ? random.pick(farCodes) : random.pick(areaCodes)
  const exchange = random.between(212, 989)
  const line = random.below(10_000)
  return `${areaCode}${exchange % 100 === 11 ? exchange + 1 : exchange}${`000${line}`.slice(-4)}`
}

/** The cell phone of one of the household's adults; one in four numbers came from elsewhere with its owner. */
export const cellPhoneOf = ({ household, living }: Individual, slot: number, random: Random): string =>
  drawPhone(living.home.place.areaCodes, 0.26, random.at(streams.phone, personKey(household, slot)))

/** The telephone on the wall that all of a household share; '' in two of three homes. */
export const landlineOf = ({ household, living }: Individual, random: Random): string =>
  random.at(streams.phone, homeKey(household)).chance(0.34) ? drawPhone(living.home.place.areaCodes, 0.02, random) : ''

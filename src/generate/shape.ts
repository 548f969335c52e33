import type { Random } from './random.js'
import { streams } from './streams.js'

/** How a household is made up. */
type Kind = 'single' | 'couple' | 'family' | 'parent' | 'mates'

/**
 * A household's outline: its kind, how many adults it has (at most five) and which of them are registered voters (bit i for adult i).
 * Cheap to draw, so that voters can be counted without making them.
 */
export interface Shape {
  readonly kind: Kind
  readonly adults: number
  readonly registered: number
}

const drawKind = (random: Random): Kind => {
  const at = random.unit()
  if (at < 0.3) return 'single'
  if (at < 0.75) return 'couple'
  if (at < 0.88) return 'family'
  return at < 0.95 ? 'parent' : 'mates'
}

const drawAdults = (kind: Kind, random: Random): number => {
  const at = random.unit()
  if (kind === 'single') return 1
  if (kind === 'couple') return 2
  if (kind === 'family') return at < 0.66 ? 3 : at < 0.94 ? 4 : 5
  if (kind === 'parent') return at < 0.72 ? 2 : 3
  return at < 0.55 ? 2 : at < 0.85 ? 3 : 4
}

/**
 * Half the households vote much and half little, so that housemates of voters mostly vote too. On average 0.497 of the
 * adults are registered: 8.2 of Florida's 16.5 million.
 */
const activeShare = 0.744
const quietShare = 0.25

export const drawShape = (random: Random, household: number): Shape => {
  random.at(streams.shape, household)
  const kind = drawKind(random)
  const adults = drawAdults(kind, random)
  const share = random.chance(0.5) ? activeShare : quietShare
  let registered = 0
  for (let i = 0; i < adults; i++) if (random.chance(share)) registered |= 1 << i
  return { kind, adults, registered }
}

/** How many bits are set among the lowest five. */
export const countBits = (bits: number): number =>
  (bits & 1) + ((bits >> 1) & 1) + ((bits >> 2) & 1) + ((bits >> 3) & 1) + ((bits >> 4) & 1)

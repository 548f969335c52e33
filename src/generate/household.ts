import type { Adult } from './adult.js'
import { Family } from './family.js'
import { drawHome, type Home } from './home.js'
import type { Places } from './places.js'
import type { Random } from './random.js'
import type { Names } from './read-names.js'
import type { Shape } from './shape.js'
import { streams } from './streams.js'

/** A home and the adults in it. */
export interface Household {
  readonly home: Home
  readonly adults: readonly Adult[]
}

/** Draws households; the same number gives the same household whatever was drawn before. */
export type DrawHousehold = (household: number, shape: Shape) => Household

const drawAge = (random: Random): number => {
  const at = random.unit()
  if (at < 0.14) return random.between(18, 29)
  if (at < 0.37) return random.between(30, 44)
  if (at < 0.7) return random.between(45, 64)
  return at < 0.93 ? random.between(65, 79) : random.between(80, 97)
}

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

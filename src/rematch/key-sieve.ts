import { finish, mixHash } from '../match/voter-index.js'

/** What the keys of tiers are made of, of a voter or of a contact: hashes of normalised texts, 0 for a missing value. */
export interface KeyParts {
  readonly svid: number
  readonly first: number
  readonly last: number
  readonly soundex: number
  readonly birthDate: number
  readonly number: number
  readonly street: number
  readonly city: number
  readonly zip: number
}
export type RoughParts = Omit<KeyParts, 'number' | 'street'>

/** A key of some parts, all of which must be there: 0 when one is missing. */
const whole = (kind: number, ...parts: readonly number[]): number => {
  let hash = kind
  for (const part of parts) {
    if (part === 0) return 0
    hash = mixHash(hash, part)
  }
  return finish(hash)
}

/** The same for both sides, as the tiers have it: a house number may be missing, a birth date must have its day. */
const addressOf = ({ number, street, zip }: Pick<KeyParts, 'number' | 'street' | 'zip'>): number =>
  whole(number, street, zip)

const keysWithoutAddress = ({ svid, first, last, soundex, birthDate, city }: RoughParts): readonly number[] => [
  whole(1, svid),
  whole(2, first, last, city),
  birthDate % 100 === 0 ? 0 : whole(3, soundex, birthDate),
]

/** Every key of the tiers, 0 for one that there is not: who has none in common meets at no tier. */
export const keysOf = (parts: KeyParts): readonly number[] => {
  const address = addressOf(parts)
  return [...keysWithoutAddress(parts), whole(4, parts.first, parts.last, address), whole(5, parts.soundex, address)]
}

/** The same, less the parts that take an address to be read: who has none of these in common has no key in common. */
export const roughKeysOf = (parts: RoughParts): readonly number[] => [
  ...keysWithoutAddress(parts),
  whole(6, parts.soundex, parts.zip),
  // who has a name without a Latin letter has no sound
  whole(7, parts.last, parts.zip),
]

/** 32 MiB; a file of ten million of which a tenth changes has ten million keys here, 4% of the bits. */
const bits = 28

/** Bits by keys that were added: says now and then that one is there which is not, never the other way. */
export const keySieve = () => {
  const words = new Uint32Array(2 ** bits / 32)
  const mask = 2 ** bits - 1
  return {
    add: (keys: readonly number[]): void => {
      for (const key of keys) if (key !== 0) words[(key & mask) >>> 5]! |= 1 << (key & 31)
    },
    hasAny: (keys: readonly number[]): boolean =>
      keys.some((key) => key !== 0 && (words[(key & mask) >>> 5]! & (1 << (key & 31))) !== 0),
  }
}

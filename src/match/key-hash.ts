import { finish, hashText, mixHash } from './voter-index.js'

/**
 * The hashes of the blocking keys, from vocabulary ids: one definition for the builder of the index and for the look-up.
 * Every part must be present (not 0). The svid key hashes the SVID's text with `hashText`.
 */
export const nameAddressHash = (first: number, last: number, number: number, street: number, zip: number): number =>
  finish(mixHash(mixHash(mixHash(mixHash(mixHash(0, first), last), number), street), zip))

export const nameCityHash = (first: number, last: number, city: number): number =>
  finish(mixHash(mixHash(mixHash(0, first), last), city))

/** `soundex` is the packed code of the last name, `birthDate` yyyymmdd. */
export const soundexBirthHash = (soundex: number, birthDate: number): number =>
  finish(mixHash(mixHash(0, soundex), birthDate))

export const soundexAddressHash = (soundex: number, number: number, street: number, zip: number): number =>
  finish(mixHash(mixHash(mixHash(mixHash(0, soundex), number), street), zip))

/** Of keys of two or three parts. Each key has a mask and a table of its own, so that equal hashes of two keys never meet. */
export const pairHash = (a: number, b: number): number => finish(mixHash(mixHash(0, a), b))
export const tripleHash = (a: number, b: number, c: number): number => finish(mixHash(mixHash(mixHash(0, a), b), c))

/** A name's first or last letters as a part of a key; the whole name when it is shorter. 0 for ''. */
export const headPart = (text: string, letters: number): number => (text === '' ? 0 : hashText(text.slice(0, letters)))
export const tailPart = (text: string, letters: number): number => (text === '' ? 0 : hashText(text.slice(-letters)))

import { idOf, type VoterIndex } from '../voter-index.js'

/** What an e-mail address says of its owner's name. */
export interface NamesInEmail {
  /** true when it is made of the names that the contact gives */
  readonly isOfTheName: boolean
  /** ids of last names that stand beside the contact's first name or initial, and of first names beside its last name */
  readonly lasts: Int32Array
  readonly firsts: Int32Array
}

const none: NamesInEmail = { isOfTheName: false, lasts: new Int32Array(0), firsts: new Int32Array(0) }
const leastLetters = 3

/**
 * Takes the user name of an address apart: what is left of its letters beside the first name, its initial or the last
 * name is a name too, when voters have it. Somebody who changed their name, or goes by another, often keeps the address.
 */
export const namesInEmail = (index: VoterIndex, email: string, first: string, last: string): NamesInEmail => {
  const at = email.indexOf('@')
  if (at < 0 || first === '' || last === '') return none
  const letters = email
    .slice(0, at)
    .toUpperCase()
    .replace(/[^A-Z]/g, '')
  if (letters.length < leastLetters) return none
  const { last: lasts, first: firsts } = index.vocabularies
  const initial = first[0]!
  return {
    isOfTheName: letters.includes(last) || (letters.includes(first) && letters.length <= first.length + 2),
    lasts: known([...beside(letters, first), ...beside(letters, initial)], last, (name) => idOf(lasts, name)),
    firsts: known(beside(letters, last), first, (name) => idOf(firsts, name)),
  }
}

/** What is left before or behind a name. */
const beside = (letters: string, name: string): readonly string[] => [
  ...(letters.startsWith(name) ? [letters.slice(name.length)] : []),
  ...(letters.endsWith(name) ? [letters.slice(0, -name.length)] : []),
]

const known = (names: readonly string[], given: string, id: (name: string) => number): Int32Array =>
  Int32Array.from(
    new Set(
      names
        .filter((name) => name.length >= leastLetters && name !== given)
        .map(id)
        .filter((one) => one > 0),
    ),
  )

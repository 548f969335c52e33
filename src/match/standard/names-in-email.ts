import { idOf, type Vocabulary, type VoterIndex } from '../voter-index.js'

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
  const letters = lettersOf(email, at)
  if (letters.length < leastLetters) return none
  const { last: lasts, first: firsts } = index.vocabularies
  const besideFirst: number[] = []
  addBeside(letters, first, last, lasts, besideFirst)
  addBeside(letters, first[0]!, last, lasts, besideFirst)
  const besideLast: number[] = []
  addBeside(letters, last, first, firsts, besideLast)
  return {
    isOfTheName: letters.includes(last) || (letters.includes(first) && letters.length <= first.length + 2),
    lasts: besideFirst.length === 0 ? none.lasts : Int32Array.from(besideFirst),
    firsts: besideLast.length === 0 ? none.firsts : Int32Array.from(besideLast),
  }
}

/** The letters of the user name, as names have them. */
const lettersOf = (email: string, at: number): string => {
  const user = email.slice(0, at).toUpperCase()
  return plain.test(user) ? user : user.replace(/[^A-Z]/g, '')
}
const plain = /^[A-Z]*$/

/** Adds the ids of names that are left before or behind `name`, but for the one that the contact gives. */
const addBeside = (letters: string, name: string, given: string, names: Vocabulary, ids: number[]): void => {
  const more = letters.length - name.length
  if (more < leastLetters) return
  if (letters.startsWith(name)) addKnown(letters.slice(name.length), given, names, ids)
  if (letters.endsWith(name)) addKnown(letters.slice(0, more), given, names, ids)
}

const addKnown = (name: string, given: string, names: Vocabulary, ids: number[]): void => {
  if (name === given) return
  const id = idOf(names, name)
  if (id > 0 && !ids.includes(id)) ids.push(id)
}

import type { Vocabulary, VoterIndex } from '../voter-index.js'
import type { EncodedContact } from './encode-contact.js'
import { allFields, codesOf, emailOfTheName, extraEqual, fieldAt, fields, levelStarts } from './levels.js'
import { placeFrequencies } from './place-frequencies.js'
import { valueShare } from './value-share.js'
import type { LogTables, Weights } from './weights.js'

/**
 * ln u of a contact's pairs: how likely it is that a voter who has nothing to do with the contact reaches a level. Where
 * values are equal the register itself says how many have that value; elsewhere the ruleset's shares stand.
 */
export interface Frequencies {
  /** Other weights from now on, of the same extras. */
  readonly use: (tables: LogTables, weights: Weights) => void
  /** Writes ln u of every level to `logU`, field after field as `levelStarts` has them. */
  readonly take: (contact: EncodedContact, logU: Float64Array) => void
  /** voters at the address of the contact that was taken last, 0: none given */
  atAddress: number
}

const first = codesOf('first_name')
const last = codesOf('last_name')
const middle = codesOf('middle_name')
const phone = codesOf('phone')
const email = codesOf('email')
/** Levels at which the register says how many have the very value, so that no u of the ruleset is asked for. */
const byRegister: Readonly<Record<string, readonly string[]>> = {
  first_name: ['email', 'nickname', 'equal', 'swapped'],
  last_name: ['email', 'equal'],
  middle_name: ['equal'],
  suffix: [],
  sex: [],
  birth_date: [],
  phone: ['equal'],
  email: ['equal'],
}

/** Whether the register stands in for u at a level of a class; what is said of an extra holds for all. */
export const isByRegister = (field: string, level: string, ofClass: string): boolean => {
  // of a place, u is learnt for areas by themselves alone
  if (field === 'place') return !level.startsWith('missing/')
  return (byRegister[field] ?? ['equal']).includes(level) && ofClass !== 'of_the_name'
}

export const frequencies = (index: VoterIndex, extras: readonly string[]): Frequencies => {
  const { vocabularies: v } = index
  let tables: LogTables = { m: [], q: [], u: [] }
  const starts = levelStarts(extras)
  const levelCounts = allFields(extras).map(({ levels }) => levels.length)
  const places = placeFrequencies(index)
  const logShare = (vocabulary: Vocabulary, id: number): number => Math.log(valueShare(index, vocabulary, id))
  const shares = (vocabulary: Vocabulary, ids: Int32Array): number => {
    let sum = 0
    for (const id of ids) sum += valueShare(index, vocabulary, id)
    return sum === 0 ? 1 : sum
  }
  const self: Frequencies = {
    atAddress: 0,
    use: (next, { strangers }) => {
      tables = next
      places.use(next, strangers)
    },
    take: (contact, logU) => {
      const { ids, nicknames, inEmail, classes } = contact
      for (let f = 0; f < starts.length - 1; f++) {
        const row = classes[f]! * levelCounts[f]!
        for (let l = 0; l < levelCounts[f]!; l++) logU[starts[f]! + l] = tables.u[f]![row + l]!
      }
      // how often two of one name have one address of that name is learnt: it says little of which of them it is
      for (let l = 0; l < levelCounts[fieldAt.email]!; l++) {
        logU[emailOfTheName(starts) + l] = tables.u[fieldAt.email]![levelCounts[fieldAt.email]! + l]!
      }
      const firstAt = starts[fieldAt.first_name]!
      logU[firstAt + first.equal] = logShare(v.first, ids.first)
      logU[firstAt + first.nickname] = Math.log(shares(v.first, nicknames))
      logU[firstAt + first.email] = Math.log(shares(v.first, inEmail.firsts))
      logU[firstAt + first.swapped] = logShare(v.last, contact.firstAsLast) + logShare(v.first, contact.lastAsFirst)
      const lastAt = starts[fieldAt.last_name]!
      logU[lastAt + last.equal] = logShare(v.last, ids.last)
      logU[lastAt + last.email] = Math.log(shares(v.last, inEmail.lasts))
      logU[starts[fieldAt.middle_name]! + middle.equal] = logShare(v.middle, ids.middle)
      logU[starts[fieldAt.phone]! + phone.equal] = logShare(v.phone, ids.phone)
      logU[starts[fieldAt.email]! + email.equal] = logShare(v.email, ids.email)
      for (let e = 0; e < extras.length; e++) {
        const extra = index.extras[extras[e]!]
        const log = extra === undefined ? 0 : logShare(extra.vocabulary, contact.extras[e]!)
        logU[starts[fields.length + e]! + extraEqual] = log
      }
      self.atAddress = places.take(contact, logU, starts[fieldAt.place]!)
    },
  }
  return self
}

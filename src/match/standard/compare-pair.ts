import { mayBeNear, mayBeSameUser } from '../sketch.js'
import { recordWidth, type VoterIndex } from '../voter-index.js'
import { compareBirth } from './compare-birth.js'
import { holds, nameComparer } from './compare-names.js'
import { placeComparer } from './compare-place.js'
import type { EncodedContact } from './encode-contact.js'
import { codesOf, extraEqual, fieldAt, fields } from './levels.js'

const first = codesOf('first_name')
const last = codesOf('last_name')
const suffix = codesOf('suffix')
const sex = codesOf('sex')
const phone = codesOf('phone')
const email = codesOf('email')

export interface Comparer {
  /** number of codes of a pair */
  readonly width: number
  /** The contact that the next pairs are of. */
  readonly take: (contact: EncodedContact) => void
  /**
   * Writes the level of each field of the pair (contact, row), classes not counted in. Phones and e-mail addresses that
   * are not equal count as different until one looks closer: hardly any pair is worth it.
   */
  readonly compare: (row: number, levels: Uint8Array) => void
  /** Tells near phones and equal user names apart from different ones; true when a level has changed. */
  readonly lookCloser: (row: number, levels: Uint8Array) => boolean
}

/** Compares pairs over one index. Each thread has its own. */
export const comparer = (index: VoterIndex, extras: readonly string[]): Comparer => {
  const { vocabularies: v, records } = index
  const extraColumns = extras.map((name) => index.extras[name]?.column)
  const names = nameComparer(index)
  const places = placeComparer(index)
  let contact!: EncodedContact

  const compareNames = (record: number, levels: Uint8Array): void => {
    const firstId = records[record]!
    const lastId = records[record + 1]!
    const middleId = records[record + 2]!
    let f = names.first(firstId, lastId)
    let l = f === first.swapped ? last.missing : names.last(lastId)
    const { inEmail, firstAsMiddle } = contact
    if (f <= first.jw87) {
      if (firstAsMiddle > 0 && middleId === firstAsMiddle) f = first.middle
      else if (holds(inEmail.firsts, firstId)) f = first.email
    }
    if (l <= last.jw87 && holds(inEmail.lasts, lastId)) l = last.email
    if (f <= first.different && l <= last.different) {
      if (names.isFirstInLast(lastId)) f = first.cross
      if (names.isLastInFirst(firstId)) l = last.cross
    }
    levels[fieldAt.first_name] = f
    levels[fieldAt.last_name] = l
    levels[fieldAt.middle_name] = names.middle(middleId)
  }

  const suffixLevel = (theirs: number): number => {
    const ours = contact.ids.suffix
    if (ours === 0) return theirs === 0 ? suffix.missing : suffix.voter_only
    if (theirs === 0) return suffix.contact_only
    return theirs === ours ? suffix.equal : suffix.different
  }

  /** Of values that are compared as a whole; the levels of sex, phone, e-mail and extras begin alike. */
  const wholeLevel = (ours: number, theirs: number, equal: number): number => {
    if (ours === 0 || theirs === 0) return 0
    return ours === theirs ? equal : different
  }

  const isSameUser = (id: number): boolean => {
    const { given, user } = contact
    const from = v.email.offsets[id - 1]!
    const to = v.email.offsets[id]!
    let i = 0
    while (i < user && from + i < to && v.email.bytes[from + i] === given.email.charCodeAt(i)) i++
    return i === user && v.email.bytes[from + i] === 64
  }

  /** One digit differs. */
  const isNearPhone = (id: number): boolean => {
    const { given } = contact
    const from = v.phone.offsets[id - 1]!
    if (v.phone.offsets[id]! - from !== given.phone.length) return false
    let differing = 0
    for (let i = 0; i < given.phone.length && differing < 2; i++) {
      if (v.phone.bytes[from + i] !== given.phone.charCodeAt(i)) differing++
    }
    return differing === 1
  }

  return {
    width: fields.length + extras.length,
    take: (next) => {
      contact = next
      names.take(next)
      places.take(next)
    },
    compare: (row, levels) => {
      const { ids, given, extras: ours } = contact
      const record = row * recordWidth
      compareNames(record, levels)
      const suffixAndSex = records[record + 10]!
      levels[fieldAt.suffix] = suffixLevel(suffixAndSex & 0xffff)
      levels[fieldAt.sex] = wholeLevel(ids.sex, suffixAndSex >>> 16, sex.equal)
      levels[fieldAt.birth_date] = compareBirth(given.birthDate, records[record + 3]!)
      levels[fieldAt.place] = places.level(
        records[record + 4]!,
        records[record + 5]!,
        records[record + 6]!,
        records[record + 7]!,
      )
      levels[fieldAt.phone] = wholeLevel(ids.phone, records[record + 8]!, phone.equal)
      levels[fieldAt.email] = wholeLevel(ids.email, records[record + 9]!, email.equal)
      for (let x = 0; x < ours.length; x++) {
        levels[fields.length + x] = wholeLevel(ours[x]!, extraColumns[x]?.[row] ?? 0, extraEqual)
      }
    },
    lookCloser: (row, levels) => {
      const record = row * recordWidth
      const theirs = records[record + 11]!
      const near =
        levels[fieldAt.phone] === phone.different &&
        mayBeNear(theirs, contact.sketch) &&
        isNearPhone(records[record + 8]!)
      const same =
        levels[fieldAt.email] === email.different &&
        mayBeSameUser(theirs, contact.sketch) &&
        isSameUser(records[record + 9]!)
      if (near) levels[fieldAt.phone] = phone.near
      if (same) levels[fieldAt.email] = email.user
      return near || same
    },
  }
}

const different = sex.different satisfies typeof phone.different & typeof email.different

import { mayBeNear, mayBeSameUser } from '../sketch.js'
import { recordWidth, type VoterIndex } from '../voter-index.js'
import { compareBirth } from './compare-birth.js'
import type { EncodedContact } from './encode-contact.js'
import { type addressLevels, areaLevels, codesOf, fieldAt, fields } from './levels.js'
import { Memo } from './memo.js'
import { isPartOf, type Names, namesOf, similar, similarity, type Word } from './names.js'
import { isOneEdit, leastPart } from './similarity.js'

const first = codesOf('first_name')
const last = codesOf('last_name')
const middle = codesOf('middle_name')
const suffix = codesOf('suffix')
const sex = codesOf('sex')
const phone = codesOf('phone')
const email = codesOf('email')
const address = { missing: 0, different: 1, street: 2, near: 3, equal: 4 } satisfies Record<
  (typeof addressLevels)[number],
  number
>
const area = { missing: 0, different: 1, zip3: 2, city: 3, zip_near: 4, city_zip_missing: 5, zip: 6 } satisfies Record<
  (typeof areaLevels)[number],
  number
>

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

const holds = (ids: Int32Array, id: number): boolean => {
  for (let i = 0; i < ids.length; i++) if (ids[i] === id) return true
  return false
}

/** Compares pairs over one index. Each thread has its own. */
export const comparer = (index: VoterIndex, extras: readonly string[]): Comparer => {
  const { vocabularies: v, records } = index
  const extraColumns = extras.map((name) => index.extras[name]?.column)
  const width = fields.length + extras.length
  const memos = {
    first: new Memo(),
    last: new Memo(),
    street: new Memo(),
    number: new Memo(),
    zip: new Memo(),
    // a name in the other's field
    firstAsLast: new Memo(),
    lastAsFirst: new Memo(),
  }
  const allMemos = Object.values(memos)
  const names = { first: namesOf(v.first), last: namesOf(v.last), street: namesOf(v.street) }
  let contact!: EncodedContact

  const firstLevel = (id: number, lastId: number): number => {
    const { ids, given, firstAsLast, lastAsFirst, firstName, nicknames } = contact
    if (id === 0 || ids.first === 0) return first.missing
    if (id === ids.first) return first.equal
    if (firstAsLast === lastId && lastAsFirst === id && lastId > 0) return first.swapped
    const known = memos.first.get(id)
    if (known >= 0) return known
    if (holds(nicknames, id)) return memos.first.set(id, first.nickname)
    const length = v.first.offsets[id]! - v.first.offsets[id - 1]!
    if (given.first.length === 1 || length === 1) {
      const same = v.first.bytes[v.first.offsets[id - 1]!] === firstName.bytes[0]
      return memos.first.set(id, same ? first.initial : first.different)
    }
    const level = similarity(firstName, names.first, id)
    if (level === similar.oneEdit) return memos.first.set(id, first.one_edit)
    if (level === similar.jw92) return memos.first.set(id, first.jw92)
    return memos.first.set(id, level === similar.jw87 ? first.jw87 : first.different)
  }

  const lastLevel = (id: number): number => {
    const { ids, lastName } = contact
    if (id === 0 || ids.last === 0) return last.missing
    if (id === ids.last) return last.equal
    const known = memos.last.get(id)
    if (known >= 0) return known
    const level = similarity(lastName, names.last, id)
    if (level === similar.oneEdit) return memos.last.set(id, last.one_edit)
    if (isPartOf(lastName, names.last, id)) return memos.last.set(id, last.part)
    if (level === similar.jw92) return memos.last.set(id, last.jw92)
    if (level === similar.jw87) return memos.last.set(id, last.jw87)
    const soundsAlike = contact.given.soundex !== 0 && contact.given.soundex === index.lastSoundex[id]
    return memos.last.set(id, soundsAlike ? last.sounds_alike : last.different)
  }

  /** True when a name stands in the other's field: first and last name mixed up, or one of them left out. */
  const isCrossed = (memo: Memo, word: Word, theirs: Names, id: number): boolean => {
    if (id === 0 || word.bytes.length < leastPart) return false
    const known = memo.get(id)
    return (known >= 0 ? known : memo.set(id, similarity(word, theirs, id))) >= similar.jw92
  }

  const middleLevel = (id: number): number => {
    const { ids, given } = contact
    if (id === 0 || ids.middle === 0) return middle.missing
    if (id === ids.middle) return middle.equal
    const from = v.middle.offsets[id - 1]!
    if (v.middle.bytes[from] !== given.middle.charCodeAt(0)) return middle.different
    return given.middle.length === 1 || v.middle.offsets[id]! - from === 1 ? middle.initial : middle.different
  }

  const isNear = (number: number, street: number): boolean => {
    const { ids, streetName, numberBytes } = contact
    if (street === ids.street) {
      if (number === 0 || numberBytes.length === 0) return true
      const known = memos.number.get(number)
      if (known >= 0) return known === 1
      const n = v.number
      const edit = isOneEdit(numberBytes, 0, numberBytes.length, n.bytes, n.offsets[number - 1]!, n.offsets[number]!)
      return memos.number.set(number, edit ? 1 : 0) === 1
    }
    if (number !== ids.number || number === 0) return false
    const known = memos.street.get(street)
    return (known >= 0 ? known : memos.street.set(street, similarity(streetName, names.street, street))) > 0
  }

  /** Of two ZIPs that differ. */
  const zipLevel = (id: number): number => {
    const known = memos.zip.get(id)
    if (known >= 0) return known
    const { zipBytes } = contact
    const { bytes, offsets } = v.zip
    const from = offsets[id - 1]!
    const to = offsets[id]!
    if (isOneEdit(zipBytes, 0, zipBytes.length, bytes, from, to)) return memos.zip.set(id, area.zip_near)
    let head = 0
    while (head < 3 && from + head < to && bytes[from + head] === zipBytes[head]) head++
    return memos.zip.set(id, head === 3 ? area.zip3 : area.different)
  }

  const placeLevel = (street: number, number: number, zip: number, city: number): number => {
    const { ids } = contact
    let a: number = address.missing
    if (street !== 0 && ids.street !== 0) {
      if (street === ids.street && number === ids.number) a = address.equal
      else if (isNear(number, street)) a = address.near
      else a = street === ids.street ? address.street : address.different
    }
    let r: number = area.missing
    if (zip !== 0 && ids.zip !== 0) {
      if (zip === ids.zip) r = area.zip
      else {
        const close = zipLevel(zip)
        if (close === area.zip_near) r = area.zip_near
        else r = city !== 0 && city === ids.city ? area.city : close
      }
    } else if (city !== 0 && ids.city !== 0) r = city === ids.city ? area.city_zip_missing : area.different
    return a * areaLevels.length + r
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
    width,
    take: (next) => {
      contact = next
      for (const memo of allMemos) memo.clear()
    },
    compare: (row, levels) => {
      const { ids, extras: extraIds } = contact
      const record = row * recordWidth
      const firstId = records[record]!
      const lastId = records[record + 1]!
      const middleId = records[record + 2]!
      let f = firstLevel(firstId, lastId)
      let l = f === first.swapped ? last.missing : lastLevel(lastId)
      if (f <= first.jw87) {
        if (contact.firstAsMiddle > 0 && middleId === contact.firstAsMiddle) f = first.middle
        else if (holds(contact.inEmail.firsts, firstId)) f = first.email
      }
      if (l <= last.jw87 && holds(contact.inEmail.lasts, lastId)) l = last.email
      if (f <= first.different && l <= last.different) {
        if (isCrossed(memos.firstAsLast, contact.firstName, names.last, lastId)) f = first.cross
        if (isCrossed(memos.lastAsFirst, contact.lastName, names.first, firstId)) l = last.cross
      }
      levels[fieldAt.first_name] = f
      levels[fieldAt.last_name] = l
      levels[fieldAt.middle_name] = middleLevel(middleId)
      const s = records[record + 10]! & 0xffff
      levels[fieldAt.suffix] =
        ids.suffix === 0
          ? s === 0
            ? suffix.missing
            : suffix.voter_only
          : s === 0
            ? suffix.contact_only
            : s === ids.suffix
              ? suffix.equal
              : suffix.different
      const theirSex = records[record + 10]! >>> 16
      levels[fieldAt.sex] = theirSex === 0 || ids.sex === 0 ? sex.missing : theirSex === ids.sex ? sex.equal : sex.different
      levels[fieldAt.birth_date] = compareBirth(contact.given.birthDate, records[record + 3]!)
      levels[fieldAt.place] = placeLevel(
        records[record + 4]!,
        records[record + 5]!,
        records[record + 6]!,
        records[record + 7]!,
      )
      const p = records[record + 8]!
      levels[fieldAt.phone] =
        p === 0 || ids.phone === 0 ? phone.missing : p === ids.phone ? phone.equal : phone.different
      const e = records[record + 9]!
      levels[fieldAt.email] =
        e === 0 || ids.email === 0 ? email.missing : e === ids.email ? email.equal : email.different
      for (let x = 0; x < extraIds.length; x++) {
        const theirs = extraColumns[x]?.[row] ?? 0
        const ours = extraIds[x]!
        levels[fields.length + x] = theirs === 0 || ours === 0 ? 0 : theirs === ours ? 2 : 1
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

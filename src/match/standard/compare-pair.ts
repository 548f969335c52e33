import { recordWidth, type Vocabulary, type VoterIndex } from '../voter-index.js'
import { compareBirth } from './compare-birth.js'
import type { EncodedContact, Word } from './encode-contact.js'
import { type addressLevels, areaLevels, codesOf, fieldAt, fields } from './levels.js'
import { isOneEdit, jaroWinkler, leastAlike, lettersIn, maybeAlike } from './similarity.js'

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
const area = Object.fromEntries(areaLevels.map((level, code) => [level, code])) as Record<
  (typeof areaLevels)[number],
  number
>

/** Levels of one name value against another: the same for first and last names, before what is special to each. */
const similar = { different: 0, jw87: 1, jw92: 2, oneEdit: 3 } as const

export interface Comparer {
  /** number of codes of a pair */
  readonly width: number
  /** The contact that the next pairs are of. */
  readonly take: (contact: EncodedContact) => void
  /** Writes the level of each field of the pair (contact, row) to `levels[at]` and on, classes not counted in. */
  readonly compare: (row: number, levels: Uint8Array, at: number) => void
}

/** Remembers what one value of a contact reaches against each voter's value, by vocabulary id, for one contact. */
class Memo {
  readonly #ids = new Int32Array(1 << 12)
  readonly #stamps = new Uint32Array(1 << 12)
  readonly #levels = new Uint8Array(1 << 12)
  #stamp = 0

  clear(): void {
    this.#stamp++
  }

  /** The level kept for an id, −1: none. */
  get(id: number): number {
    const slot = Math.imul(id, 0x9e3779b1) >>> 20
    return this.#stamps[slot] === this.#stamp && this.#ids[slot] === id ? this.#levels[slot]! : -1
  }

  set(id: number, level: number): number {
    const slot = Math.imul(id, 0x9e3779b1) >>> 20
    this.#stamps[slot] = this.#stamp
    this.#ids[slot] = id
    this.#levels[slot] = level
    return level
  }
}

/** A vocabulary and, for each of its texts, which letters are in it. */
interface Names {
  readonly vocabulary: Vocabulary
  readonly letters: Uint32Array
}

const namesOf = (vocabulary: Vocabulary): Names => {
  const letters = new Uint32Array(vocabulary.size + 1)
  for (let id = 1; id <= vocabulary.size; id++) {
    letters[id] = lettersIn(vocabulary.bytes, vocabulary.offsets[id - 1]!, vocabulary.offsets[id]!)
  }
  return { vocabulary, letters }
}

const similarity = (ours: Word, { vocabulary: v, letters }: Names, id: number): number => {
  const start = v.offsets[id - 1]!
  const end = v.offsets[id]!
  const { bytes } = ours
  if (!maybeAlike(bytes, ours.letters, v.bytes, start, end, letters[id]!)) return similar.different
  if (isOneEdit(bytes, 0, bytes.length, v.bytes, start, end)) return similar.oneEdit
  const jw = jaroWinkler(bytes, 0, bytes.length, v.bytes, start, end)
  return jw >= 0.92 ? similar.jw92 : jw >= leastAlike ? similar.jw87 : similar.different
}

/** Shortest name of which it means something to be part of another. */
const leastPart = 4

const isPart = (a: Uint8Array, v: Vocabulary, id: number): boolean => {
  const start = v.offsets[id - 1]!
  const n = a.length
  const m = v.offsets[id]! - start
  const least = Math.min(n, m)
  if (least < leastPart || n === m) return false
  let head = 0
  while (head < least && a[head] === v.bytes[start + head]) head++
  if (head === least) return true
  let tail = 0
  while (tail < least && a[n - 1 - tail] === v.bytes[start + m - 1 - tail]) tail++
  return tail === least
}

/** Short forms that no table of nicknames has begin as the name does. */
const headLetters = 3

const isHead = (a: Uint8Array, v: Vocabulary, id: number): boolean => {
  const start = v.offsets[id - 1]!
  if (a.length < headLetters || v.offsets[id]! - start < headLetters) return false
  for (let i = 0; i < headLetters; i++) if (a[i] !== v.bytes[start + i]) return false
  return true
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
    city: new Memo(),
    email: new Memo(),
  }
  const names = { first: namesOf(v.first), last: namesOf(v.last), street: namesOf(v.street), city: namesOf(v.city) }
  const crossed = { first: new Memo(), last: new Memo() }
  let contact!: EncodedContact
  let nicknames = new Set<number>()

  const firstLevel = (id: number, lastId: number): number => {
    const { ids, given, firstAsLast, lastAsFirst, firstName } = contact
    if (id === 0 || ids.first === 0) return first.missing
    if (id === ids.first) return first.equal
    if (firstAsLast === lastId && lastAsFirst === id && lastId > 0) return first.swapped
    const known = memos.first.get(id)
    if (known >= 0) return known
    if (nicknames.has(id)) return memos.first.set(id, first.nickname)
    const length = v.first.offsets[id]! - v.first.offsets[id - 1]!
    if (given.first.length === 1 || length === 1) {
      const same = v.first.bytes[v.first.offsets[id - 1]!] === firstName.bytes[0]
      return memos.first.set(id, same ? first.initial : first.different)
    }
    const level = similarity(firstName, names.first, id)
    if (level === similar.oneEdit) return memos.first.set(id, first.one_edit)
    if (level === similar.jw92) return memos.first.set(id, first.jw92)
    if (level === similar.jw87) return memos.first.set(id, first.jw87)
    return memos.first.set(id, isHead(firstName.bytes, v.first, id) ? first.head : first.different)
  }

  const lastLevel = (id: number): number => {
    const { ids, lastName } = contact
    if (id === 0 || ids.last === 0) return last.missing
    if (id === ids.last) return last.equal
    const known = memos.last.get(id)
    if (known >= 0) return known
    const level = similarity(lastName, names.last, id)
    if (level === similar.oneEdit) return memos.last.set(id, last.one_edit)
    if (isPart(lastName.bytes, v.last, id)) return memos.last.set(id, last.part)
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

  /** Cities spelt alike count as one: in a ZIP there are few. */
  const isCity = (id: number): boolean => {
    if (id === contact.ids.city) return true
    const known = memos.city.get(id)
    return (known >= 0 ? known : memos.city.set(id, similarity(contact.cityName, names.city, id))) > 0
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
      if (zip === ids.zip)
        r = city === 0 || ids.city === 0 ? area.zip : isCity(city) ? area.zip_city : area.zip_other_city
      else {
        const close = zipLevel(zip)
        if (close === area.zip_near) r = city !== 0 && isCity(city) ? area.zip_near_city : area.zip_near
        else r = city !== 0 && city === ids.city ? area.city : close
      }
    } else if (city !== 0 && ids.city !== 0) r = city === ids.city ? area.city_zip_missing : area.different
    return a * areaLevels.length + r
  }

  const emailLevel = (id: number): number => {
    const { ids, given } = contact
    if (id === 0 || ids.email === 0) return email.missing
    if (id === ids.email) return email.equal
    const known = memos.email.get(id)
    if (known >= 0) return known
    const from = v.email.offsets[id - 1]!
    const to = v.email.offsets[id]!
    const user = given.email.indexOf('@')
    let i = 0
    while (i < user && from + i < to && v.email.bytes[from + i] === given.email.charCodeAt(i)) i++
    const same = i === user && v.email.bytes[from + i] === 64
    return memos.email.set(id, same ? email.user : email.different)
  }

  const phoneLevel = (id: number): number => {
    const { ids, given } = contact
    if (id === 0 || ids.phone === 0) return phone.missing
    if (id === ids.phone) return phone.equal
    const from = v.phone.offsets[id - 1]!
    if (v.phone.offsets[id]! - from !== given.phone.length) return phone.different
    let differing = 0
    for (let i = 0; i < given.phone.length && differing < 2; i++) {
      if (v.phone.bytes[from + i] !== given.phone.charCodeAt(i)) differing++
    }
    return differing === 1 ? phone.near : phone.different
  }

  return {
    width,
    take: (next) => {
      contact = next
      nicknames = new Set(next.nicknames)
      for (const memo of Object.values(memos)) memo.clear()
      crossed.first.clear()
      crossed.last.clear()
    },
    compare: (row, levels, at) => {
      const { ids, extras: extraIds } = contact
      const record = row * recordWidth
      const firstId = records[record]!
      const lastId = records[record + 1]!
      const middleId = records[record + 2]!
      let f = firstLevel(firstId, lastId)
      let l = f === first.swapped ? last.missing : lastLevel(lastId)
      if (f <= first.jw87) {
        if (contact.firstAsMiddle > 0 && middleId === contact.firstAsMiddle) f = first.middle
        else if (contact.inEmail.firsts.includes(firstId)) f = first.email
      }
      if (l <= last.jw87 && contact.inEmail.lasts.includes(lastId)) l = last.email
      if (f <= first.different && l <= last.different) {
        if (isCrossed(crossed.first, contact.firstName, names.last, lastId)) f = first.cross
        if (isCrossed(crossed.last, contact.lastName, names.first, firstId)) l = last.cross
      }
      levels[at + fieldAt.first_name] = f
      levels[at + fieldAt.last_name] = l
      levels[at + fieldAt.middle_name] = middleLevel(middleId)
      const s = records[record + 10]! & 0xffff
      levels[at + fieldAt.suffix] =
        ids.suffix === 0
          ? s === 0
            ? suffix.missing
            : suffix.voter_only
          : s === 0
            ? suffix.contact_only
            : s === ids.suffix
              ? suffix.equal
              : suffix.different
      const x = records[record + 10]! >>> 16
      levels[at + fieldAt.sex] = x === 0 || ids.sex === 0 ? sex.missing : x === ids.sex ? sex.equal : sex.different
      levels[at + fieldAt.birth_date] = compareBirth(contact.given.birthDate, records[record + 3]!)
      levels[at + fieldAt.place] = placeLevel(
        records[record + 4]!,
        records[record + 5]!,
        records[record + 6]!,
        records[record + 7]!,
      )
      levels[at + fieldAt.phone] = phoneLevel(records[record + 8]!)
      levels[at + fieldAt.email] = emailLevel(records[record + 9]!)
      for (let e = 0; e < extraIds.length; e++) {
        const theirs = extraColumns[e]?.[row] ?? 0
        const ours = extraIds[e]!
        levels[at + fields.length + e] = theirs === 0 || ours === 0 ? 0 : theirs === ours ? 2 : 1
      }
    },
  }
}

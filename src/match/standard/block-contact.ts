import { headPart, pairHash, tailPart, tripleHash } from '../key-hash.js'
import type { PreparedContact } from '../prepared.js'
import {
  finish,
  hashText,
  type KeyIndex,
  mostVotersWithWideKeys,
  type StandardKey,
  type VoterIndex,
} from '../voter-index.js'
import type { EncodedContact } from './encode-contact.js'

export interface Blocker {
  /** Fills `rows` with the candidates of a person's contacts, each once, and answers how many. */
  readonly block: (contacts: readonly EncodedContact[]) => number
  /** rows of the contact that was blocked last; grows as needed */
  rows: Uint32Array
  /** blocks that were too large and narrowed to what other keys find, by key */
  readonly narrowed: Record<StandardKey | 'svid', number>
}

/** A block with more rows says too little to be worth comparing all of it: the further keys narrow it. */
const mostRows = 2_000
const mostRowsOfWide = 500

/** Finds candidates over one index. Each thread has its own: it remembers which rows it has seen. */
export const blocker = (index: VoterIndex): Blocker => {
  const { keys } = index
  const seen = new Uint32Array(index.voters)
  const isWide = index.voters <= mostVotersWithWideKeys
  let stamp = 0
  let count = 0
  const self: Blocker = { block, rows: new Uint32Array(4_096), narrowed: {} as Blocker['narrowed'] }
  for (const key of Object.keys(keys) as (keyof typeof keys)[]) (self.narrowed as Record<string, number>)[key] = 0

  const take = (name: StandardKey | 'svid', hash: number, most = mostRows): void => {
    const key: KeyIndex = keys[name]
    const bucket = hash & key.mask
    const from = key.starts[bucket]!
    const to = key.starts[bucket + 1]!
    if (to - from > most) {
      self.narrowed[name]++
      return
    }
    if (count + to - from > self.rows.length) {
      const larger = new Uint32Array((count + to - from) * 2)
      larger.set(self.rows)
      self.rows = larger
    }
    const { rows } = self
    for (let i = from; i < to; i++) {
      const row = key.rows[i]!
      if (seen[row] === stamp) continue
      seen[row] = stamp
      rows[count++] = row
    }
  }

  function block(contacts: readonly EncodedContact[]): number {
    stamp++
    count = 0
    for (const contact of contacts) blockOne(contact)
    return count
  }

  function blockOne(contact: EncodedContact): void {
    const { given, ids, nicknames, firstAsLast, lastAsFirst, inEmail } = contact
    const { first, last, zip, city } = ids
    if (given.svid !== '') take('svid', hashText(given.svid))
    if (ids.phone > 0) take('phone', finish(ids.phone))
    if (ids.email > 0) take('email', finish(ids.email))
    if (ids.street > 0 && ids.number >= 0) take('number_street', pairHash(ids.number, ids.street))
    const letter = headPart(given.first, 1)
    if (last > 0) {
      if (zip > 0) take('last_zip', pairHash(last, zip))
      if (first > 0) take('first_last', pairHash(first, last))
      for (const nickname of nicknames) take('first_last', pairHash(nickname, last))
      for (const name of inEmail.firsts) take('first_last', pairHash(name, last))
      if (given.first !== '') take('last_head', pairHash(last, headPart(given.first, 3)))
      if (city > 0 && letter !== 0) take('last_city', tripleHash(last, city, letter))
    }
    if (firstAsLast > 0 && lastAsFirst > 0) take('first_last', pairHash(lastAsFirst, firstAsLast))
    if (first > 0) {
      if (zip > 0) take('first_zip', pairHash(first, zip))
      if (given.last !== '') {
        take('first_head', pairHash(first, headPart(given.last, 4)))
        take('first_tail', pairHash(first, tailPart(given.last, 4)))
      }
    }
    if (first > 0) for (const name of inEmail.lasts) take('first_last', pairHash(first, name))
    if (zip > 0) for (const name of inEmail.lasts) take('last_zip', pairHash(name, zip))
    if (zip > 0) for (const nickname of nicknames) take('first_zip', pairHash(nickname, zip))
    const born = given.birthDate
    if (born !== 0 && born % 100 !== 0) {
      if (letter !== 0) take('birth_first', pairHash(born, letter))
      if (given.last !== '') take('birth_last', pairHash(born, headPart(given.last, 1)))
    }
    if (born !== 0 && given.soundex !== 0 && letter !== 0) {
      take('sound_year', tripleHash(given.soundex, Math.floor(born / 10_000), letter))
    }
    if (isWide) wide(contact)
  }

  function wide({ given, ids, nicknames, firstAsLast }: EncodedContact): void {
    const { first, zip, city } = ids
    const year = Math.floor(given.birthDate / 10_000)
    const day = given.birthDate % 10_000
    if (zip > 0) take('zip', finish(zip), mostRowsOfWide)
    if (given.last !== '') {
      take('last4', finish(headPart(given.last, 4)), mostRowsOfWide)
      take('tail4', finish(tailPart(given.last, 4)), mostRowsOfWide)
    }
    if (given.soundex !== 0) take('sound', finish(given.soundex), mostRowsOfWide)
    if (first > 0) wideFirst(first, given, city)
    for (const nickname of nicknames) wideFirst(nickname, given, city)
    if (given.zip !== '') take('zip3', finish(headPart(given.zip, 3)), mostRowsOfWide)
    if (city > 0) take('city', finish(city), mostRowsOfWide)
    // a name in the other's field
    if (given.first !== '' && (given.last === '' || firstAsLast > 0)) {
      take('last4', finish(headPart(given.first, 4)), mostRowsOfWide)
      take('tail4', finish(tailPart(given.first, 4)), mostRowsOfWide)
    }
    if (year === 0) return
    if (given.first !== '') take('head_year', pairHash(headPart(given.first, 3), year), mostRowsOfWide)
    if (city > 0) take('city_year', pairHash(city, year), mostRowsOfWide)
    if (day % 100 === 0) return
    take('birth', finish(given.birthDate), mostRowsOfWide)
  }

  /** By a first name or a nickname of it. */
  function wideFirst(first: number, { zip, birthDate }: PreparedContact, city: number): void {
    take('first', finish(first), mostRowsOfWide)
    if (zip !== '') take('first_zip3', pairHash(first, headPart(zip, 3)), mostRowsOfWide)
    if (city > 0) take('first_city', pairHash(first, city), mostRowsOfWide)
    if (birthDate % 100 !== 0) take('first_day', pairHash(first, birthDate % 10_000), mostRowsOfWide)
  }

  return self
}

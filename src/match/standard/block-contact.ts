import { headPart, pairHash, tailPart, tripleHash } from '../key-hash.js'
import {
  finish,
  hashText,
  isOfHash,
  type KeyIndex,
  mostVotersWithWideKeys,
  rowOf,
  type StandardKey,
  type VoterIndex,
} from '../voter-index.js'
import type { EncodedContact } from './encode-contact.js'
import { rowSet } from './row-set.js'

export interface Blocker {
  /** Finds the candidates of a person's contacts, each once: the first so many of `rows()`. */
  readonly block: (contacts: readonly EncodedContact[]) => number
  readonly rows: () => Uint32Array
  /** blocks so far that were too large and narrowed to what other keys find, by key */
  readonly narrowed: Readonly<Record<BlockedBy, number>>
  /** The keys by which a contact finds a row. */
  readonly foundBy: (contact: EncodedContact, row: number) => ReadonlySet<BlockedBy>
}

export type BlockedBy = StandardKey | 'svid'

/**
 * A block with more rows says too little to be worth comparing all of it: it is narrowed to those that a further key
 * finds. JOHN SMITH's are those of his ZIP, his city, his birth year, his address, his phone.
 */
const mostRows = 2_000
/**
 * Of names that many share such keys find hundreds, of whom a further key finds those worth looking at: two of five pairs
 * among 8,200,000 voters less, for .0014 of the true pairs, which no score would have told from the rest.
 */
const mostRowsOfName: Readonly<Partial<Record<BlockedBy, number>>> = {
  first_zip: 40,
  first_head: 60,
  first_tail: 60,
  last_head: 60,
}
const mostRowsOfWide = 500

/** Calls `ask` with each blocking key that a contact has the parts of, its hash, and the largest block worth comparing. */
type Ask = (key: BlockedBy, hash: number, most: number) => void

const askKeys = ({ given, ids, nicknames, firstAsLast, lastAsFirst, inEmail }: EncodedContact, ask: Ask): void => {
  const { first, last, zip, city } = ids
  const take = (key: BlockedBy, hash: number): void => ask(key, hash, mostRowsOfName[key] ?? mostRows)
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
}

/** The keys that only small files have. */
const askWideKeys = ({ given, ids, nicknames, firstAsLast }: EncodedContact, ask: Ask): void => {
  const { first, zip, city } = ids
  const take = (key: BlockedBy, hash: number): void => ask(key, hash, mostRowsOfWide)
  const takeFirst = (name: number): void => {
    take('first', finish(name))
    if (given.zip !== '') take('first_zip3', pairHash(name, headPart(given.zip, 3)))
    if (city > 0) take('first_city', pairHash(name, city))
    if (given.birthDate % 100 !== 0) take('first_day', pairHash(name, given.birthDate % 10_000))
  }
  const year = Math.floor(given.birthDate / 10_000)
  if (zip > 0) take('zip', finish(zip))
  if (given.last !== '') {
    take('last4', finish(headPart(given.last, 4)))
    take('tail4', finish(tailPart(given.last, 4)))
  }
  if (given.soundex !== 0) take('sound', finish(given.soundex))
  if (first > 0) takeFirst(first)
  for (const nickname of nicknames) takeFirst(nickname)
  if (given.zip !== '') take('zip3', finish(headPart(given.zip, 3)))
  if (city > 0) take('city', finish(city))
  // a name in the other's field
  if (given.first !== '' && (given.last === '' || firstAsLast > 0)) {
    take('last4', finish(headPart(given.first, 4)))
    take('tail4', finish(tailPart(given.first, 4)))
  }
  if (year === 0) return
  if (given.first !== '') take('head_year', pairHash(headPart(given.first, 3), year))
  if (city > 0) take('city_year', pairHash(city, year))
  if (given.birthDate % 100 !== 0) take('birth', finish(given.birthDate))
}

/** Keys that are looked up at once. */
const batch = 64

/**
 * Finds candidates over one index. Each thread has its own. Looked up in two sweeps over all keys, first where each block
 * lies, then its rows: memory answers the reads of a sweep side by side, and one waiting for the other took twice as long.
 */
export const blocker = (index: VoterIndex): Blocker => {
  const { keys } = index
  const isWide = index.voters <= mostVotersWithWideKeys
  const found = rowSet()
  const narrowed = Object.fromEntries(Object.keys(keys).map((key) => [key, 0])) as Record<BlockedBy, number>
  const names = new Array<BlockedBy>(batch).fill('svid')
  const asked = new Array<KeyIndex>(batch).fill(keys.svid)
  const hashes = new Uint32Array(batch)
  const largest = new Uint32Array(batch)
  const from = new Uint32Array(batch)
  const to = new Uint32Array(batch)
  const touched = new Uint32Array(1)
  let count = 0

  const ask: Ask = (name, hash, most) => {
    if (count === batch) lookUp()
    const key = keys[name]
    names[count] = name
    asked[count] = key
    hashes[count] = hash
    largest[count] = most
    count++
  }

  const askAll = (contact: EncodedContact, each: Ask): void => {
    askKeys(contact, each)
    if (isWide) askWideKeys(contact, each)
  }

  const lookUp = (): void => {
    for (let a = 0; a < count; a++) {
      const { starts, mask } = asked[a]!
      const bucket = hashes[a]! & mask
      from[a] = starts[bucket]!
      to[a] = starts[bucket + 1]!
    }
    let all = 0
    for (let a = 0; a < count; a++) all ^= asked[a]!.entries[from[a]!] ?? 0
    touched[0] = all
    for (let a = 0; a < count; a++) {
      if (to[a]! - from[a]! > largest[a]!) narrowed[names[a]!]++
      else found.addBlock(asked[a]!, hashes[a]!, from[a]!, to[a]!)
    }
    count = 0
  }

  return {
    narrowed,
    rows: found.rows,
    block: (contacts) => {
      found.clear()
      for (const contact of contacts) {
        askAll(contact, ask)
        lookUp()
      }
      return found.count()
    },
    foundBy: (contact, row) => {
      const by = new Set<BlockedBy>()
      askAll(contact, (name, hash, most) => {
        const { mask, starts, entries, rowBits } = keys[name]
        const block = entries.subarray(starts[hash & mask]!, starts[(hash & mask) + 1]!)
        const isRow = (entry: number): boolean => isOfHash(entry, hash, rowBits) && rowOf(entry, rowBits) === row
        if (block.length <= most && block.some(isRow)) by.add(name)
      })
      return by
    },
  }
}

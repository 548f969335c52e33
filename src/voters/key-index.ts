import { nameAddressHash, nameCityHash, soundexAddressHash, soundexBirthHash } from '../match/key-hash.js'
import type { KeyIndex, VoterIndex } from '../match/voter-index.js'
import { sharedWords } from './shared-arrays.js'

/** One to two rows a bucket: 2 to 4 bytes a voter and key for the starts, beside 4 for the row. */
export const bucketsFor = (rows: number): { readonly mask: number } => {
  let buckets = 2
  while (buckets * 2 < rows) buckets *= 2
  return { mask: buckets - 1 }
}

/**
 * Rows by bucket, ascending, from each row's bucket + 1 (0: the row is not in this index). A counting sort: two passes, no
 * comparison. `present` rows are expected.
 */
export const bucketRows = (buckets: Uint32Array, expected: number): KeyIndex => {
  const { mask } = bucketsFor(expected)
  const starts = sharedWords(mask + 2)
  let present = 0
  for (let row = 0; row < buckets.length; row++) {
    const bucket = buckets[row]!
    if (bucket === 0) continue
    starts[bucket]!++
    present++
  }
  for (let bucket = 1; bucket < starts.length; bucket++) starts[bucket]! += starts[bucket - 1]!
  const rows = sharedWords(present)
  // From the last row down, each bucket fills from its end, so that its rows ascend.
  const ends = starts.slice()
  for (let row = buckets.length - 1; row >= 0; row--) {
    const bucket = buckets[row]!
    if (bucket !== 0) rows[--ends[bucket]!] = row
  }
  return { mask, starts, rows }
}

export type ColumnKey = 'name_address' | 'name_city' | 'soundex_birth' | 'soundex_address'

export type KeyColumns = Pick<VoterIndex, 'voters' | 'columns' | 'birthDate' | 'lastSoundex'>

/**
 * The index of one blocking key. A voter without one of the key's parts is left out; a house number may be missing, as in
 * PO boxes, and then counts as a value of its own; a birth date must have its day.
 */
export const buildKey = (key: ColumnKey, { voters, columns, birthDate, lastSoundex }: KeyColumns): KeyIndex => {
  const { first, last, number, street, zip, city } = columns
  const { mask } = bucketsFor(voters)
  const buckets = new Uint32Array(voters)
  switch (key) {
    case 'name_address':
      for (let row = 0; row < voters; row++) {
        const f = first[row]!
        const l = last[row]!
        const s = street[row]!
        const z = zip[row]!
        if (f === 0 || l === 0 || s === 0 || z === 0) continue
        buckets[row] = (nameAddressHash(f, l, number[row]!, s, z) & mask) + 1
      }
      break
    case 'name_city':
      for (let row = 0; row < voters; row++) {
        const f = first[row]!
        const l = last[row]!
        const c = city[row]!
        if (f !== 0 && l !== 0 && c !== 0) buckets[row] = (nameCityHash(f, l, c) & mask) + 1
      }
      break
    case 'soundex_birth':
      for (let row = 0; row < voters; row++) {
        const sound = lastSoundex[last[row]!]!
        const born = birthDate[row]!
        if (sound !== 0 && born % 100 !== 0) buckets[row] = (soundexBirthHash(sound, born) & mask) + 1
      }
      break
    case 'soundex_address':
      for (let row = 0; row < voters; row++) {
        const sound = lastSoundex[last[row]!]!
        const s = street[row]!
        const z = zip[row]!
        if (sound === 0 || s === 0 || z === 0) continue
        buckets[row] = (soundexAddressHash(sound, number[row]!, s, z) & mask) + 1
      }
  }
  return bucketRows(buckets, voters)
}

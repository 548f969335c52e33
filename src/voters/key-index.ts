import {
  headPart,
  nameAddressHash,
  nameCityHash,
  pairHash,
  soundexAddressHash,
  soundexBirthHash,
  tailPart,
  tripleHash,
} from '../match/key-hash.js'
import {
  type BlockingKey,
  finish,
  type KeyIndex,
  mostVotersWithWideKeys,
  mostVotersWithWidestKeys,
  rowBitsFor,
  textOf,
  type Vocabulary,
  type VoterIndex,
  wideKeys,
  widestKeys,
} from '../match/voter-index.js'
import { type Codes, sharedWords } from './shared-arrays.js'

/** Two to four rows a bucket: 1 to 2 bytes a voter and key for the starts, beside 4 for the entry. */
const bucketsFor = (rows: number): { readonly mask: number } => {
  let buckets = 2
  while (buckets * 4 < rows) buckets *= 2
  return { mask: buckets - 1 }
}

/**
 * Rows by bucket, ascending, from each row's hash (0: the row is not in this index). A counting sort: two passes, no
 * comparison.
 */
export const bucketRows = (hashes: Uint32Array): KeyIndex => {
  const { mask } = bucketsFor(hashes.length)
  const rowBits = rowBitsFor(hashes.length)
  const starts = sharedWords(mask + 2)
  let present = 0
  for (let row = 0; row < hashes.length; row++) {
    const hash = hashes[row]!
    if (hash === 0) continue
    starts[(hash & mask) + 1]!++
    present++
  }
  for (let bucket = 1; bucket < starts.length; bucket++) starts[bucket]! += starts[bucket - 1]!
  const entries = sharedWords(present)
  // From the last row down, each bucket fills from its end, so that its rows ascend.
  const ends = starts.slice()
  for (let row = hashes.length - 1; row >= 0; row--) {
    const hash = hashes[row]!
    if (hash !== 0) entries[--ends[(hash & mask) + 1]!] = ((hash >>> rowBits) << rowBits) | row
  }
  return { mask, starts, entries, rowBits }
}

export type ColumnKey = Exclude<BlockingKey, 'svid'>

export interface KeyColumns extends Pick<VoterIndex, 'voters' | 'columns' | 'birthDate' | 'lastSoundex'> {
  readonly names: Readonly<Record<'first' | 'last' | 'zip', Vocabulary>>
}

/** A part of a key that depends on a vocabulary's text, by id. */
const partsOf = (vocabulary: Vocabulary, part: (text: string) => number): Uint32Array => {
  const parts = new Uint32Array(vocabulary.size + 1)
  for (let id = 1; id <= vocabulary.size; id++) parts[id] = part(textOf(vocabulary, id))
  return parts
}

/** A row's hash at a key, or 0 for a voter who lacks a part. */
type RowHash = (row: number) => number

/**
 * The parts of each blocking key. A house number may be missing, as in PO boxes, and then counts as a value of its own; a
 * birth date must have its day where it is a part whole.
 */
const rowHashes: Readonly<Record<ColumnKey, (columns: KeyColumns) => RowHash>> = {
  name_address:
    ({ columns: { first, last, number, street, zip } }) =>
    (row) => {
      const f = first[row]!
      const l = last[row]!
      const s = street[row]!
      const z = zip[row]!
      return f === 0 || l === 0 || s === 0 || z === 0 ? 0 : nameAddressHash(f, l, number[row]!, s, z)
    },
  name_city:
    ({ columns: { first, last, city } }) =>
    (row) => {
      const f = first[row]!
      const l = last[row]!
      const c = city[row]!
      return f === 0 || l === 0 || c === 0 ? 0 : nameCityHash(f, l, c)
    },
  soundex_birth:
    ({ columns: { last }, lastSoundex, birthDate }) =>
    (row) => {
      const sound = lastSoundex[last[row]!]!
      const born = birthDate[row]!
      return sound === 0 || born % 100 === 0 ? 0 : soundexBirthHash(sound, born)
    },
  soundex_address:
    ({ columns: { last, number, street, zip }, lastSoundex }) =>
    (row) => {
      const sound = lastSoundex[last[row]!]!
      const s = street[row]!
      const z = zip[row]!
      return sound === 0 || s === 0 || z === 0 ? 0 : soundexAddressHash(sound, number[row]!, s, z)
    },
  first_last: ({ columns: { first, last } }) => pairOf(first, last),
  last_zip: ({ columns: { last, zip } }) => pairOf(last, zip),
  first_zip: ({ columns: { first, zip } }) => pairOf(first, zip),
  number_street:
    ({ columns: { number, street } }) =>
    (row) => {
      const s = street[row]!
      return s === 0 ? 0 : pairHash(number[row]!, s)
    },
  phone: ({ columns: { phone } }) => alone(phone),
  email: ({ columns: { email } }) => alone(email),
  birth_first: ({ columns: { first }, birthDate, names }) => withBirth(birthDate, first, lettersOf(names.first)),
  birth_last: ({ columns: { last }, birthDate, names }) => withBirth(birthDate, last, lettersOf(names.last)),
  first_head: ({ columns: { first, last }, names }) => {
    const heads = partsOf(names.last, (text) => headPart(text, 4))
    return (row) => (first[row] === 0 || last[row] === 0 ? 0 : pairHash(first[row]!, heads[last[row]!]!))
  },
  first_tail: ({ columns: { first, last }, names }) => {
    const tails = partsOf(names.last, (text) => tailPart(text, 4))
    return (row) => (first[row] === 0 || last[row] === 0 ? 0 : pairHash(first[row]!, tails[last[row]!]!))
  },
  last_head: ({ columns: { first, last }, names }) => {
    const heads = partsOf(names.first, (text) => headPart(text, 3))
    return (row) => (first[row] === 0 || last[row] === 0 ? 0 : pairHash(last[row]!, heads[first[row]!]!))
  },
  last_city: ({ columns: { first, last, city }, names }) => {
    const letters = lettersOf(names.first)
    return (row) => {
      const f = first[row]!
      const l = last[row]!
      const c = city[row]!
      return f === 0 || l === 0 || c === 0 ? 0 : tripleHash(l, c, letters[f]!)
    }
  },
  sound_year: ({ columns: { first, last }, lastSoundex, birthDate, names }) => {
    const letters = lettersOf(names.first)
    return (row) => {
      const f = first[row]!
      const sound = lastSoundex[last[row]!]!
      const year = Math.floor(birthDate[row]! / 10_000)
      return f === 0 || sound === 0 || year === 0 ? 0 : tripleHash(sound, year, letters[f]!)
    }
  },
  birth:
    ({ birthDate }) =>
    (row) =>
      birthDate[row]! % 100 === 0 ? 0 : finish(birthDate[row]!),
  zip: ({ columns: { zip } }) => alone(zip),
  last4: ({ columns: { last }, names }) =>
    partAlone(
      last,
      partsOf(names.last, (text) => headPart(text, 4)),
    ),
  tail4: ({ columns: { last }, names }) =>
    partAlone(
      last,
      partsOf(names.last, (text) => tailPart(text, 4)),
    ),
  head_year: ({ columns: { first }, names, birthDate }) => {
    const heads = partsOf(names.first, (text) => headPart(text, 3))
    return (row) => {
      const year = Math.floor(birthDate[row]! / 10_000)
      return first[row] === 0 || year === 0 ? 0 : pairHash(heads[first[row]!]!, year)
    }
  },
  first_zip3: ({ columns: { first, zip }, names }) => {
    const areas = partsOf(names.zip, (text) => headPart(text, 3))
    return (row) => (first[row] === 0 || zip[row] === 0 ? 0 : pairHash(first[row]!, areas[zip[row]!]!))
  },
  first_day:
    ({ columns: { first }, birthDate }) =>
    (row) => {
      const day = birthDate[row]! % 10_000
      return first[row] === 0 || day % 100 === 0 ? 0 : pairHash(first[row]!, day)
    },
  first_city: ({ columns: { first, city } }) => pairOf(first, city),
  zip3: ({ columns: { zip }, names }) =>
    partAlone(
      zip,
      partsOf(names.zip, (text) => headPart(text, 3)),
    ),
  city: ({ columns: { city } }) => alone(city),
  first: ({ columns: { first } }) => alone(first),
  sound:
    ({ columns: { last }, lastSoundex }) =>
    (row) => {
      const sound = lastSoundex[last[row]!]!
      return sound === 0 ? 0 : finish(sound)
    },
  city_year:
    ({ columns: { city }, birthDate }) =>
    (row) => {
      const year = Math.floor(birthDate[row]! / 10_000)
      return city[row] === 0 || year === 0 ? 0 : pairHash(city[row]!, year)
    },
}

const alone =
  (ids: Codes): RowHash =>
  (row) =>
    ids[row] === 0 ? 0 : finish(ids[row]!)

const partAlone =
  (ids: Codes, parts: Uint32Array): RowHash =>
  (row) =>
    ids[row] === 0 ? 0 : finish(parts[ids[row]!]!)

const lettersOf = (names: Vocabulary): Uint32Array => partsOf(names, (text) => headPart(text, 1))

const pairOf =
  (a: Codes, b: Codes): RowHash =>
  (row) => {
    const x = a[row]!
    const y = b[row]!
    return x === 0 || y === 0 ? 0 : pairHash(x, y)
  }

const withBirth =
  (birthDate: Uint32Array, names: Codes, letters: Uint32Array): RowHash =>
  (row) => {
    const name = names[row]!
    const born = birthDate[row]!
    return name === 0 || born % 100 === 0 ? 0 : pairHash(born, letters[name]!)
  }

const mostVotersWith = (key: ColumnKey): number => {
  if ((widestKeys as readonly string[]).includes(key)) return mostVotersWithWidestKeys
  return (wideKeys as readonly string[]).includes(key) ? mostVotersWithWideKeys : Number.POSITIVE_INFINITY
}

/** The index of one blocking key. */
export const buildKey = (key: ColumnKey, columns: KeyColumns): KeyIndex => {
  const { voters } = columns
  if (voters > mostVotersWith(key)) return bucketRows(new Uint32Array(0))
  const hashOf = rowHashes[key](columns)
  const hashes = new Uint32Array(voters)
  for (let row = 0; row < voters; row++) hashes[row] = hashOf(row)
  return bucketRows(hashes)
}

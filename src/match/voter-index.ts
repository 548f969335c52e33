/**
 * A state's voter file as columns of typed arrays: what matching reads. Built and stored by `voters`, shared between
 * threads; there is no object per voter. Row i of every column is voter i of the artifact.
 */

/** The distinct normalised values of one text column. Id 0 stands for a missing value; ids 1 to `size` for texts. */
export interface Vocabulary {
  readonly size: number
  /** UTF-8 bytes of all texts, id after id */
  readonly bytes: Uint8Array
  /** text `id` is bytes[offsets[id - 1]] to bytes[offsets[id]]; length size + 1 */
  readonly offsets: Uint32Array
  /** voters that have the value, by id; counts[0]: voters without one */
  readonly counts: Uint32Array
  /** open addressing, power of two long: id or 0 for empty */
  readonly slots: Uint32Array
}

/**
 * Rows by the hash of a blocking key: bucket b holds entries[starts[b]] to entries[starts[b + 1] − 1], ascending by row. An
 * entry is a row in its lower `rowBits` and the upper bits of the hash above: what shares a bucket by chance, two of three
 * once, shows without its record being read.
 */
export interface KeyIndex {
  readonly mask: number
  readonly starts: Uint32Array
  readonly entries: Uint32Array
  /** of the file: enough for every row */
  readonly rowBits: number
}

/** Bits that the rows of a file take, 31 at most. */
export const rowBitsFor = (voters: number): number => 32 - Math.clz32(Math.max(1, voters - 1))

/** True when an entry is of this hash, but for chance in the bits that are not kept. */
export const isOfHash = (entry: number, hash: number, rowBits: number): boolean => (entry ^ hash) >>> rowBits === 0

export const rowOf = (entry: number, rowBits: number): number => entry & ((1 << rowBits) - 1)

/** Calls `visit` with every row of a hash, ascending; a few may be there by chance, as the hash is not kept whole. */
export const eachRow = (key: KeyIndex, hash: number, visit: (row: number) => void): void => {
  const { mask, starts, entries, rowBits } = key
  const end = starts[(hash & mask) + 1]!
  for (let i = starts[hash & mask]!; i < end; i++) {
    const entry = entries[i]!
    if (isOfHash(entry, hash, rowBits)) visit(rowOf(entry, rowBits))
  }
}

export const textColumns = [
  'first',
  'middle',
  'last',
  'suffix',
  'sex',
  'number',
  'street',
  'unit',
  'city',
  'zip',
  'phone',
  'email',
] as const
export type TextColumn = (typeof textColumns)[number]

/** Blocking keys that only small files have; their parts stand in `voters/key-index.ts`. */
export const wideKeys = [
  'birth',
  'zip',
  'last4',
  'tail4',
  'head_year',
  'first_zip3',
  'first_day',
  'city_year',
  'first_city',
  'zip3',
  'city',
] as const

/** Files up to this many voters have the wide keys: in a larger one their blocks say too little. */
export const mostVotersWithWideKeys = 500_000

/**
 * Blocking keys that only the smallest files have: measured, they find a third of what the others miss among 5,156 voters
 * and nothing worth twice the pairs among 50,000.
 */
export const widestKeys = ['first', 'sound'] as const
export const mostVotersWithWidestKeys = 20_000

/** Blocking keys of the `standard` ruleset. */
export const standardKeys = [
  'first_last',
  'last_zip',
  'first_zip',
  'number_street',
  'phone',
  'email',
  'birth_first',
  'birth_last',
  'first_head',
  'first_tail',
  'last_head',
  'last_city',
  'sound_year',
  ...wideKeys,
  ...widestKeys,
] as const
export type StandardKey = (typeof standardKeys)[number]

/**
 * Blocking keys over normalised values; a voter lacking one of the parts is not in that key's index. Only the house number
 * may be missing (PO boxes have none) and then counts as a value; a birth date must have its day.
 * name_address: first, last, number, street, zip · name_city: first, last, city ·
 * soundex_birth: Soundex of last, birth date · soundex_address: Soundex of last, number, street, zip
 */
export const blockingKeys = [
  'svid',
  'name_address',
  'name_city',
  'soundex_birth',
  'soundex_address',
  ...standardKeys,
] as const
export type BlockingKey = (typeof blockingKeys)[number]

/**
 * What comparing reads of a voter, side by side in 48 bytes: one or two cache lines a pair instead of one for each of
 * eleven columns, which took four fifths of the comparing time. Suffix and sex share a word; the sketch
 * is of phone and e-mail.
 */
export const recordAt = {
  first: 0,
  last: 1,
  middle: 2,
  birth: 3,
  street: 4,
  number: 5,
  zip: 6,
  city: 7,
  phone: 8,
  email: 9,
  suffixSex: 10,
  sketch: 11,
} as const
export const recordWidth = 12

export interface VoterIndex {
  readonly state: string
  readonly voterFile: string
  readonly voters: number
  /** vocabulary id per voter, 0: missing */
  readonly columns: Readonly<Record<TextColumn, Uint8Array | Uint16Array | Uint32Array>>
  readonly vocabularies: Readonly<Record<TextColumn, Vocabulary>>
  /** yyyymmdd, with 00 for an unknown month or day; 0: missing */
  readonly birthDate: Uint32Array
  /** voter i's record is words i × recordWidth and on; the values of the columns once more */
  readonly records: Uint32Array
  /** every voter's SVID as given, row i is text i + 1; no slots and no counts (the svid key finds it) */
  readonly svids: Vocabulary
  /** extra.NAME columns: vocabulary id per voter */
  readonly extras: Readonly<
    Record<string, { readonly column: Uint8Array | Uint16Array | Uint32Array; readonly vocabulary: Vocabulary }>
  >
  /** packed Soundex code by id of the last-name vocabulary, 0: none */
  readonly lastSoundex: Uint16Array
  readonly keys: Readonly<Record<BlockingKey, KeyIndex>>
}

const decoder = new TextDecoder()

/** The text of a vocabulary id; '' for 0. Copies, since TextDecoder refuses shared memory. */
export const textOf = (v: Vocabulary, id: number): string =>
  id === 0 ? '' : decoder.decode(v.bytes.slice(v.offsets[id - 1]!, v.offsets[id]!))

/** FNV-1a over UTF-16 code units with a final avalanche: the hash of texts in vocabularies and of the svid key. */
export const hashText = (text: string): number => {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return finish(h)
}

/** Mixes one more part into a key's hash; start with 0. */
export const mixHash = (hash: number, part: number): number => {
  let h = Math.imul(hash ^ Math.imul(part, 0xcc9e2d51), 0x1b873593)
  h = (h << 13) | (h >>> 19)
  return Math.imul(h, 5) + 0xe6546b64
}

/** Spreads the bits of a mixed hash; unsigned and not 0, which stands for no hash. */
export const finish = (hash: number): number => {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0 || 1
}

/** The id of a text: 0 for '', −1 when no voter has it. */
export const idOf = (v: Vocabulary, text: string): number => {
  if (text === '') return 0
  const mask = v.slots.length - 1
  for (let slot = hashText(text) & mask; ; slot = (slot + 1) & mask) {
    const id = v.slots[slot]!
    if (id === 0) return -1
    if (isText(v, id, text)) return id
  }
}

/** `hashText` of a text that is given as the UTF-8 bytes from `from` to below `to`. */
const hashBytes = (bytes: Uint8Array, from: number, to: number): number => {
  let h = 0x811c9dc5
  for (let i = from; i < to; i++) {
    if (bytes[i]! > 127) return hashText(decoder.decode(bytes.slice(from, to)))
    h = Math.imul(h ^ bytes[i]!, 0x01000193)
  }
  return finish(h)
}

/** `hashText` of a vocabulary id's text, 1 at least. */
export const hashOfId = ({ bytes, offsets }: Vocabulary, id: number): number =>
  hashBytes(bytes, offsets[id - 1]!, offsets[id]!)

/** The id of a text that is given as the UTF-8 bytes from `from` to below `to`, one at least; −1 when no voter has it. */
export const idOfBytes = (v: Vocabulary, bytes: Uint8Array, from: number, to: number): number => {
  const mask = v.slots.length - 1
  for (let slot = hashBytes(bytes, from, to) & mask; ; slot = (slot + 1) & mask) {
    const id = v.slots[slot]!
    if (id === 0) return -1
    if (isBytes(v, id, bytes, from, to)) return id
  }
}

const isBytes = (v: Vocabulary, id: number, bytes: Uint8Array, from: number, to: number): boolean => {
  const at = v.offsets[id - 1]! - from
  if (v.offsets[id]! - at !== to) return false
  for (let i = from; i < to; i++) if (v.bytes[at + i] !== bytes[i]) return false
  return true
}

/** True when `id` is this text. Compares bytes: decoding costs ten times as much, and most texts are ASCII. */
const isText = (v: Vocabulary, id: number, text: string): boolean => {
  const from = v.offsets[id - 1]!
  const length = v.offsets[id]! - from
  if (length < text.length) return false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > 127) return textOf(v, id) === text
    if (v.bytes[from + i] !== code) return false
  }
  return length === text.length
}

import {
  blockingKeys,
  type KeyIndex,
  rowBitsFor,
  textColumns,
  type Vocabulary,
  type VoterIndex,
} from '../match/voter-index.js'
import type { Codes } from './shared-arrays.js'

/**
 * How an index lies in its file, and in shared memory, which hold the same bytes: 64 bytes of head (magic, format,
 * length and checksum of the directory, length of the whole), the directory as JSON, then the sections, each at a
 * multiple of 64 bytes.
 */
export const magic = 'MBKINDEX'
export const indexFormat = 7
export const headBytes = 64

export const aligned = (bytes: number): number => Math.ceil(bytes / 64) * 64

export interface Section {
  readonly name: string
  readonly type: 1 | 2 | 4
  /** elements */
  readonly length: number
  /** bytes from the first section's beginning */
  readonly at: number
  readonly checksum: number
}

export interface Directory {
  /** version of the normaliser; another one's index is built anew */
  readonly engine: string
  readonly state: string
  readonly voterFile: string
  readonly voters: number
  readonly extras: readonly string[]
  readonly sections: readonly Section[]
}

const vocabularyArrays = (name: string, v: Vocabulary): readonly (readonly [string, Codes])[] => [
  [`${name}.bytes`, v.bytes],
  [`${name}.offsets`, v.offsets],
  [`${name}.counts`, v.counts],
  [`${name}.slots`, v.slots],
]

/** Every array of an index under its section's name. */
export const arraysOf = (index: VoterIndex): readonly (readonly [name: string, array: Codes])[] => [
  ...textColumns.map((name) => [`column.${name}`, index.columns[name]] as const),
  ['birthDate', index.birthDate],
  ['records', index.records],
  ['lastSoundex', index.lastSoundex],
  ...Object.entries(index.extras).map(([name, extra]) => [`extra.${name}`, extra.column] as const),
  ...blockingKeys.flatMap((name) => [
    [`key.${name}.starts`, index.keys[name].starts] as const,
    [`key.${name}.entries`, index.keys[name].entries] as const,
  ]),
  ...textColumns.flatMap((name) => vocabularyArrays(`vocabulary.${name}`, index.vocabularies[name])),
  ...Object.entries(index.extras).flatMap(([name, extra]) =>
    vocabularyArrays(`vocabulary.extra.${name}`, extra.vocabulary),
  ),
  ...vocabularyArrays('svids', index.svids),
]

/** The index over arrays found by their section's name. */
export const indexOver = (directory: Directory, array: (name: string) => Codes): VoterIndex => {
  const words = (name: string): Uint32Array => array(name) as Uint32Array
  const vocabulary = (name: string): Vocabulary => {
    const offsets = words(`${name}.offsets`)
    const bytes = array(`${name}.bytes`) as Uint8Array
    return { size: offsets.length - 1, bytes, offsets, counts: words(`${name}.counts`), slots: words(`${name}.slots`) }
  }
  const key = (name: string): KeyIndex => {
    const starts = words(`key.${name}.starts`)
    const entries = words(`key.${name}.entries`)
    return {
      mask: starts.length - 2,
      starts,
      entries,
      rowBits: rowBitsFor(entries.length === 0 ? 0 : directory.voters),
    }
  }
  const record = <K extends string, V>(names: readonly K[], value: (name: K) => V): Record<K, V> =>
    Object.fromEntries(names.map((name) => [name, value(name)])) as Record<K, V>
  return {
    state: directory.state,
    voterFile: directory.voterFile,
    voters: directory.voters,
    columns: record(textColumns, (name) => array(`column.${name}`)),
    vocabularies: record(textColumns, (name) => vocabulary(`vocabulary.${name}`)),
    birthDate: words('birthDate'),
    records: words('records'),
    svids: vocabulary('svids'),
    extras: record(directory.extras, (name) => ({
      column: array(`extra.${name}`),
      vocabulary: vocabulary(`vocabulary.extra.${name}`),
    })),
    lastSoundex: array('lastSoundex') as Uint16Array,
    keys: record(blockingKeys, key),
  }
}

/**
 * Checksum of bytes in four lanes over 32-bit words: every step is a bijection of its lane, so that no single changed word
 * goes unseen. 6 GB/s, against 4 GB/s of zlib's crc32, which Node 20 has only from 20.15.
 */
export const checksum = (bytes: Uint8Array): number => {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2)
  const whole = words.length & ~3
  let a = bytes.length
  let b = 1
  let c = 2
  let d = 3
  for (let i = 0; i < whole; i += 4) {
    a = Math.imul(a ^ words[i]!, 0x85ebca6b)
    b = Math.imul(b ^ words[i + 1]!, 0xc2b2ae35)
    c = Math.imul(c ^ words[i + 2]!, 0x27d4eb2f)
    d = Math.imul(d ^ words[i + 3]!, 0x165667b1)
  }
  for (let i = whole; i < words.length; i++) a = Math.imul(a ^ words[i]!, 0x85ebca6b)
  for (let i = words.length * 4; i < bytes.length; i++) b = Math.imul(b ^ bytes[i]!, 0xc2b2ae35)
  return (a ^ Math.imul(b, 3) ^ Math.imul(c, 5) ^ Math.imul(d, 7)) >>> 0
}

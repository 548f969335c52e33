import { nameAddressHash, nameCityHash, soundexAddressHash, soundexBirthHash } from '../../../src/match/key-hash.js'
import {
  type BlockingKey,
  blockingKeys,
  hashText,
  type KeyIndex,
  standardKeys,
  type TextColumn,
  textColumns,
  type Vocabulary,
  type VoterIndex,
} from '../../../src/match/voter-index.js'
import { buildRecords } from '../../../src/voters/build-records.js'

/** A voter's normalised values, as a plain object: what the real index never has. */
export type PlainVoter = Readonly<Record<TextColumn, string>> & {
  readonly svid: string
  readonly birthDate: number
  readonly soundex: number
}

const encoder = new TextEncoder()

const plainVocabulary = (texts: readonly string[]): { vocabulary: Vocabulary; idOf: (text: string) => number } => {
  const distinct = [...new Set(texts.filter((text) => text !== ''))].sort()
  const ids = new Map(distinct.map((text, i) => [text, i + 1]))
  const encoded = distinct.map((text) => encoder.encode(text))
  const offsets = new Uint32Array(distinct.length + 1)
  encoded.forEach((bytes, i) => {
    offsets[i + 1] = offsets[i]! + bytes.length
  })
  const counts = new Uint32Array(distinct.length + 1)
  for (const text of texts) counts[ids.get(text) ?? 0]!++
  const slots = new Uint32Array(2 ** Math.ceil(Math.log2(distinct.length * 2 + 2)))
  distinct.forEach((text, i) => {
    let slot = hashText(text) & (slots.length - 1)
    while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1)
    slots[slot] = i + 1
  })
  const bytes = new Uint8Array(Buffer.concat(encoded))
  return { vocabulary: { size: distinct.length, bytes, offsets, counts, slots }, idOf: (text) => ids.get(text) ?? 0 }
}

const keyIndex = (hashes: readonly (number | undefined)[]): KeyIndex => {
  const mask = 7
  const buckets: number[][] = Array.from({ length: mask + 1 }, () => [])
  hashes.forEach((hash, row) => {
    if (hash !== undefined) buckets[hash & mask]!.push(row)
  })
  const starts = new Uint32Array(mask + 2)
  buckets.forEach((rows, b) => {
    starts[b + 1] = starts[b]! + rows.length
  })
  const rowBits = 20
  const entries = Uint32Array.from(
    buckets.flat(),
    (row) => row + Math.floor(hashes[row]! / 2 ** rowBits) * 2 ** rowBits,
  )
  return { mask, starts, entries, rowBits }
}

/** The index of a few voters, built the slow and obvious way. */
export const plainIndex = (voters: readonly PlainVoter[], state = 'FL'): VoterIndex => {
  const built = Object.fromEntries(textColumns.map((c) => [c, plainVocabulary(voters.map((voter) => voter[c]))]))
  const columns = Object.fromEntries(
    textColumns.map((c) => [c, new Uint32Array(voters.map((voter) => built[c]!.idOf(voter[c])))]),
  ) as Record<TextColumn, Uint32Array>
  const vocabularies = Object.fromEntries(
    textColumns.map((c) => [c, built[c]!.vocabulary]),
  ) as VoterIndex['vocabularies']
  const lastSoundex = new Uint16Array(vocabularies.last.size + 1)
  voters.forEach((voter, row) => {
    lastSoundex[columns.last[row]!] = voter.last === '' ? 0 : voter.soundex
  })
  const svidBytes = voters.map(({ svid }) => encoder.encode(svid))
  const svidOffsets = new Uint32Array(voters.length + 1)
  svidBytes.forEach((bytes, i) => {
    svidOffsets[i + 1] = svidOffsets[i]! + bytes.length
  })
  const at = (column: TextColumn, row: number): number => columns[column][row]!
  const hashesOf = (key: BlockingKey): readonly (number | undefined)[] =>
    voters.map((voter, row) => {
      const [first, last, number, street] = [at('first', row), at('last', row), at('number', row), at('street', row)]
      const [city, zip, soundex] = [at('city', row), at('zip', row), lastSoundex[last]!]
      const addressed = street > 0 && zip > 0
      if (key === 'svid') return hashText(voter.svid)
      if (key === 'name_address') {
        return first > 0 && last > 0 && addressed ? nameAddressHash(first, last, number, street, zip) : undefined
      }
      if (key === 'name_city') return first > 0 && last > 0 && city > 0 ? nameCityHash(first, last, city) : undefined
      if (soundex === 0) return undefined
      if (key === 'soundex_birth') return voter.birthDate > 0 ? soundexBirthHash(soundex, voter.birthDate) : undefined
      return addressed ? soundexAddressHash(soundex, number, street, zip) : undefined
    })
  const birthDate = new Uint32Array(voters.map((voter) => voter.birthDate))
  return {
    state,
    voterFile: '0'.repeat(64),
    voters: voters.length,
    columns,
    vocabularies,
    records: buildRecords({ voters: voters.length, columns, birthDate, contactPoints: vocabularies }),
    birthDate,
    svids: {
      size: voters.length,
      bytes: new Uint8Array(Buffer.concat(svidBytes)),
      offsets: svidOffsets,
      counts: new Uint32Array(0),
      slots: new Uint32Array(0),
    },
    extras: {},
    lastSoundex,
    // the keys of the standard ruleset are not looked up by tiers: an index of them without rows
    keys: Object.fromEntries(
      blockingKeys.map((key) => [key, keyIndex(isTierKey(key) ? hashesOf(key) : [])]),
    ) as VoterIndex['keys'],
  }
}

const isTierKey = (key: BlockingKey): boolean => !(standardKeys as readonly string[]).includes(key)

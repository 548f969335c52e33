import { appError } from '../../errors.js'
import type { ExcludedPair } from '../../match/prepared.js'
import {
  blockingKeys,
  type KeyIndex,
  type TextColumn,
  textColumns,
  type Vocabulary,
  type VoterIndex,
} from '../../match/voter-index.js'
import { voterVersion } from '../../match/voter-version.js'
import { soundexValue } from '../../normalise/match-values.js'
import { buildRecords } from '../../voters/build-records.js'
import { VocabularyBuilder } from '../../voters/vocabulary-builder.js'
import { type VoterValues, voterValues } from '../../voters/voter-values.js'
import type { FileEvidence, VoterRow } from './evidence.js'

/**
 * A voter index of a decision's candidates alone, in which every value is as frequent as in the whole file: comparing and
 * weighing read the same numbers. Neighbours at a contact's address, who only count, are rows without a name; `counted`
 * names them so that they are no candidates.
 */
export interface EvidenceIndex {
  readonly index: VoterIndex
  readonly counted: readonly ExcludedPair[]
}

type Place = FileEvidence['addresses'][number]

const nobody: VoterValues = {
  texts: Object.fromEntries(textColumns.map((column) => [column, ''])) as VoterValues['texts'],
  birthDate: 0,
  extras: {},
}

/** Throws CHECK_FAILED for a candidate whose row is not there. */
export const evidenceIndex = (file: FileEvidence, rows: readonly VoterRow[]): EvidenceIndex => {
  const candidates = file.candidates.map((svid) => {
    const found = rows.find((one) => one.svid === svid && one.voterFile === file.voterFile)
    if (found !== undefined) return voterValues(found.row)
    throw appError('CHECK_FAILED', `the row of voter ${file.state}:${svid} is not in the bundle`, { svid })
  })
  const neighbours = neighboursOf(file.addresses, candidates)
  const all = [...candidates, ...neighbours]
  const svids = [...file.candidates, ...neighbours.map((_, i) => `\u0000${i}`)]
  const built = Object.fromEntries(
    textColumns.map((name) => [
      name,
      columnOf(
        file,
        name,
        all.map(({ texts }) => texts[name]),
      ),
    ]),
  ) as Record<TextColumn, Column>
  const extraNames = Object.keys(file.counts)
    .filter((name) => name.startsWith('extra.'))
    .map((name) => name.slice('extra.'.length))
  const columns = record((name) => built[name].column)
  const vocabularies = record((name) => built[name].vocabulary)
  const birthDate = Uint32Array.from(all, (voter) => voter.birthDate)
  const index: VoterIndex = {
    state: file.state,
    voterFile: file.voterFile,
    voters: file.voters,
    columns,
    vocabularies,
    birthDate,
    records: buildRecords({ voters: all.length, columns, birthDate, contactPoints: vocabularies }),
    svids: svidTexts(svids),
    extras: Object.fromEntries(
      extraNames.map((name) => [
        name,
        columnOf(
          file,
          `extra.${name}`,
          all.map(({ extras }) => extras[name] ?? ''),
        ),
      ]),
    ),
    lastSoundex: soundexOf(vocabularies.last),
    keys: keysOf(candidates.length, all.length),
  }
  const counted = neighbours.map((_, i) => ({
    state: file.state,
    svid: svids[candidates.length + i]!,
    voterVersion: voterVersion(index, candidates.length + i),
  }))
  return { index, counted }
}

const record = <A>(value: (name: TextColumn) => A): Record<TextColumn, A> =>
  Object.fromEntries(textColumns.map((name) => [name, value(name)])) as Record<TextColumn, A>

interface Column {
  readonly column: Uint32Array
  readonly vocabulary: Vocabulary
}

const columnOf = (file: FileEvidence, name: string, texts: readonly string[]): Column => {
  const builder = new VocabularyBuilder()
  const counts = file.counts[name] ?? {}
  const column = Uint32Array.from(texts, (text) => builder.intern(text))
  const given = Object.entries(counts).map(([text, voters]) => [builder.intern(text), voters] as const)
  const vocabulary = builder.build(column)
  for (const [id, voters] of given) vocabulary.counts[id] = voters
  vocabulary.counts[0] = file.missing[name] ?? 0
  return { column, vocabulary }
}

/** A bundle comes from outside: what it says must not fill the memory. */
const mostAtAddress = 100_000

/** Who else lives at the addresses, so that together with the candidates there are as many as in the file. */
const neighboursOf = (addresses: readonly Place[], candidates: readonly VoterValues[]): readonly VoterValues[] =>
  addresses.flatMap((place) => {
    const zips = addresses.flatMap(({ number, street, zip }) =>
      number === place.number && street === place.street ? [zip] : [],
    )
    const isAt = ({ texts: { number, street, zip } }: VoterValues): boolean =>
      number === place.number &&
      street === place.street &&
      (place.zip === null ? !zips.includes(zip) : zip === place.zip)
    if (place.voters > mostAtAddress) {
      throw appError('CHECK_FAILED', `${place.voters} voters at one address are more than there can be`, {
        voters: place.voters,
      })
    }
    const more = Math.max(0, place.voters - candidates.filter(isAt).length)
    const { number, street, zip } = place
    return new Array<VoterValues>(more).fill({ ...nobody, texts: { ...nobody.texts, number, street, zip: zip ?? '' } })
  })

const svidTexts = (svids: readonly string[]): Vocabulary => {
  const texts = svids.map((svid) => Buffer.from(svid))
  const offsets = new Uint32Array(svids.length + 1)
  texts.forEach((bytes, i) => {
    offsets[i + 1] = offsets[i]! + bytes.length
  })
  return {
    size: svids.length,
    bytes: new Uint8Array(Buffer.concat(texts)),
    offsets,
    counts: new Uint32Array(0),
    slots: new Uint32Array(0),
  }
}

const soundexOf = ({ size, bytes, offsets }: Vocabulary): Uint16Array => {
  const codes = new Uint16Array(size + 1)
  for (let id = 1; id <= size; id++) {
    codes[id] = soundexValue(Buffer.from(bytes.slice(offsets[id - 1]!, offsets[id]!)).toString('utf8'))
  }
  return codes
}

/** Each key finds every candidate, as one of them found it in the file; addresses and SVIDs also find who only counts. */
const keysOf = (candidates: number, all: number): VoterIndex['keys'] => {
  const bucket = (rows: number): KeyIndex => ({
    mask: 0,
    starts: Uint32Array.of(0, rows * 2),
    // each row twice, so that it is of every hash, whose upper bit is 0 or 1
    entries: Uint32Array.from({ length: rows * 2 }, (_, i) => (i >>> 1) + (i % 2) * 2 ** 31),
    rowBits: 31,
  })
  const few = bucket(candidates)
  const many = bucket(all)
  return Object.fromEntries(
    blockingKeys.map((key) => [key, key === 'number_street' || key === 'svid' ? many : few]),
  ) as VoterIndex['keys']
}

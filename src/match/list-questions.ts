import type { KeyIds } from './find-candidates.js'
import { keptTexts, type PackedTexts } from './kept-texts.js'
import type { PackedContacts } from './packed-contacts.js'
import { idOfBytes, type Vocabulary, type VoterIndex } from './voter-index.js'

type IdsAt = (i: number) => KeyIds

/** A column's texts as ids of a voter index; each text is looked up once, when its first contact asks. */
const idsIn = ({ ids, bytes, offsets }: PackedTexts, vocabulary: Vocabulary): ((i: number) => number) => {
  const known = new Int32Array(offsets.length)
  return (i) => {
    const id = ids[i]!
    if (id === 0) return 0
    return (known[id] ||= idOfBytes(vocabulary, bytes, offsets[id - 1]!, offsets[id]!))
  }
}

const keyIdsIn = ({ texts, birthDate, soundex }: PackedContacts, { vocabularies: v }: VoterIndex): IdsAt => {
  const svid = keptTexts(texts.svid, (text) => text)
  const first = idsIn(texts.first, v.first)
  const last = idsIn(texts.last, v.last)
  const number = idsIn(texts.number, v.number)
  const street = idsIn(texts.street, v.street)
  const unit = idsIn(texts.unit, v.unit)
  const city = idsIn(texts.city, v.city)
  const zip = idsIn(texts.zip, v.zip)
  return (i) => ({
    svid: svid(i),
    first: first(i),
    last: last(i),
    number: number(i),
    street: street(i),
    unit: unit(i),
    city: city(i),
    zip: zip(i),
    birthDate: birthDate[i]!,
    soundex: soundex[i]!,
  })
}

const readers = new WeakMap<PackedContacts, WeakMap<VoterIndex, IdsAt>>()

const readerOf = (list: PackedContacts, index: VoterIndex): IdsAt => {
  const byIndex = readers.get(list) ?? new WeakMap<VoterIndex, IdsAt>()
  readers.set(list, byIndex)
  const reader = byIndex.get(index) ?? keyIdsIn(list, index)
  byIndex.set(index, reader)
  return reader
}

/** The contacts from `from` to below `to`, each a person that asks all voter files. */
export const listQuestions = (
  list: PackedContacts,
  from: number,
  to: number,
  indexes: readonly VoterIndex[],
): { readonly starts: Uint32Array; readonly file: Uint8Array; readonly ids: readonly KeyIds[] } => {
  const readers = indexes.map((index) => readerOf(list, index))
  const starts = new Uint32Array(to - from + 1)
  const file = new Uint8Array((to - from) * readers.length)
  const ids: KeyIds[] = []
  for (let i = from; i < to; i++) {
    for (let f = 0; f < readers.length; f++) {
      file[ids.length] = f
      ids.push(readers[f]!(i))
    }
    starts[i - from + 1] = ids.length
  }
  return { starts, file, ids }
}

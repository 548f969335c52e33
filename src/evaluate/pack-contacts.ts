import type { PackedTexts } from '../match/kept-texts.js'
import { nicknameSeparator, type PackedColumn, type PackedContacts, packedColumns } from '../match/packed-contacts.js'
import type { PreparedContact } from '../match/prepared.js'
import { doubled, sharedWordsOf } from '../voters/shared-arrays.js'
import { VocabularyBuilder } from '../voters/vocabulary-builder.js'

export interface ContactPacker {
  readonly add: (contact: PreparedContact) => void
  readonly pack: () => PackedContacts
}

/** Packs contacts as they are read. */
export const contactPacker = (): ContactPacker => {
  const columns = packedColumns.map((name) => ({ name, texts: growingTexts() }))
  const extras = new Map<string, GrowingTexts>()
  const birthDate = growingWords()
  const soundex = growingWords()
  let count = 0
  const extraOf = (name: string): GrowingTexts => {
    const known = extras.get(name) ?? growingTexts()
    extras.set(name, known)
    return known
  }
  return {
    add: (contact) => {
      for (const { name, texts } of columns) texts.set(count, textIn(contact, name))
      for (const [name, value] of Object.entries(contact.extras)) extraOf(name).set(count, value)
      birthDate.set(count, contact.birthDate)
      soundex.set(count, contact.soundex)
      count++
    },
    pack: () => ({
      count,
      texts: Object.fromEntries(columns.map(({ name, texts }) => [name, texts.pack(count)])) as Record<
        PackedColumn,
        PackedTexts
      >,
      extras: Object.fromEntries([...extras].map(([name, texts]) => [name, texts.pack(count)])),
      birthDate: birthDate.pack(count),
      soundex: soundex.pack(count),
    }),
  }
}

const textIn = (contact: PreparedContact, name: PackedColumn): string =>
  name === 'nicknames' ? contact.nicknames.join(nicknameSeparator) : contact[name]

interface GrowingWords {
  readonly set: (place: number, value: number) => void
  readonly pack: (length: number) => Uint32Array
}

const growingWords = (): GrowingWords => {
  let words = new Uint32Array(1024)
  const reach = (length: number): void => {
    while (length > words.length) words = doubled(words)
  }
  return {
    set: (place, value) => {
      reach(place + 1)
      words[place] = value
    },
    pack: (length) => {
      reach(length)
      return sharedWordsOf(words.subarray(0, length))
    },
  }
}

interface GrowingTexts {
  readonly set: (place: number, text: string) => void
  readonly pack: (length: number) => PackedTexts
}

const growingTexts = (): GrowingTexts => {
  const vocabulary = new VocabularyBuilder()
  const ids = growingWords()
  return {
    set: (place, text) => ids.set(place, vocabulary.intern(text)),
    pack: (length) => ({ ids: ids.pack(length), ...vocabulary.texts() }),
  }
}

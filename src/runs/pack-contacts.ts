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
  const texts = byColumn(growingTexts)
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
    // spelled out: a loop over the names of columns took half as long again
    add: (contact) => {
      texts.svid.set(count, contact.svid)
      texts.first.set(count, contact.first)
      texts.middle.set(count, contact.middle)
      texts.last.set(count, contact.last)
      texts.suffix.set(count, contact.suffix)
      texts.sex.set(count, contact.sex)
      texts.number.set(count, contact.number)
      texts.street.set(count, contact.street)
      texts.unit.set(count, contact.unit)
      texts.city.set(count, contact.city)
      texts.zip.set(count, contact.zip)
      texts.phone.set(count, contact.phone)
      texts.email.set(count, contact.email)
      if (contact.nicknames.length > 0) texts.nicknames.set(count, contact.nicknames.join(nicknameSeparator))
      for (const name of Object.keys(contact.extras)) extraOf(name).set(count, contact.extras[name]!)
      birthDate.set(count, contact.birthDate)
      soundex.set(count, contact.soundex)
      count++
    },
    pack: () => ({
      count,
      texts: byColumn((name) => texts[name].pack(count)),
      extras: Object.fromEntries([...extras].map(([name, texts]) => [name, texts.pack(count)])),
      birthDate: birthDate.pack(count),
      soundex: soundex.pack(count),
    }),
  }
}

const byColumn = <A>(make: (name: PackedColumn) => A): Record<PackedColumn, A> =>
  Object.fromEntries(packedColumns.map((name) => [name, make(name)])) as Record<PackedColumn, A>

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

import type { TextColumn, Vocabulary } from '../match/voter-index.js'
import { dateDigits, parseDate } from '../normalise/date.js'
import { parseEmail } from '../normalise/email.js'
import { birthValue, nameValue, soundexValue } from '../normalise/match-values.js'
import { normaliseSuffix, parseFullName, splitSuffix } from '../normalise/name.js'
import { parsePhone } from '../normalise/phone.js'
import { sexCode } from '../normalise/sex.js'
import type { RawColumn } from './raw-column.js'
import { normaliseTexts, remap } from './remap.js'
import { type Codes, sharedWords } from './shared-arrays.js'
import { VocabularyBuilder } from './vocabulary-builder.js'

export interface EncodedColumns {
  readonly columns: Partial<Readonly<Record<TextColumn, Codes>>>
  readonly vocabularies: Partial<Readonly<Record<TextColumn, Vocabulary>>>
}

export type Raws = ReadonlyMap<string, RawColumn>

/** A text column whose value depends on one source column alone. */
export const encodeText = (
  raws: Raws,
  field: string,
  value: (text: string) => string,
): { readonly column: Codes; readonly vocabulary: Vocabulary } => {
  const builder = new VocabularyBuilder()
  const raw = raws.get(field)!
  const ids = normaliseTexts(raw, value, builder)
  const column = remap(raw.codes, ids, builder.size)
  return { column, vocabulary: builder.build(column) }
}

export const emailValue = (text: string): string => parseEmail(text)?.address ?? ''

export const phoneValue = (text: string): string => parsePhone(text)?.e164 ?? ''

/** M or F; what is said to be neither or unknown can't agree or disagree with anything. */
export const sexValue = (text: string): string => {
  const code = sexCode(text)
  return code === 'U' ? '' : code
}

/** yyyymmdd per voter: the date, else the year given apart. */
export const encodeBirth = (raws: Raws, rows: number): Uint32Array => {
  const dates = raws.get('birth_date')!
  const years = raws.get('birth_year')!
  const byDate = valuesOf(dates, (text) => {
    const parsed = parseDate(text)
    return parsed === undefined ? birthValue(dateDigits(text), '') : birthValue(parsed.date, parsed.year)
  })
  const byYear = valuesOf(years, (text) => birthValue('', parseDate(text)?.year ?? ''))
  const birth = sharedWords(rows)
  for (let row = 0; row < rows; row++) birth[row] = byDate[dates.codes[row]!]! || byYear[years.codes[row]!]!
  return birth
}

const valuesOf = (raw: RawColumn, value: (text: string) => number): Uint32Array => {
  const values = new Uint32Array(raw.size + 1)
  for (let id = 1; id <= raw.size; id++) values[id] = value(raw.text(id))
  return values
}

/** Names given whole, as the ids of their parts by raw id. */
interface WholeNames {
  readonly first: Uint32Array
  readonly middle: Uint32Array
  readonly last: Uint32Array
  readonly suffix: Uint32Array
}

interface NameBuilders {
  readonly first: VocabularyBuilder
  readonly middle: VocabularyBuilder
  readonly last: VocabularyBuilder
  readonly suffix: VocabularyBuilder
}

/**
 * First, middle, last name and suffix. A suffix behind the last name counts when there is none of its own; a full name
 * fills what is missing when first or last name is, as with contacts.
 */
export const encodeNames = (raws: Raws, rows: number): EncodedColumns & { readonly lastSoundex: Uint16Array } => {
  const builders: NameBuilders = {
    first: new VocabularyBuilder(),
    middle: new VocabularyBuilder(),
    last: new VocabularyBuilder(),
    suffix: new VocabularyBuilder(),
  }
  const sounds: number[] = [0]
  const internLast = (text: string): number => {
    const value = nameValue(text)
    const id = builders.last.intern(value)
    if (id === sounds.length) sounds.push(soundexValue(value))
    return id
  }
  const lastRaw = raws.get('last_name')!
  const suffixRaw = raws.get('suffix')!
  const firstIds = normaliseTexts(raws.get('first_name')!, nameValue, builders.first)
  const middleIds = normaliseTexts(raws.get('middle_name')!, nameValue, builders.middle)
  const suffixIds = normaliseTexts(suffixRaw, normaliseSuffix, builders.suffix)
  const lastIds = new Uint32Array(lastRaw.size + 1)
  const behindLast = new Uint32Array(lastRaw.size + 1)
  for (let id = 1; id <= lastRaw.size; id++) {
    const { last, suffix } = splitSuffix(lastRaw.text(id))
    lastIds[id] = internLast(last)
    behindLast[id] = builders.suffix.intern(suffix)
  }
  const whole = wholeNames(raws.get('full_name')!, builders, internLast)
  const columns = {
    first: remap(raws.get('first_name')!.codes, firstIds, builders.first.size),
    middle: remap(raws.get('middle_name')!.codes, middleIds, builders.middle.size),
    last: remap(lastRaw.codes, lastIds, builders.last.size),
    suffix: remap(suffixRaw.codes, suffixIds, builders.suffix.size),
  }
  for (let row = 0; row < rows; row++) columns.suffix[row] ||= behindLast[lastRaw.codes[row]!]!
  fillFromWhole(columns, raws.get('full_name')!, whole)
  return {
    columns,
    vocabularies: {
      first: builders.first.build(columns.first),
      middle: builders.middle.build(columns.middle),
      last: builders.last.build(columns.last),
      suffix: builders.suffix.build(columns.suffix),
    },
    lastSoundex: new Uint16Array(new SharedArrayBuffer(sounds.length * 2)).map((_, id) => sounds[id]!),
  }
}

const wholeNames = (raw: RawColumn, builders: NameBuilders, internLast: (text: string) => number): WholeNames => {
  const ids = (): Uint32Array => new Uint32Array(raw.size + 1)
  const whole = { first: ids(), middle: ids(), last: ids(), suffix: ids() }
  for (let id = 1; id <= raw.size; id++) {
    const [person] = parseFullName(raw.text(id)).persons
    if (person === undefined) continue
    const { last, suffix } = splitSuffix(person.last)
    whole.first[id] = builders.first.intern(nameValue(person.first))
    whole.middle[id] = builders.middle.intern(nameValue(person.middle))
    whole.last[id] = internLast(last)
    whole.suffix[id] = builders.suffix.intern(normaliseSuffix(person.suffix) || suffix)
  }
  return whole
}

const fillFromWhole = (columns: Record<keyof WholeNames, Codes>, raw: RawColumn, whole: WholeNames): void => {
  if (raw.size === 0) return
  const { first, middle, last, suffix } = columns
  for (let row = 0; row < raw.codes.length; row++) {
    if (first[row] !== 0 && last[row] !== 0) continue
    const id = raw.codes[row]!
    first[row] ||= whole.first[id]!
    middle[row] ||= whole.middle[id]!
    last[row] ||= whole.last[id]!
    suffix[row] ||= whole.suffix[id]!
  }
}

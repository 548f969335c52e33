import { type AddressParts, foldHouseNumber, parseAddress, parseStreet } from '../normalise/address.js'
import { cityValue, streetValue, unitValue, zipValue } from '../normalise/match-values.js'
import { type EncodedColumns, encodeText, type Raws } from './encode-persons.js'
import type { RawColumn } from './raw-column.js'
import { normaliseTexts } from './remap.js'
import { sharedCodes } from './shared-arrays.js'
import { VocabularyBuilder } from './vocabulary-builder.js'

export const encodePlaces = (raws: Raws, rows: number): EncodedColumns => {
  const address = encodeAddress(raws, rows)
  const city = encodeText(raws, 'city', cityValue)
  const zip = encodeText(raws, 'zip', zipValue)
  return {
    columns: { ...address.columns, city: city.column, zip: zip.column },
    vocabularies: { ...address.vocabularies, city: city.vocabulary, zip: zip.vocabulary },
  }
}

/** What a street line's rest says by itself, by raw id. */
interface Streets {
  readonly street: Uint32Array
  readonly unit: Uint32Array
  /** 1: the line has a unit of its own, which a second line can't replace */
  readonly hasUnit: Uint8Array
  /** 1: a street and nothing that a second line could change but the unit */
  readonly isPlain: Uint8Array
}

/** What a second line adds to a plain first line, by raw id. */
interface SecondLines {
  readonly unit: Uint32Array
  readonly isPlain: Uint8Array
}

/**
 * House number, street and unit. Lines come parted into number and rest (by the pattern that splitHouseNumber uses), so
 * that only distinct rests and second lines are parsed: 40,000 streets instead of 500,000 addresses for a million voters.
 * Where a second line or a house number given apart changes more than the unit, the whole address is parsed, once per
 * distinct combination. The result is that of parseAddress for every row (tested against it).
 */
const encodeAddress = (raws: Raws, rows: number): EncodedColumns => {
  const [numbers, rests, seconds, aparts] = ['number', 'rest', 'address2', 'house_number'].map(
    (name) => raws.get(name)!,
  )
  const number = new VocabularyBuilder()
  const street = new VocabularyBuilder()
  const unit = new VocabularyBuilder()
  const numberIds = normaliseTexts(numbers!, foldHouseNumber, number)
  const streets = readStreets(rests!, street, unit)
  const secondLines = readSecondLines(seconds!, unit)
  const parsed = new Map<string, readonly [number: number, street: number, unit: number]>()
  const parseWhole = (row: number): readonly [number, number, number] => {
    const codes = [numbers!, rests!, seconds!, aparts!].map((raw) => raw.codes[row]!)
    const key = codes.join()
    let ids = parsed.get(key)
    if (ids === undefined) {
      const [numberText, rest, second, apart] = [numbers!, rests!, seconds!, aparts!].map((raw, i) =>
        raw.text(codes[i]!),
      )
      // A comma keeps what follows it out of the number: the line parts again as it was parted.
      const line = numberText === '' ? rest! : `${numberText}, ${rest}`
      const parts = parseAddress(line, second!, apart!)
      ids = [number.intern(parts.number), street.intern(streetValue(parts)), unit.intern(unitValue(parts))]
      parsed.set(key, ids)
    }
    return ids
  }
  const ids = { number: new Uint32Array(rows), street: new Uint32Array(rows), unit: new Uint32Array(rows) }
  for (let row = 0; row < rows; row++) {
    const rest = rests!.codes[row]!
    const second = seconds!.codes[row]!
    if (
      aparts!.codes[row] !== 0 ||
      (second !== 0 && (streets.isPlain[rest] === 0 || secondLines.isPlain[second] === 0))
    ) {
      const whole = parseWhole(row)
      ids.number[row] = whole[0]
      ids.street[row] = whole[1]
      ids.unit[row] = whole[2]
      continue
    }
    ids.number[row] = numberIds[numbers!.codes[row]!]!
    ids.street[row] = streets.street[rest]!
    ids.unit[row] = second === 0 || streets.hasUnit[rest] === 1 ? streets.unit[rest]! : secondLines.unit[second]!
  }
  return finishColumns({ number, street, unit }, ids)
}

type Builders = Readonly<Record<'number' | 'street' | 'unit', VocabularyBuilder>>

const finishColumns = (builders: Builders, ids: Readonly<Record<keyof Builders, Uint32Array>>): EncodedColumns => {
  const finished = (['number', 'street', 'unit'] as const).map((name) => {
    const column = sharedCodes(ids[name].length, builders[name].size)
    column.set(ids[name])
    return [name, { column, vocabulary: builders[name].build(column) }] as const
  })
  return {
    columns: Object.fromEntries(finished.map(([name, { column }]) => [name, column])),
    vocabularies: Object.fromEntries(finished.map(([name, { vocabulary }]) => [name, vocabulary])),
  }
}

const readStreets = (rests: RawColumn, street: VocabularyBuilder, unit: VocabularyBuilder): Streets => {
  const ids = { street: new Uint32Array(rests.size + 1), unit: new Uint32Array(rests.size + 1) }
  const hasUnit = new Uint8Array(rests.size + 1)
  const isPlain = new Uint8Array(rests.size + 1)
  for (let id = 1; id <= rests.size; id++) {
    const parts: AddressParts = { number: '', ...parseStreet(rests.text(id)) }
    ids.street[id] = street.intern(streetValue(parts))
    ids.unit[id] = unit.intern(unitValue(parts))
    hasUnit[id] = parts.unit_type === '' ? 0 : 1
    isPlain[id] = parts.street !== '' && parts.po_box === '' ? 1 : 0
  }
  return { ...ids, hasUnit, isPlain }
}

const readSecondLines = (seconds: RawColumn, unit: VocabularyBuilder): SecondLines => {
  const ids = new Uint32Array(seconds.size + 1)
  const isPlain = new Uint8Array(seconds.size + 1)
  for (let id = 1; id <= seconds.size; id++) {
    const parts = parseAddress('1 MAIN ST', seconds.text(id))
    ids[id] = unit.intern(unitValue(parts))
    isPlain[id] = parts.po_box === '' ? 1 : 0
  }
  return { unit: ids, isPlain }
}

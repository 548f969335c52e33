import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  headPart,
  nameAddressHash,
  nameCityHash,
  pairHash,
  soundexAddressHash,
  soundexBirthHash,
  tailPart,
  tripleHash,
} from '../../../src/match/key-hash.js'
import {
  type BlockingKey,
  finish,
  hashText,
  idOf,
  recordWidth,
  textColumns,
  textOf,
  type VoterIndex,
} from '../../../src/match/voter-index.js'
import { parseAddress } from '../../../src/normalise/address.js'
import { dateDigits, parseDate } from '../../../src/normalise/date.js'
import { parseEmail } from '../../../src/normalise/email.js'
import {
  birthValue,
  cityValue,
  nameValue,
  soundexValue,
  streetValue,
  unitValue,
  zipValue,
} from '../../../src/normalise/match-values.js'
import { normaliseSuffix, parseFullName, splitSuffix } from '../../../src/normalise/name.js'
import { parsePhone } from '../../../src/normalise/phone.js'
import { sexCode } from '../../../src/normalise/sex.js'
import { openIndex } from '../../../src/voters/open-index.js'
import { csv, newCase, publish } from './published.js'

const headers = [
  'svid',
  'first_name',
  'middle_name',
  'last_name',
  'suffix',
  'full_name',
  'sex',
  'birth_date',
  'birth_year',
  'house_number',
  'address1',
  'address2',
  'city',
  'zip',
  'phone',
  'email',
] as const
type Row = Readonly<Record<(typeof headers)[number], string>>

const oneOf = (...values: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...values)

/** Few values, so that they meet; odd ones among them; now and then anything at all. */
const anything = fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => text.replace(/[\0\r\n*]/g, ''))
const mostly = (...values: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof({ weight: 12, arbitrary: oneOf('', ...values) }, { weight: 1, arbitrary: anything })

const row: fc.Arbitrary<Row> = fc.record({
  svid: fc.constant(''),
  first_name: mostly('JOHN', 'john', 'José', 'MARY ANN', 'UNKNOWN', "D'Arcy", 'Chrysanthemum-Bartholomea'),
  middle_name: mostly('A', 'Q.', 'LEE'),
  last_name: mostly(
    'SMITH',
    'Smith Jr.',
    "O'BRIEN",
    'O’Brien',
    'DE LA CRUZ',
    'Wojciechowski-Featherstonehaugh III',
    'V',
  ),
  suffix: mostly('JR', 'Sr.', '3rd', 'MD'),
  full_name: mostly('Mary Q Jones Jr', 'Garcia, Ana', 'John & Jane Roe'),
  sex: mostly('M', 'female', 'U'),
  birth_date: mostly('03/04/1970', '1970-03-04', '02/31/1970', '19700231', '1970-02-31', '01/01/1900', '1970'),
  birth_year: mostly('1971', '70'),
  house_number: fc.oneof(
    { weight: 3, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: oneOf('12', '012', '7A', '7-A', '12 1/2', 'B12', '12 REAR', ' 12', ' ') },
  ),
  address1: mostly(
    '12 MAIN ST',
    '12 Main Street',
    '12A N Main St Apt 4',
    '12 1/2 Oak Ave',
    '00012, Oak Ave',
    'PO BOX 12',
    'Broadway',
    'A Street',
    '2ND AVE',
    '1/2 Oak Ave',
    '½ Oak Ave',
    '- Oak Ave',
    'Apt 5',
    'US HWY 1',
    '12-34 2ND AVE NE UNIT 7',
    'N123W456 Elm Rd',
  ),
  address2: mostly('APT 4', '#4', 'Unit B', '5', 'PO Box 9', '99 Oak Ave', 'REAR', 'c/o Smith'),
  city: mostly('MIAMI', 'St. Petersburg', 'SAINT PETERSBURG'),
  zip: mostly('33101', '331011234', '2138', 'TQ13 8DF', '00000'),
  phone: mostly('3055551234', '(305) 555-1234', '305-555-1234 ext 5', '555-1234', '0000000000'),
  email: mostly('a@example.com', 'A+tag@Example.com', 'no mail'),
})

interface Twin {
  readonly texts: Readonly<Record<(typeof textColumns)[number], string>>
  readonly birth: number
  readonly soundex: number
}

/** The plain, slow reading of one row. */
const twinOf = (given: Row): Twin => {
  const own = splitSuffix(given.last_name)
  const names = {
    first: nameValue(given.first_name),
    middle: nameValue(given.middle_name),
    last: nameValue(own.last),
    suffix: normaliseSuffix(given.suffix) || own.suffix,
  }
  const [whole] = names.first === '' || names.last === '' ? parseFullName(given.full_name).persons : []
  const behind = splitSuffix(whole?.last ?? '')
  const filled = {
    first: names.first || nameValue(whole?.first ?? ''),
    middle: names.middle || nameValue(whole?.middle ?? ''),
    last: names.last || nameValue(behind.last),
    suffix: names.suffix || normaliseSuffix(whole?.suffix ?? '') || behind.suffix,
  }
  const address = parseAddress(given.address1, given.address2, given.house_number)
  const born = parseDate(given.birth_date)
  const sex = sexCode(given.sex)
  return {
    texts: {
      ...filled,
      sex: sex === 'U' ? '' : sex,
      number: address.number,
      street: streetValue(address),
      unit: unitValue(address),
      city: cityValue(given.city),
      zip: zipValue(given.zip),
      phone: parsePhone(given.phone)?.e164 ?? '',
      email: parseEmail(given.email)?.address ?? '',
    },
    birth:
      birthValue(born?.date ?? dateDigits(given.birth_date), born?.year ?? '') ||
      birthValue('', parseDate(given.birth_year)?.year ?? ''),
    soundex: soundexValue(filled.last),
  }
}

/** A key's parts and their hash for one voter; undefined when the voter is not in the key's index. */
type KeyTwin = (
  twin: Twin,
  svid: string,
  id: (name: (typeof textColumns)[number]) => number,
) => { readonly parts: readonly unknown[]; readonly hash: number } | undefined

const yearOf = (birth: number): number => Math.floor(birth / 10_000)
const hasDay = (birth: number): boolean => birth % 100 !== 0

const keyTwins: Readonly<Record<BlockingKey, KeyTwin>> = {
  svid: (_, svid) => ({ parts: [svid], hash: hashText(svid) }),
  name_address: ({ texts: { first, last, number, street, zip } }, _, id) =>
    first && last && street && zip
      ? {
          parts: [first, last, number, street, zip],
          hash: nameAddressHash(id('first'), id('last'), id('number'), id('street'), id('zip')),
        }
      : undefined,
  name_city: ({ texts: { first, last, city } }, _, id) =>
    first && last && city
      ? { parts: [first, last, city], hash: nameCityHash(id('first'), id('last'), id('city')) }
      : undefined,
  soundex_birth: ({ birth, soundex }) =>
    soundex && hasDay(birth) ? { parts: [soundex, birth], hash: soundexBirthHash(soundex, birth) } : undefined,
  soundex_address: ({ texts: { number, street, zip }, soundex }, _, id) =>
    soundex && street && zip
      ? {
          parts: [soundex, number, street, zip],
          hash: soundexAddressHash(soundex, id('number'), id('street'), id('zip')),
        }
      : undefined,
  first_last: ({ texts }, _, id) => pairTwin(texts, id, 'first', 'last'),
  last_zip: ({ texts }, _, id) => pairTwin(texts, id, 'last', 'zip'),
  first_zip: ({ texts }, _, id) => pairTwin(texts, id, 'first', 'zip'),
  first_city: ({ texts }, _, id) => pairTwin(texts, id, 'first', 'city'),
  number_street: ({ texts: { number, street } }, _, id) =>
    street ? { parts: [number, street], hash: pairHash(id('number'), id('street')) } : undefined,
  phone: ({ texts }, _, id) => loneTwin(texts.phone, id('phone')),
  email: ({ texts }, _, id) => loneTwin(texts.email, id('email')),
  zip: ({ texts }, _, id) => loneTwin(texts.zip, id('zip')),
  city: ({ texts }, _, id) => loneTwin(texts.city, id('city')),
  first: ({ texts }, _, id) => loneTwin(texts.first, id('first')),
  sound: ({ soundex }) => (soundex ? { parts: [soundex], hash: finish(soundex) } : undefined),
  birth: ({ birth }) => (hasDay(birth) ? { parts: [birth], hash: finish(birth) } : undefined),
  birth_first: ({ texts: { first }, birth }) =>
    first && hasDay(birth) ? { parts: [birth, first[0]], hash: pairHash(birth, headPart(first, 1)) } : undefined,
  birth_last: ({ texts: { last }, birth }) =>
    last && hasDay(birth) ? { parts: [birth, last[0]], hash: pairHash(birth, headPart(last, 1)) } : undefined,
  first_head: ({ texts: { first, last } }, _, id) =>
    first && last ? { parts: [first, last.slice(0, 4)], hash: pairHash(id('first'), headPart(last, 4)) } : undefined,
  first_tail: ({ texts: { first, last } }, _, id) =>
    first && last ? { parts: [first, last.slice(-4)], hash: pairHash(id('first'), tailPart(last, 4)) } : undefined,
  last_head: ({ texts: { first, last } }, _, id) =>
    first && last ? { parts: [last, first.slice(0, 3)], hash: pairHash(id('last'), headPart(first, 3)) } : undefined,
  last_city: ({ texts: { first, last, city } }, _, id) =>
    first && last && city
      ? { parts: [last, city, first[0]], hash: tripleHash(id('last'), id('city'), headPart(first, 1)) }
      : undefined,
  sound_year: ({ texts: { first }, birth, soundex }) =>
    first && soundex && yearOf(birth)
      ? { parts: [soundex, yearOf(birth), first[0]], hash: tripleHash(soundex, yearOf(birth), headPart(first, 1)) }
      : undefined,
  last4: ({ texts: { last } }) => (last ? { parts: [last.slice(0, 4)], hash: finish(headPart(last, 4)) } : undefined),
  tail4: ({ texts: { last } }) => (last ? { parts: [last.slice(-4)], hash: finish(tailPart(last, 4)) } : undefined),
  head_year: ({ texts: { first }, birth }) =>
    first && yearOf(birth)
      ? { parts: [first.slice(0, 3), yearOf(birth)], hash: pairHash(headPart(first, 3), yearOf(birth)) }
      : undefined,
  first_zip3: ({ texts: { first, zip } }, _, id) =>
    first && zip ? { parts: [first, zip.slice(0, 3)], hash: pairHash(id('first'), headPart(zip, 3)) } : undefined,
  zip3: ({ texts: { zip } }) => (zip ? { parts: [zip.slice(0, 3)], hash: finish(headPart(zip, 3)) } : undefined),
  first_day: ({ texts: { first }, birth }, _, id) =>
    first && hasDay(birth)
      ? { parts: [first, birth % 10_000], hash: pairHash(id('first'), birth % 10_000) }
      : undefined,
  city_year: ({ texts: { city }, birth }, _, id) =>
    city && yearOf(birth) ? { parts: [city, yearOf(birth)], hash: pairHash(id('city'), yearOf(birth)) } : undefined,
}

type Column = (typeof textColumns)[number]

const pairTwin = (texts: Twin['texts'], id: (name: Column) => number, a: Column, b: Column): ReturnType<KeyTwin> =>
  texts[a] && texts[b] ? { parts: [texts[a], texts[b]], hash: pairHash(id(a), id(b)) } : undefined

const loneTwin = (text: string, id: number): ReturnType<KeyTwin> =>
  text ? { parts: [text], hash: finish(id) } : undefined

const expectSameIndex = (index: VoterIndex, svids: readonly string[], twins: readonly Twin[]): void => {
  expect(index.voters).toBe(twins.length)
  twins.forEach((twin, i) => {
    const texts = textColumns.map((name) => [name, textOf(index.vocabularies[name], index.columns[name][i]!)])
    expect({ ...Object.fromEntries(texts), birth: index.birthDate[i] }).toEqual({ ...twin.texts, birth: twin.birth })
    expect(index.lastSoundex[index.columns.last[i]!]).toBe(twin.soundex)
    expect(textOf(index.svids, i + 1)).toBe(svids[i])
  })
  for (const name of textColumns) {
    const v = index.vocabularies[name]
    for (let id = 0; id <= v.size; id++) {
      expect(v.counts[id]).toBe(twins.filter(({ texts }) => texts[name] === textOf(v, id)).length)
    }
  }
  for (const key of Object.keys(index.keys) as BlockingKey[]) {
    const keyed = twins.map((twin, i) =>
      keyTwins[key](twin, svids[i]!, (name) => idOf(index.vocabularies[name], twin.texts[name])),
    )
    const parts = keyed.map((one) => (one === undefined ? undefined : JSON.stringify(one.parts)))
    const present = parts.filter((part) => part !== undefined).length
    const { mask, starts, entries, rowBits } = index.keys[key]
    expect([key, entries.length]).toEqual([key, present])
    keyed.forEach((one, i) => {
      if (one === undefined) return
      const bucket = one.hash & mask
      const block = [...entries.subarray(starts[bucket], starts[bucket + 1])]
      const found = block.map((entry) => entry % 2 ** rowBits)
      expect(found).toEqual([...found].sort((a, b) => a - b))
      // the upper bits are those of the row's own hash
      const upper = (hash: number): number => Math.floor(hash / 2 ** rowBits)
      expect(block.map(upper)).toEqual(found.map((other) => upper(keyed[other]!.hash)))
      expect(found.filter((other) => parts[other] === parts[i])).toEqual(
        parts.flatMap((part, other) => (part === parts[i] ? [other] : [])),
      )
    })
  }
  twins.forEach((_, i) => {
    const record = index.records.subarray(i * recordWidth, (i + 1) * recordWidth)
    const c = index.columns
    const columns = [c.first, c.last, c.middle, index.birthDate, c.street, c.number, c.zip, c.city, c.phone, c.email]
    const suffixAndSex = c.suffix[i]! + c.sex[i]! * 65_536
    expect([...record]).toEqual([...columns.map((column) => column[i]), suffixAndSex, sketchTwin(twins[i]!.texts)])
  })
}

const sketchTwin = ({ phone, email }: Twin['texts']): number => {
  const half = Math.floor(phone.length / 2)
  const halves = phone === '' ? 0 : (hashText(phone.slice(0, half)) % 256) + (hashText(phone.slice(half)) % 256) * 256
  return halves + (email === '' ? 0 : (hashText(email.split('@')[0]!) % 65_536) * 65_536)
}

const svidOf = (i: number): string => (i % 3 === 0 ? `0${i}` : i % 3 === 1 ? `F${i}-é` : `VERY-LONG-STATE-ID-${i}`)

describe('the index of a voter file', () => {
  it('says of every voter, vocabulary and key what plain objects say', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 120 }), async (given) => {
        const { write, request, dataDir } = newCase()
        const svids = given.map((_, i) => svidOf(i))
        const lines = given.map((one, i) => headers.map((name) => (name === 'svid' ? svids[i]! : one[name])))
        const publication = await publish(request([write('voters.csv', csv([headers, ...lines]))], { format: 'table' }))
        const { index } = await openIndex(dataDir, publication, () => undefined)
        expectSameIndex(index, svids, given.map(twinOf))
      }),
      { numRuns: 40 },
    )
  }, 240_000)
})

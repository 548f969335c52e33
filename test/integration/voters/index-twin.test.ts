import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nameAddressHash, nameCityHash, soundexAddressHash, soundexBirthHash } from '../../../src/match/key-hash.js'
import {
  type BlockingKey,
  hashText,
  idOf,
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

/** The key's parts; undefined when the voter is not in its index. */
const partsOf = (key: BlockingKey, svid: string, { texts, birth, soundex }: Twin): readonly unknown[] | undefined => {
  const { first, last, number, street, zip, city } = texts
  if (key === 'svid') return [svid]
  if (key === 'name_address') return first && last && street && zip ? [first, last, number, street, zip] : undefined
  if (key === 'name_city') return first && last && city ? [first, last, city] : undefined
  if (key === 'soundex_birth') return soundex && birth % 100 !== 0 ? [soundex, birth] : undefined
  return soundex && street && zip ? [soundex, number, street, zip] : undefined
}

const hashOf = (key: BlockingKey, index: VoterIndex, svid: string, { texts, birth, soundex }: Twin): number => {
  const id = (name: (typeof textColumns)[number]): number => idOf(index.vocabularies[name], texts[name])
  if (key === 'svid') return hashText(svid)
  if (key === 'name_address') return nameAddressHash(id('first'), id('last'), id('number'), id('street'), id('zip'))
  if (key === 'name_city') return nameCityHash(id('first'), id('last'), id('city'))
  if (key === 'soundex_birth') return soundexBirthHash(soundex, birth)
  return soundexAddressHash(soundex, id('number'), id('street'), id('zip'))
}

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
    const parts = twins.map((twin, i) => JSON.stringify(partsOf(key, svids[i]!, twin)))
    const present = parts.filter((part) => part !== undefined).length
    const { mask, starts, rows } = index.keys[key]
    expect([key, rows.length]).toEqual([key, present])
    twins.forEach((twin, i) => {
      if (parts[i] === undefined) return
      const bucket = hashOf(key, index, svids[i]!, twin) & mask
      const found = [...rows.subarray(starts[bucket], starts[bucket + 1])]
      expect(found).toEqual([...found].sort((a, b) => a - b))
      expect(found.filter((other) => parts[other] === parts[i])).toEqual(
        parts.flatMap((part, other) => (part === parts[i] ? [other] : [])),
      )
    })
  }
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

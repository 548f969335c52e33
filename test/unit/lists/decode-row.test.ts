import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Contact } from '../../../events/contact.js'
import { rightOrThrow } from '../../../src/errors.js'
import { type ListRow, rowDecoder } from '../../../src/lists/decode-row.js'
import { resolveColumns } from '../../../src/lists/resolve-columns.js'

const today = '2026-02-01'

/** Decodes one row of a list with these headers and cells. */
const decode = (row: Readonly<Record<string, string>>, settings = {}, map = {}): ListRow => {
  const columns = rightOrThrow(resolveColumns('list.csv', Object.keys(row), map))
  return rowDecoder(columns, { today, ...settings })({ row: 7, cells: Object.values(row) })
}

const contactOf = (row: Readonly<Record<string, string>>, settings = {}, map = {}): Contact => {
  const { contact } = decode(row, settings, map)
  if (contact._tag === 'Left') throw new Error(contact.left.reason)
  return contact.right
}

const rejectionOf = (row: Readonly<Record<string, string>>) => {
  const { contact } = decode({ Name: 'Ann Lee', ...row })
  return contact._tag === 'Left' ? contact.left : undefined
}

describe('a row', () => {
  it('becomes a contact in its final form, and keeps every cell as it stood', () => {
    const row = {
      'First Name': ' Ann  Marie ',
      'Last Name': "O'Neil Jr.",
      Gender: 'female',
      DOB: '3/4/1970',
      Address: '12 Main St',
      City: 'Boston',
      State: 'Massachusetts',
      ZIP: '2138',
      Phone: '(617) 555-0134 x5',
      Email: 'Ann@Example.org',
      Party: 'Unenrolled',
      Note: '',
    }
    expect(decode(row)).toEqual({
      row: 7,
      original: row,
      contact: {
        _tag: 'Right',
        right: {
          first_name: 'Ann Marie',
          last_name: "O'Neil",
          suffix: 'JR',
          sex: 'F',
          birth_date: '1970-03-04',
          address1: '12 Main St',
          city: 'Boston',
          state: 'MA',
          zip: '02138',
          phone: '+16175550134',
          email: 'ann@example.org',
          custom: { Party: 'Unenrolled' },
        },
      },
    })
  })

  it('with no name, SVID, phone or e-mail is rejected', () => {
    expect(decode({ Name: 'UNKNOWN', Email: '', Zip: '02138' }).contact).toEqual({
      _tag: 'Left',
      left: { code: 'NO_IDENTITY', reason: expect.stringContaining('nothing to identify a person') },
    })
    for (const [field, value] of [
      ['SVID', '0012'],
      ['Phone', '6175550134'],
      ['Email', 'a@b.org'],
      ['Name', 'Cher'],
    ]) {
      expect(decode({ Zip: '02138', [field!]: value! }).contact._tag).toBe('Right')
    }
  })

  it('with fewer cells lacks the values; with more it is rejected, but not for empty ones', () => {
    const decoder = rowDecoder(rightOrThrow(resolveColumns('list.csv', ['Name', 'Zip'], {})), { today })
    expect(decoder({ row: 1, cells: ['Ann Lee'] })).toMatchObject({
      original: { Name: 'Ann Lee' },
      contact: { right: { first_name: 'Ann', last_name: 'Lee' } },
    })
    expect(decoder({ row: 1, cells: ['Ann Lee', '02138', '', ' '] }).contact._tag).toBe('Right')
    expect(decoder({ row: 1, cells: ['Ann Lee', '02138', '', 'x'] })).toEqual({
      row: 1,
      original: { Name: 'Ann Lee', Zip: '02138', 'column 3': '', 'column 4': 'x' },
      contact: {
        _tag: 'Left',
        left: { code: 'BAD_ROW', reason: 'The row has 4 cells for 2 columns; "x" stands in none of them' },
      },
    })
  })

  it('never makes anything but a contact of the catalogue, or a rejection with a reason', () => {
    const header = fc.constantFrom('SVID', 'Name', 'Last Name', 'Suffix', 'Sex', 'DOB', 'YOB', 'Address', 'City', 'Zip')
    const value = fc.oneof(fc.string(), fc.constantFrom('1/1/1900', '0', 'NULL', '="01"', '29000', '1970.0', 'Jr'))
    fc.assert(
      fc.property(fc.dictionary(header, value, { minKeys: 1 }), (row) => {
        const { contact, original } = decode(row)
        expect(original).toEqual(row)
        if (contact._tag === 'Right') {
          expect(Contact.is(contact.right)).toBe(true)
          expect(Object.values(contact.right)).not.toContain('')
        } else expect(contact.left.reason).not.toBe('')
      }),
      { numRuns: 500 },
    )
  })
})

describe('a malformed value rejects its row', () => {
  it.each([
    ['DOB', '02/31/1970', 'birth_date', 'Column "DOB": "02/31/1970" is not a date of birth'],
    ['DOB', '2031-01-01', 'birth_date', 'Column "DOB": "2031-01-01" is not a date of birth'],
    ['DOB', 'spring', 'birth_date', 'Column "DOB": "spring" is not a date of birth'],
    ['YOB', '70', 'birth_year', 'Column "YOB": "70" is not a year of birth'],
    ['Zip', 'ABCDE', 'zip', 'Column "Zip": "ABCDE" is not a ZIP'],
    ['Zip', '12', 'zip', 'Column "Zip": "12" is not a ZIP'],
    ['Phone', 'call me', 'phone', 'Column "Phone": "call me" is not a phone number'],
    ['Phone', '2.02E+09', 'phone', 'Column "Phone": "2.02E+09" is not a phone number'],
    ['Phone', '911', 'phone', 'Column "Phone": "911" is not a phone number'],
    ['Email', 'ann.example.org', 'email', 'Column "Email": "ann.example.org" is not an e-mail address'],
    ['Email', 'ann@', 'email', 'Column "Email": "ann@" is not an e-mail address'],
    ['SVID', '1.10024E+08', 'svid', 'Column "SVID": "1.10024E+08" is not an SVID: a spreadsheet has shortened it'],
  ])('%s %s', (header, value, field, reason) => {
    expect(rejectionOf({ [header]: value })).toEqual({ code: 'BAD_VALUE', field, reason })
  })
})

describe('a list that must not lose a row', () => {
  const kept = (row: Readonly<Record<string, string>>) => contactOf(row, { malformed: 'aside' })

  it('keeps malformed values with the custom fields', () => {
    expect(kept({ Name: 'Ann Lee', Zip: 'ABCDE', Phone: '911', DOB: 'spring' })).toEqual({
      full_name: 'Ann Lee',
      first_name: 'Ann',
      last_name: 'Lee',
      custom: { DOB: 'spring', Phone: '911', Zip: 'ABCDE' },
    })
  })

  it('keeps the digits of a birth date that is none', () => {
    expect(kept({ DOB: '19310231' })).toEqual({ birth_date: '1931-02-31' })
  })

  it('keeps a row that names nobody, but not one that has no cells', () => {
    expect(kept({ Name: '', Zip: '02138' })).toEqual({ zip: '02138' })
    const columns = rightOrThrow(resolveColumns('list.csv', ['Name'], {}))
    const broken = { row: 1, cells: [], flaw: { kind: 'a quote that does not end', text: '"Ann' } }
    expect(rowDecoder(columns, { today, malformed: 'aside' })(broken).contact).toMatchObject({
      left: { code: 'BAD_ROW' },
    })
  })
})

describe('placeholders count as missing', () => {
  it.each([
    ['DOB', '01/01/1900'],
    ['DOB', '1800-01-01'],
    ['DOB', '00/00/0000'],
    ['Zip', '00000'],
    ['Phone', '000-000-0000'],
    ['Phone', 'N/A'],
    ['Email', 'NULL'],
    ['SVID', '#N/A'],
    ['First Name', 'UNKNOWN'],
  ])('%s %s', (header, value) => {
    expect(contactOf({ 'Last Name': 'Lee', [header]: value })).toEqual({ last_name: 'Lee' })
  })

  it('but Nan is a first name', () => {
    expect(contactOf({ 'First Name': 'Nan', Phone: 'nan' })).toEqual({ first_name: 'Nan' })
  })
})

describe('what is of no use as its field is kept with the custom fields', () => {
  it.each([
    ['Suffix', 'MD'],
    ['Sex', 'see note'],
    ['Phone', '555-0134'],
    ['Birthday', '03/14'],
  ])('%s %s', (header, value) => {
    expect(contactOf({ 'Last Name': 'Lee', [header]: value })).toEqual({
      last_name: 'Lee',
      custom: { [header]: value },
    })
  })

  it('an e-mail address with a tag', () => {
    expect(contactOf({ Email: 'Ann+News@Example.org' })).toEqual({
      email: 'ann@example.org',
      custom: { Email: 'Ann+News@Example.org' },
    })
  })
})

describe('names', () => {
  it('come from a full name where the parts are missing', () => {
    expect(contactOf({ Name: 'Lee, Ann Q. III' })).toEqual({
      full_name: 'Lee, Ann Q. III',
      first_name: 'Ann',
      middle_name: 'Q',
      last_name: 'Lee',
      suffix: 'III',
    })
    expect(contactOf({ 'Full Name': 'Dr. Ann Q Lee', 'First Name': 'Annie', 'Last Name': 'Lee' })).toEqual({
      full_name: 'Dr. Ann Q Lee',
      first_name: 'Annie',
      last_name: 'Lee',
    })
  })

  it('of two people in one field: the first is the contact, the second is kept', () => {
    expect(contactOf({ Name: 'Ann & Bob Lee' })).toMatchObject({
      first_name: 'Ann',
      last_name: 'Lee',
      custom: { second_person: 'Bob Lee' },
    })
  })
})

describe('dates', () => {
  it.each([
    ['29221', { birth_date: '1980-01-01' }],
    ['1970', { birth_year: '1970' }],
    ['1970-00-00', { birth_year: '1970' }],
    ['3/4/70', { birth_date: '1970-03-04' }],
    ['3/4/25', { birth_date: '2025-03-04' }],
  ])('%s', (value, dated) => {
    expect(contactOf({ 'Last Name': 'Lee', DOB: value })).toEqual({ last_name: 'Lee', ...dated })
  })
})

describe('places', () => {
  it.each([
    [
      { State: 'MA', Zip: '2138' },
      { state: 'MA', zip: '02138' },
    ],
    [
      { State: 'MA', Zip: '02138-1234' },
      { state: 'MA', zip: '02138' },
    ],
    [{ State: '', Zip: '21381234' }, { zip: '02138' }],
    [
      { State: 'nsw', Zip: '2138' },
      { state: 'NSW', zip: '2138' },
    ],
    [
      { State: 'Devon', Zip: 'tq13 8df' },
      { state: 'DEVON', zip: 'TQ13 8DF' },
    ],
    [{ State: '', Zip: 'K1A 0B1' }, { zip: 'K1A 0B1' }],
    [{ Zip: '="02138"' }, { zip: '02138' }],
    [{ Zip: "'02138" }, { zip: '02138' }],
  ])('%j', (given, place) => {
    expect(contactOf({ 'Last Name': 'Lee', ...given })).toEqual({ last_name: 'Lee', ...place })
  })

  it('are in the given state where they name none', () => {
    expect(contactOf({ Name: 'Cher', State: '' }, { defaultState: 'FL' }).state).toBe('FL')
    expect(contactOf({ Name: 'Cher', State: 'GA' }, { defaultState: 'FL' }).state).toBe('GA')
  })

  it.each([
    [{ 'Street No': '12', Address: 'Main St' }, '12 Main St'],
    [{ 'Street No': '12', Address: '12 Main St' }, '12 Main St'],
    [{ 'Street No': '12', Address: '12th Ave' }, '12 12th Ave'],
    [{ StreetNo: '12', StreetPrefix: 'N', StreetName: 'Main', StreetType: 'St' }, '12 N Main St'],
  ])('%j have the house number in front', (given, address1) => {
    expect(contactOf({ 'Last Name': 'Lee', ...given })).toEqual({ last_name: 'Lee', address1 })
  })

  it.each([
    '12 Main St  Apt 4  Springfield  IL  62701  US',
    '12 Main St  Apt 4  Springfield  IL  62701',
    '12 Main St, Apt 4, Springfield, Illinois 62701-1234, USA',
  ])('%s in one cell are taken apart', (address) => {
    expect(contactOf({ 'Last Name': 'Lee', Address: address })).toEqual({
      last_name: 'Lee',
      address1: '12 Main St',
      address2: 'Apt 4',
      city: 'Springfield',
      state: 'IL',
      zip: '62701',
    })
  })

  it('in one cell stay whole where they do not end in state and ZIP', () => {
    expect(contactOf({ 'Last Name': 'Lee', Address: '12 Main St, rear' })).toEqual({
      last_name: 'Lee',
      address1: '12 Main St, rear',
    })
  })
})

describe('identifiers and further columns', () => {
  it('keep letters and leading zeros, and lose the decimals of a data frame', () => {
    expect(contactOf({ SVID: ' 00123A ', 'Contact ID': '77.0' })).toEqual({ svid: '00123A', id: '77' })
  })

  it('mapped as extra are kept apart from the custom ones', () => {
    expect(contactOf({ Email: 'a@b.org', Job: ' Nurse ', Pet: 'cat' }, {}, { 'extra.job': 'Job' })).toEqual({
      email: 'a@b.org',
      extra: { job: 'Nurse' },
      custom: { Pet: 'cat' },
    })
  })
})

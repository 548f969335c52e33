import { describe, expect, it } from 'vitest'
import { rightOrThrow } from '../../../src/errors.js'
import { type Columns, resolveColumns } from '../../../src/lists/resolve-columns.js'

const columnsOf = (headers: string, map = {}): Columns =>
  rightOrThrow(resolveColumns('list.csv', headers.split(','), map))

const refusal = (headers: string, map = {}) => {
  const columns = resolveColumns('list.csv', headers.split(','), map)
  return columns._tag === 'Left' ? columns.left : undefined
}

describe('known headers', () => {
  it.each([
    ['FIRST NAME,last_name,E-Mail', { first_name: 'FIRST NAME', last_name: 'last_name', email: 'E-Mail' }],
    ['Name,Home Phone,Cell Phone', { full_name: 'Name', phone: 'Cell Phone' }],
    ['Email,Mailing Address,Address,Employer Addr1', { email: 'Email', address1: 'Address' }],
    ['Street No,Street Name,St,Zip', { house_number: 'Street No', state: 'St', zip: 'Zip' }],
  ])('of %s', (headers, mapping) => {
    expect(columnsOf(headers).mapping).toMatchObject(mapping)
  })

  it('put an address together from its parts where no column holds the whole', () => {
    const parts = 'LastName,StreetNo,StreetName,StreetPrefix,StreetType,AptNo,AptType'
    const { mapping } = columnsOf(parts)
    expect(mapping).toEqual({
      last_name: 'LastName',
      house_number: 'StreetNo',
      address1: 'StreetPrefix+StreetName+StreetType',
      address2: 'AptType+AptNo',
    })
    expect(columnsOf(`${parts},Address`).mapping).toMatchObject({ address1: 'Address', address2: 'AptNo' })
  })

  it('leave every other column to the custom fields', () => {
    const { unmapped, headers } = columnsOf('Email,Home Email,Party,,Party')
    expect(unmapped.map((column) => headers[column])).toEqual(['Home Email', 'Party', 'column 4', 'Party_2'])
  })
})

describe('a map', () => {
  it('overrides the known headers, field by field and column by column', () => {
    const { mapping } = columnsOf('First Name,Name,Phone,Mail Drop,Party', {
      email: 'Mail Drop',
      'extra.party': 'party',
      middle_name: 'Name',
    })
    expect(mapping).toEqual({
      email: 'Mail Drop',
      'extra.party': 'Party',
      middle_name: 'Name',
      first_name: 'First Name',
      phone: 'Phone',
    })
  })

  it('may join columns, and a header with a plus is itself first', () => {
    expect(columnsOf('A,B,A+B', { address1: 'A+B' }).sources.get('address1')).toEqual([2])
    expect(columnsOf('A,B,C', { address1: 'C + A' }).sources.get('address1')).toEqual([2, 0])
  })

  it('that names a column which is not there is refused, with the columns that are', () => {
    expect(refusal('Email,Zip', { phone: 'Fone' })).toMatchObject({
      code: 'BAD_MAPPING',
      message: '"list.csv" has no column "Fone" for phone. Its columns: "Email", "Zip"',
    })
  })
})

describe('a header row', () => {
  it('with a mapped column twice is refused, with both places', () => {
    expect(refusal('Email,Zip,Email')).toMatchObject({
      code: 'BAD_FILE',
      message: '"list.csv" has two columns "Email": 1 and 3. Rename one of them',
    })
    expect(refusal('A,A', { zip: 'A' })).toMatchObject({ code: 'BAD_FILE' })
  })

  it('of one unknown column is refused as wrongly delimited', () => {
    expect(refusal('First Name#Last Name')).toMatchObject({
      code: 'BAD_FILE',
      message: expect.stringContaining('one column only, "First Name#Last Name"'),
    })
  })

  it('of which nothing is known is refused, with its columns', () => {
    expect(refusal('Ann,Lee,12345')).toMatchObject({
      code: 'BAD_MAPPING',
      message: expect.stringContaining('"Ann", "Lee", "12345"'),
    })
  })

  it('can not smuggle in a prototype', () => {
    expect(columnsOf('Email,__proto__').headers).toEqual(['Email', 'column 2'])
  })
})

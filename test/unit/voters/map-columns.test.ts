import { describe, expect, it } from 'vitest'
import { mapColumns } from '../../../src/voters/map-columns.js'

const columnsOf = (headers: readonly string[]) =>
  headers.map((header, i) => ({ header, sql: `c${i}`, type: 'VARCHAR' }))

const mapped = (headers: readonly string[], map: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(
    [...mapColumns(columnsOf(headers), map, 'f.csv')].map(([field, places]) => [
      field,
      places.map((place) => headers[place]),
    ]),
  )

describe('mapColumns', () => {
  it.each([
    [['SVID', 'FirstName', 'NAME_LAST'], { svid: ['SVID'], first_name: ['FirstName'], last_name: ['NAME_LAST'] }],
    [['STATE_VOTER_ID', 'VoterID'], { svid: ['STATE_VOTER_ID'] }],
    [['LALVOTERID', 'Voters_StateVoterID'], { svid: ['Voters_StateVoterID'], id: ['LALVOTERID'] }],
    [['LALVOTERID', 'Voters_FirstName'], { svid: ['LALVOTERID'], first_name: ['Voters_FirstName'] }],
    [
      ['voter_id', 'Residence Address Line 1', 'Residence_City', 'Residence Zipcode'],
      {
        svid: ['voter_id'],
        address1: ['Residence Address Line 1'],
        city: ['Residence_City'],
        zip: ['Residence Zipcode'],
      },
    ],
  ])('knows %j', (headers, expected) => {
    expect(mapped(headers)).toEqual(expected)
  })

  it('lets a map go first, over several columns too, and finds the rest', () => {
    expect(
      mapped(['number', 'first_name', 'a', 'b', 'phone'], { svid: 'number', phone: 'a + b', 'extra.old': 'Phone' }),
    ).toEqual({
      svid: ['number'],
      first_name: ['first_name'],
      phone: ['a', 'b'],
      'extra.old': ['phone'],
    })
  })

  it('lets an id stand in for the SVID when told to, and only where there is none', () => {
    const named = (headers: readonly string[], map = {}) =>
      Object.fromEntries(mapColumns(columnsOf(headers), map, 'f.csv', 'svid_or_id'))
    expect(named(['record_id', 'city'])).toEqual({ svid: [0], city: [1] })
    expect(named(['x', 'city'], { id: 'x' })).toEqual({ svid: [0], city: [1] })
    expect(named(['record_id', 'svid'])).toEqual({ id: [0], svid: [1] })
    expect(() => mapped(['record_id', 'city'])).toThrow(expect.objectContaining({ code: 'BAD_MAPPING' }))
  })

  it('refuses what says two things', () => {
    const refused =
      (headers: readonly string[], map: Readonly<Record<string, string>> = {}) =>
      () =>
        mapped(headers, map)
    expect(refused(['svid', 'city', 'City '])).toThrow(expect.objectContaining({ code: 'BAD_MAPPING' }))
    expect(refused(['svid', 'x'], { city: 'x', zip: 'x' })).toThrow(expect.objectContaining({ code: 'BAD_MAPPING' }))
    expect(refused(['svid', 'x'], { city: 'y' })).toThrow(expect.objectContaining({ code: 'BAD_MAPPING' }))
    expect(refused(['x'])).toThrow(expect.objectContaining({ code: 'BAD_MAPPING' }))
  })
})

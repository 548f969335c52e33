import { describe, expect, it } from 'vitest'
import { parseMap } from '../../../src/lists/parse-map.js'

describe('a map', () => {
  it.each([
    ['first_name=Given, last_name = Family ', { first_name: 'Given', last_name: 'Family' }],
    ['full_name=Name, as printed,email=E-Mail', { full_name: 'Name, as printed', email: 'E-Mail' }],
    ['extra.party=Party=Affiliation', { 'extra.party': 'Party=Affiliation' }],
    ['address1=No+Street', { address1: 'No+Street' }],
    ['{"zip": "PLZ", "extra.job": "Job"}', { zip: 'PLZ', 'extra.job': 'Job' }],
  ])('is read from %s', (text, map) => {
    expect(parseMap(text)).toEqual({ _tag: 'Right', right: map })
  })

  it.each([
    ['', 'not of the form'],
    ['first_name', '"first_name" is not of the form'],
    ['nickname=Nick', '"nickname", which there is not. Fields: id, svid'],
    ['extra.=Nick', '"extra.", which there is not'],
    ['__proto__=x', '"__proto__", which there is not'],
    ['extra.__proto__=x', '"extra.__proto__", which there is not'],
    ['zip=', 'field zip no header'],
    ['zip=A,zip=B', 'zip twice'],
    ['{"zip": 5}', 'field zip no header but "5"'],
    ['{"zip"', 'no JSON object'],
    ['{"__proto__": "x"}', '"__proto__", which there is not'],
  ])('is refused as BAD_MAPPING when it is %s', (text, part) => {
    expect(parseMap(text)).toMatchObject({
      _tag: 'Left',
      left: { code: 'BAD_MAPPING', message: expect.stringContaining(part) },
    })
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson, type Json } from '../../../events/canonical-json.js'
import { isCanonicalJson } from '../../../events/is-canonical-json.js'

/** Writes the value again: slow and obvious. */
const twin = (text: string): boolean => {
  try {
    return canonicalJson(JSON.parse(text) as Json) === text
  } catch {
    return false
  }
}

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe('isCanonicalJson', () => {
  const values = fc.jsonValue({ stringUnit: 'binary', maxDepth: 4 })

  it('takes every canonical text', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(isCanonicalJson(canonicalJson(value as Json))).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  it('says what writing it again says, of texts of any form', () => {
    const forms = fc.oneof(
      values.map((value) => JSON.stringify(value)),
      values.map((value) => JSON.stringify(value, null, 1)),
      fc
        .tuple(
          values,
          fc.nat(),
          fc.constantFrom(' ', '\\u0041', '0', '.0', 'e1', '-', ',', '\\/', '"a":1,', '\\u001F', '\n'),
        )
        .map(([value, at, more]) => {
          const text = canonicalJson(value as Json)
          const place = at % (text.length + 1)
          return text.slice(0, place) + more + text.slice(place)
        }),
    )
    fc.assert(
      fc.property(forms, (text) => {
        if (isJson(text)) expect(isCanonicalJson(text)).toBe(twin(text))
      }),
      { numRuns: 5_000 },
    )
  })

  it.each([
    ['{"a":1,"b":2}', true],
    ['{"b":1,"a":2}', false],
    ['{"a":1,"a":2}', false],
    ['{"10":1,"9":2}', true],
    ['{"a":{},"aa":[]}', true],
    ['{"aa":1,"a":2}', false],
    ['{"a": 1}', false],
    ['[1,2] ', false],
    ['1.0', false],
    ['-0', false],
    ['1e3', false],
    ['1e+21', true],
    ['"\\u000a"', false],
    ['"\\n"', true],
    ['"\\u001f"', true],
    ['"\\u001F"', false],
    ['"\\/"', false],
    ['"\\ud800"', false],
    ['"é"', true],
    ['{"\\n":1,"a":2}', true],
    ['{"\\"":1,"!":2}', false],
  ])('%s: %s', (text, is) => {
    expect(isCanonicalJson(text)).toBe(is)
    expect(twin(text)).toBe(is)
  })
})

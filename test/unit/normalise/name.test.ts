import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPlaceholderName, nameKey, normaliseSuffix, splitSuffix } from '../../../src/normalise/name.js'
import { foldText } from '../../../src/normalise/text.js'

const anyText = fc.string({ unit: 'binary', maxLength: 30 })

describe('name keys', () => {
  it.each([
    ['', ''],
    ['SMITH', 'SMITH'],
    ['O’Brien-Smith', 'OBRIENSMITH'],
    ["O'BRIEN SMITH", 'OBRIENSMITH'],
    ['de la Cruz', 'DELACRUZ'],
    ['St. John', 'STJOHN'],
    ['Muñoz', 'MUNOZ'],
    ['MUNOZ', 'MUNOZ'],
    ['Müller-Groß', 'MULLERGROSS'],
    ['J.R.', 'JR'],
    ['Nguyễn', 'NGUYEN'],
    ['Иванов', 'ИВАНОВ'],
    ['張 偉', '張偉'],
    ['John 3rd', 'JOHN3RD'],
    ['--', ''],
  ])('%j is compared as %j', (given, expected) => {
    expect(nameKey(given)).toBe(expected)
  })

  it('are their own keys', () => {
    fc.assert(
      fc.property(anyText, (s) => nameKey(nameKey(s)) === nameKey(s)),
      { numRuns: 2000 },
    )
  })

  it('are the same for a text and its fold', () => {
    fc.assert(
      fc.property(anyText, (s) => nameKey(foldText(s)) === nameKey(s)),
      { numRuns: 2000 },
    )
  })

  it('hold nothing but letters, their marks and digits', () => {
    fc.assert(fc.property(anyText, (s) => /^[\p{L}\p{M}\p{N}]*$/u.test(nameKey(s))))
  })
})

describe('generation suffixes', () => {
  it.each([
    ['Jr.', 'JR'],
    ['JR', 'JR'],
    ['junior', 'JR'],
    ['Sr', 'SR'],
    ['SENIOR', 'SR'],
    ['ii', 'II'],
    ['2nd', 'II'],
    ['III', 'III'],
    ['3rd', 'III'],
    ['IV', 'IV'],
    ['4th', 'IV'],
    ['V', 'V'],
    ['Esq', ''],
    ['I', ''],
    ['', ''],
  ])('%j reads as %j', (given, expected) => {
    expect(normaliseSuffix(given)).toBe(expected)
  })

  it.each([
    ['SMITH JR', 'SMITH', 'JR'],
    ['Smith, Jr.', 'Smith', 'JR'],
    ['SMITH,JR', 'SMITH', 'JR'],
    ['Smith (Sr)', 'Smith', 'SR'],
    ['Smith III', 'Smith', 'III'],
    ['Smith V', 'Smith', 'V'],
    ['de la Cruz II', 'de la Cruz', 'II'],
    ['Le Jr', 'Le', 'JR'],
    ['Ii', 'Ii', ''],
    ['V', 'V', ''],
    ['JR', 'JR', ''],
    ['De La V', 'De La V', ''],
    ['  Smith  ', 'Smith', ''],
    ['Smith Jones', 'Smith Jones', ''],
    ['', '', ''],
    [',', ',', ''],
  ])('%j parts into %j and %j', (given, last, suffix) => {
    expect(splitSuffix(given)).toEqual({ last, suffix })
  })

  it('never lose a letter of the name', () => {
    fc.assert(
      fc.property(anyText, (s) => {
        const { last, suffix } = splitSuffix(s)
        expect(s.trim().startsWith(last)).toBe(true)
        if (suffix === '') expect(last).toBe(s.trim())
        else expect(last).not.toBe('')
      }),
    )
  })
})

describe('placeholder names', () => {
  it.each([
    'UNKNOWN',
    'Unknown',
    'N/A',
    'n.a.',
    'n / a',
    'NONE',
    'null',
    'Test',
    'INMATE',
    'Man of the House',
    'RESIDENT',
    'Current Resident',
    'OCCUPANT',
    'NMN',
    'XX',
    'xxxx',
    'AAAA',
    '-',
    '***',
    '?',
    'No Name Given',
    'FNU',
  ])('%j stands instead of a name', (given) => {
    expect(isPlaceholderName(given)).toBe(true)
  })

  it.each([
    '',
    'NA',
    'Na',
    'Nan',
    'Al',
    'JJ',
    'II',
    'III',
    'Noone',
    'Testa',
    'Blanko',
    'Nones',
    'Unger',
    'X',
    'Б',
    'Smith',
  ])('%j is a name, or nothing', (given) => {
    expect(isPlaceholderName(given)).toBe(false)
  })
})

import { describe, expect, it } from 'vitest'
import { numberFormat, numberText } from '../../../src/lists/xlsx/number-formats.js'

describe('number formats', () => {
  it.each([
    [14, undefined, 'date'],
    [22, undefined, 'date'],
    [20, undefined, 'plain'],
    [0, undefined, 'plain'],
    [164, 'yyyy\\-mm\\-dd', 'date'],
    [164, '[$-407]d. mmmm yyyy', 'date'],
    [164, 'h:mm:ss', 'plain'],
    [164, '"day" 0', 'plain'],
    [164, '[Red]0.00', 'plain'],
    [164, '00000', { width: 5 }],
    [164, '00000\\-0000', { width: 9 }],
    [164, '0', 'plain'],
  ])('%i %s is %j', (id, code, format) => {
    expect(numberFormat(id, code)).toEqual(format)
  })
})

describe('number cells', () => {
  it.each([
    ['1', '1900-01-01'],
    ['59', '1900-02-28'],
    ['61', '1900-03-01'],
    ['25569', '1970-01-01'],
    ['25569.25', '1970-01-01 06:00:00'],
    ['25568.999999999', '1970-01-01'],
    ['0.5', '0.5'],
    ['1e20', '100000000000000000000'],
  ])('%s shown as a date is %s', (value, text) => {
    expect(numberText(value, 'date', 1900)).toBe(text)
  })

  it.each([
    ['2138', '2138'],
    ['2138.0', '2138'],
    ['6.175550134E9', '6175550134'],
    ['33.299999999999997', '33.3'],
    ['-5', '-5'],
    ['', ''],
    ['x', 'x'],
  ])('%s is %s', (value, text) => {
    expect(numberText(value, 'plain', 1900)).toBe(text)
  })

  it('are padded to their width', () => {
    expect(numberText('501', { width: 5 }, 1900)).toBe('00501')
    expect(numberText('501.5', { width: 5 }, 1900)).toBe('501.5')
  })
})

import { describe, expect, it } from 'vitest'
import { StringPages } from '../../../src/lists/xlsx/string-pages.js'

const textOf = (i: number): string => (i % 7 === 0 ? '' : `text ${i} é😀`)
const count = 20_500

describe('the texts of a workbook', () => {
  it.each([1, 2, 1000])('come back by number when %i pages may stay in memory', (pages) => {
    const strings = new StringPages(pages)
    for (let i = 0; i < count; i++) strings.add(textOf(i))
    const order = Array.from({ length: 4000 }, (_, i) => (i % 2 === 0 ? i : (i * 7919) % count))
    for (const i of order) expect(strings.get(i)).toBe(textOf(i))
    expect(strings.get(count - 1)).toBe(textOf(count - 1))
    expect(strings.get(count)).toBeUndefined()
    expect(strings.get(-1)).toBeUndefined()
    expect(strings.get(Number.NaN)).toBeUndefined()
    strings.close()
  })
})

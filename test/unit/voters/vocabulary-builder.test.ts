import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { idOf, textOf } from '../../../src/match/voter-index.js'
import { VocabularyBuilder } from '../../../src/voters/vocabulary-builder.js'

describe('VocabularyBuilder', () => {
  it('gives ids in order of first occurrence, finds every text again, and counts', () => {
    const texts = fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('', 'A', 'AB', 'É')), {
      maxLength: 3000,
    })
    fc.assert(
      fc.property(texts, (given) => {
        const builder = new VocabularyBuilder()
        const column = Uint32Array.from(given, (text) => builder.intern(text))
        const vocabulary = builder.build(column)
        const distinct = [...new Set(given.filter((text) => text !== ''))]
        expect(vocabulary.size).toBe(distinct.length)
        distinct.forEach((text, i) => {
          expect(textOf(vocabulary, i + 1)).toBe(text)
          expect(idOf(vocabulary, text)).toBe(i + 1)
          expect(vocabulary.counts[i + 1]).toBe(given.filter((other) => other === text).length)
        })
        expect(vocabulary.counts[0]).toBe(given.filter((text) => text === '').length)
        expect(idOf(vocabulary, 'in no list, surely')).toBe(-1)
      }),
      { numRuns: 60 },
    )
  })
})

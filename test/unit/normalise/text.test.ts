import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldText } from '../../../src/normalise/text.js'

const anyText = fc.string({ unit: 'binary', maxLength: 30 })

describe('folding text', () => {
  it.each([
    ['', ''],
    ['MAIN ST', 'MAIN ST'],
    ['  Main\t\n St ', 'MAIN ST'],
    ['García Núñez', 'GARCIA NUNEZ'],
    ['Straße', 'STRASSE'],
    ['ẞ', 'SS'],
    ['Ærø Łódź Œuvre', 'AERO LODZ OEUVRE'],
    ['Đorđe Þór ħ ŋ ı', 'DORDE THOR H N I'],
    ['O’Brien ‘x’ `y´', "O'BRIEN 'X' 'Y'"],
    ['“Bill” «B»', '"BILL" "B"'],
    ['Smith–Jones—x‑y', 'SMITH-JONES-X-Y'],
    ['12½ Oak', '12 1/2 OAK'],
    ['Ｍａｉｎ　ｓｔ', 'MAIN ST'],
    ['ﬁ ² №', 'FI 2 NO'],
    ['a\u00a0b\u200bc\u00add\ufeff', 'A BCD'],
    ['a\u0000b\u007fc', 'A B C'],
    ['e\u0301', 'E'],
    ['Ελένη Йод', 'ΕΛΕΝΗ ИОД'],
    ['张 伟', '张 伟'],
    ['हिन्दी', 'हिन्दी'.normalize('NFKD')],
  ])('%j becomes %j', (given, expected) => {
    expect(foldText(given)).toBe(expected)
  })

  it('changes nothing the second time, for every character of Unicode and for any text', () => {
    for (let code = 0; code < 0x30000; code++) {
      const once = foldText(`a${String.fromCodePoint(code)}b`)
      if (foldText(once) !== once) expect(foldText(once), code.toString(16)).toBe(once)
    }
    fc.assert(
      fc.property(anyText, (s) => foldText(foldText(s)) === foldText(s)),
      { numRuns: 2000 },
    )
  })

  it('gives the Latin fast path the answer of the full one', () => {
    // A trailing letter outside Latin sends the same text through the full path.
    fc.assert(
      fc.property(fc.string({ unit: fc.integer({ min: 0, max: 0x17f }).map((c) => String.fromCharCode(c)) }), (s) => {
        expect(`${foldText(s)} Ω`.trim()).toBe(foldText(`${s} Ω`))
      }),
      { numRuns: 2000 },
    )
  })

  it('leaves no lower case, control characters, edges or double blanks', () => {
    fc.assert(
      fc.property(anyText, (s) => {
        const folded = foldText(s)
        expect(folded).toBe(folded.trim())
        expect(folded).not.toMatch(/[a-z\u0000-\u001f\u007f]| {2}/)
      }),
    )
  })
})

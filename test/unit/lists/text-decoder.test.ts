import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeBroken, sniffEncoding, tallyUtf8 } from '../../../src/lists/csv/sniff-encoding.js'
import { type Encoding, textDecoder } from '../../../src/lists/csv/text-decoder.js'

const decode = (bytes: Buffer, encoding: Encoding, piece = bytes.length || 1): string => {
  const decoder = textDecoder(encoding)
  let text = ''
  for (let at = 0; at < bytes.length; at += piece) text += decoder.write(bytes.subarray(at, at + piece))
  return text + decoder.end()
}

const encodings: readonly (readonly [Encoding, (text: string) => Buffer])[] = [
  ['utf-8', (text) => Buffer.from(text)],
  ['utf-16le', (text) => Buffer.from(text, 'utf16le')],
  ['utf-16be', (text) => Buffer.from(text, 'utf16le').swap16()],
]

describe.each(encodings)('decoding %s', (encoding, encode) => {
  it('gives the text back, whatever the cut of the chunks, without its byte-order mark', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '€', '😀', '\n'), maxLength: 20 })
    fc.assert(
      fc.property(text, fc.boolean(), fc.integer({ min: 1, max: 5 }), (s, hasMark, piece) => {
        expect(decode(encode(hasMark ? `\ufeff${s}` : s), encoding, piece)).toBe(s)
      }),
    )
  })
})

describe('decoding damaged text', () => {
  it('gives the same as the platform for any bytes, whatever the cut of the chunks', () => {
    const byte = fc.constantFrom(0x41, 0x80, 0xbf, 0xc3, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0xff)
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 12 }), fc.integer({ min: 1, max: 4 }), (bytes, piece) => {
        expect(decode(Buffer.from(bytes), 'utf-8', piece)).toBe(new TextDecoder('utf-8').decode(Buffer.from(bytes)))
      }),
      { numRuns: 1000 },
    )
  })

  it('replaces NUL and half a character, which PostgreSQL can not hold', () => {
    expect(decode(Buffer.from('a\0b'), 'utf-8')).toBe('a\ufffdb')
    expect(decode(Buffer.from([0x41, 0, 0, 0xd8, 0x42, 0]), 'utf-16le')).toBe('A\ufffdB')
    expect(decode(Buffer.from([0x41, 0, 0x42]), 'utf-16le')).toBe('A\ufffd')
  })

  it('reads the curly quotes, dashes and euro of windows-1252, which Latin-1 has not', () => {
    const bytes = Buffer.from([0x93, 0x4f, 0x92, 0x4e, 0x94, 0x96, 0x80, 0x8a, 0x9f, 0xe9, 0xff])
    expect(decode(bytes, 'windows-1252')).toBe('“O’N”–€ŠŸéÿ')
  })
})

describe('finding the encoding', () => {
  it('goes by the mark, then by the zeros of UTF-16', () => {
    const text = 'First Name,Last Name\nJosé,Muñoz\n'
    expect(sniffEncoding(Buffer.from(`\ufeff${text}`))).toBe('utf-8')
    expect(sniffEncoding(Buffer.from(text))).toBe('utf-8')
    for (const mark of ['', '\ufeff']) {
      expect(sniffEncoding(Buffer.from(mark + text, 'utf16le'))).toBe('utf-16le')
      expect(sniffEncoding(Buffer.from(mark + text, 'utf16le').swap16())).toBe('utf-16be')
    }
  })

  const judged = (bytes: Buffer) => {
    const tally = { characters: 0, broken: 0, firstBroken: -1 }
    tallyUtf8(tally, bytes, 100)
    return [judgeBroken(tally, bytes), tally.firstBroken]
  }

  it('takes broken UTF-8 for windows-1252 unless more of it is whole than broken', () => {
    expect(judged(Buffer.from('Mu\xf1oz, Jos\xe9', 'latin1'))).toEqual(['windows-1252', 102])
    expect(judged(Buffer.concat([Buffer.from('Muñoz, José'), Buffer.from([0xff])]))).toEqual(['utf-8', 113])
    expect(judged(Buffer.concat([Buffer.from('\ufeffa'), Buffer.from([0xff, 0xfe])]))).toEqual(['utf-8', 104])
  })
})

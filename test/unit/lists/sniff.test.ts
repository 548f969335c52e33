import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sniffDialect } from '../../../src/lists/csv/sniff-dialect.js'
import { looksBinary, sniffKind } from '../../../src/lists/sniff-kind.js'
import { writeCsv } from './write-csv.js'

const known = new Set(['first name', 'last name', 'email', 'address'])
const isKnown = (header: string): boolean => known.has(header.toLowerCase())
const lineEnd = fc.constantFrom('\n', '\r\n', '\r')
const cell = fc.string({ unit: fc.constantFrom('a', ',', ';', '\t', '|', '\n', '"', ' '), maxLength: 6 })

describe('finding delimiter and line end', () => {
  it('is not misled by what stands in the cells when the headers are known', () => {
    const rows = fc.array(fc.tuple(cell, cell, cell), { maxLength: 10 })
    fc.assert(
      fc.property(fc.constantFrom(',', ';', '\t', '|'), lineEnd, rows, (delimiter, end, cells) => {
        const text = writeCsv([['First Name', 'Last Name', 'Email'], ...cells], {
          delimiter,
          lineEnd: end,
          quoting: 'needed',
          endsWithLineEnd: true,
        })
        const lineEnds = end === '\r' ? '\r' : '\n'
        expect(sniffDialect(text, isKnown)).toEqual({ delimiter, lineEnd: lineEnds, hasSepLine: false })
      }),
    )
  })

  it('goes by evenness, then by the number of columns, when they are not', () => {
    expect(sniffDialect('a;b, c;d\n1;2;3\n4;5, 6, 7;8\n', isKnown).delimiter).toBe(';')
    expect(sniffDialect('a\tb\n1\t2\n', isKnown).delimiter).toBe('\t')
  })

  it("takes Excel's word for it", () => {
    expect(sniffDialect('sep=|\r\na,b|c,d\r\n', isKnown)).toEqual({ delimiter: '|', lineEnd: '\n', hasSepLine: true })
  })

  it('reads a list of one column as such', () => {
    expect(sniffDialect('email\nann@example.org\n', isKnown)).toEqual({
      delimiter: ',',
      lineEnd: '\n',
      hasSepLine: false,
    })
  })
})

describe('finding out what a file is', () => {
  it.each([
    ['89504e470d0a1a0a0000000d49484452', /PNG/],
    ['255044462d312e37', /PDF/],
    ['1f8b0800', /gzip/],
    ['d0cf11e0a1b11ae1', /old Excel/],
    ['504152311500', /Parquet/],
  ])('knows %s by its first bytes', (hex, name) => {
    expect(sniffKind(Buffer.from(hex, 'hex'))).toEqual({ binary: expect.stringMatching(name) })
  })

  it('tells archives and text', () => {
    expect(sniffKind(Buffer.from('PK\x03\x04'))).toBe('zip')
    expect(sniffKind(Buffer.from('PKID,Name\n'))).toBe('text')
    expect(sniffKind(Buffer.from('GIF recipients,Name\n'))).toBe('text')
  })

  it('takes no noise for text, and text with a NUL here and there for text', () => {
    const noise = Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919 + (i >> 3) * 31) % 256))
    expect(looksBinary(noise.toString('utf8'))).toBe(true)
    expect(looksBinary('\ufffd'.repeat(1000))).toBe(true)
    expect(looksBinary('First Name,Last Name\nAnn\ufffd,Lee\nBob\x01,Fay\n')).toBe(false)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checksum } from '../../../src/voters/index-layout.js'

/** At a multiple of four bytes, as sections lie. */
const bytesOf = (values: readonly number[]): Uint8Array => Uint8Array.from(values)

describe('checksum', () => {
  it('changes with any one byte, at any place and any length', () => {
    const bytes = fc.array(fc.nat(255), { minLength: 1, maxLength: 70 })
    fc.assert(
      fc.property(bytes, fc.nat(), fc.integer({ min: 1, max: 255 }), (values, place, flip) => {
        const changed = values.map((value, i) => (i === place % values.length ? value ^ flip : value))
        expect(checksum(bytesOf(changed))).not.toBe(checksum(bytesOf(values)))
      }),
    )
  })

  it('changes when zeros are added or words trade places', () => {
    expect(checksum(bytesOf([0, 0, 0, 0]))).not.toBe(checksum(bytesOf([0, 0, 0, 0, 0, 0, 0, 0])))
    expect(checksum(bytesOf([1, 0, 0, 0, 2, 0, 0, 0]))).not.toBe(checksum(bytesOf([2, 0, 0, 0, 1, 0, 0, 0])))
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isOfHash, rowOf } from '../../../src/match/voter-index.js'
import { bucketRows } from '../../../src/voters/key-index.js'

/** Hashes of rows, some alike in their lower or upper bits; 0: the row is not in the key. */
const hash = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 2 ** 32 - 1 }),
  fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })).map(([high, low]) => high * 2 ** 28 + low),
)

describe('bucketRows', () => {
  it('puts every present row into its bucket, ascending, and no other row anywhere', () => {
    fc.assert(
      fc.property(fc.array(hash, { maxLength: 400 }), (hashes) => {
        const { mask, starts, entries, rowBits } = bucketRows(Uint32Array.from(hashes))
        expect(2 ** rowBits).toBeGreaterThanOrEqual(hashes.length)
        expect(starts).toHaveLength(mask + 2)
        for (let bucket = 0; bucket <= mask; bucket++) {
          const rows = [...entries.subarray(starts[bucket], starts[bucket + 1])].map((entry) => rowOf(entry, rowBits))
          expect(rows).toEqual(hashes.flatMap((one, row) => (one !== 0 && one % (mask + 1) === bucket ? [row] : [])))
        }
        expect(entries).toHaveLength(hashes.filter((one) => one !== 0).length)
      }),
    )
  })

  it('tells rows of another hash apart by its upper bits', () => {
    fc.assert(
      fc.property(fc.array(hash, { minLength: 1, maxLength: 400 }), fc.nat(), (hashes, at) => {
        const { mask, starts, entries, rowBits } = bucketRows(Uint32Array.from(hashes))
        const asked = hashes[at % hashes.length]!
        if (asked === 0) return
        const bucket = asked % (mask + 1)
        const found = [...entries.subarray(starts[bucket], starts[bucket + 1])]
          .filter((entry) => isOfHash(entry, asked, rowBits))
          .map((entry) => rowOf(entry, rowBits))
        const upper = (one: number): number => Math.floor(one / 2 ** rowBits)
        const alike = (one: number): boolean => one % (mask + 1) === bucket && upper(one) === upper(asked)
        expect(found).toEqual(hashes.flatMap((one, row) => (one !== 0 && alike(one) ? [row] : [])))
      }),
    )
  })
})

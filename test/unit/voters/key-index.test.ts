import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bucketRows, bucketsFor } from '../../../src/voters/key-index.js'

describe('bucketRows', () => {
  it('puts every present row into its bucket, ascending, and no other row anywhere', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat()), { maxLength: 400 }), (hashes) => {
        const { mask } = bucketsFor(hashes.length)
        const key = bucketRows(
          Uint32Array.from(hashes, (hash) => (hash === null ? 0 : (hash & mask) + 1)),
          hashes.length,
        )
        expect(key.mask).toBe(mask)
        expect(key.starts).toHaveLength(mask + 2)
        for (let bucket = 0; bucket <= mask; bucket++) {
          const rows = [...key.rows.subarray(key.starts[bucket], key.starts[bucket + 1])]
          expect(rows).toEqual(hashes.flatMap((hash, row) => (hash !== null && (hash & mask) === bucket ? [row] : [])))
        }
        expect(key.rows).toHaveLength(hashes.filter((hash) => hash !== null).length)
      }),
    )
  })
})

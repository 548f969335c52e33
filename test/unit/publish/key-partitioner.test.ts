import fc from 'fast-check'
import kafkajs from 'kafkajs'
import { expect, it } from 'vitest'
import { keyPartitioner } from '../../../src/publish/key-partitioner.js'

const metadata = { partitionErrorCode: 0, leader: 0, replicas: [], isr: [] }

it("a key goes where the library's own partitioner puts it", () => {
  const [ours, theirs] = [keyPartitioner(), kafkajs.Partitioners.DefaultPartitioner()]
  const key = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.string({ minLength: 1_000, maxLength: 2_000 }))
  fc.assert(
    fc.property(key, fc.integer({ min: 1, max: 50 }), (text, partitions) => {
      const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({ partitionId, ...metadata }))
      const args = { topic: 'any', partitionMetadata, message: { key: text, value: null } }
      expect(ours(args)).toBe(theirs(args))
    }),
  )
})

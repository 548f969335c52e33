import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { derivedUuid, personIdOf } from '../../../events/ids.js'
import {
  importStream,
  isTenantName,
  ledgerStream,
  segmentStream,
  sourceStream,
  tenantOf,
  voterFileStream,
} from '../../../events/streams.js'

describe('derived ids', () => {
  it('are UUIDs of version 8 and the RFC variant', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (parts) => {
        expect(derivedUuid(...parts)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      }),
    )
  })

  it('are the same for the same parts and differ when the parts are cut elsewhere', () => {
    expect(personIdOf('acme', 'b', 1)).toBe(personIdOf('acme', 'b', 1))
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (a, b) => {
        expect(derivedUuid(a, b)).not.toBe(derivedUuid(a + b))
        expect(derivedUuid(a, b)).not.toBe(derivedUuid(a + b, ''))
      }),
    )
  })
})

describe('stream names', () => {
  it('lead back to their tenant', () => {
    expect(tenantOf(ledgerStream('a-b_1'))).toBe('a-b_1')
    expect(tenantOf(importStream('a-b', 'x.y-z'))).toBe('a-b')
    for (const stream of [sourceStream, segmentStream]) expect(tenantOf(stream('a-b'))).toBe('a-b')
    expect(tenantOf(voterFileStream('FL'))).toBeUndefined()
    expect(tenantOf('pid-registry')).toBeUndefined()
  })

  it('take tenants that can be read in one way only', () => {
    for (const bad of ['', 'A', 'a.b', '-a', 'ä', 'a'.repeat(64), 'a b', 'a/b']) expect(isTenantName(bad)).toBe(false)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KeyMap } from '../../../projections/key-map.js'
import { columnsOf, type Table } from '../../../projections/table.js'

const table: Table = {
  name: 'key_map',
  version: 1,
  columns: columnsOf({ tenant: 'text not null', id: 'uuid not null', state: 'text', place: 'int' }),
  key: ['tenant', 'id'],
}

/** Few values, so that they meet again. */
const uuid = fc.oneof(
  fc.integer({ min: 0, max: 0xfff }).map((n) => `00000000-0000-8000-8000-000000000${n.toString(16).padStart(3, '0')}`),
  fc.uuid(),
)
const tenant = fc.constantFrom('a', 'b', 'ab', '')

describe('KeyMap', () => {
  it('answers what a Map does for keys that end in a UUID', () => {
    const keys = fc.array(fc.tuple(tenant, uuid, fc.nat(2 ** 31 - 2)), { maxLength: 3_000 })
    fc.assert(
      fc.property(keys, fc.array(fc.tuple(tenant, uuid)), (set, asked) => {
        const map = new KeyMap(table, ['tenant', 'id'])
        const twin = new Map<string, number>()
        expect(map.isExact).toBe(true)
        for (const [of, id, value] of set) {
          map.set({ tenant: of, id }, value)
          twin.set(`${of} ${id}`, value)
        }
        for (const [of, id] of [...set, ...asked]) {
          expect(map.get({ tenant: of, id })).toBe(twin.get(`${of} ${id}`) ?? -1)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('finds again whatever key it was given, in any form of its UUID', () => {
    const keys = fc.array(fc.tuple(fc.string(), fc.integer()), { maxLength: 500 })
    fc.assert(
      fc.property(keys, (set) => {
        const map = new KeyMap(table, ['state', 'place'])
        expect(map.isExact).toBe(false)
        for (const [state, place] of set) map.set({ state, place }, 7)
        for (const [state, place] of set) expect(map.get({ state, place })).toBe(7)
      }),
    )
    const map = new KeyMap(table, ['id'])
    map.set({ id: 'abcdef01-2345-8789-8bcd-ef0123456789' }, 3)
    expect(map.get({ id: 'ABCDEF01-2345-8789-8BCD-EF0123456789' })).toBe(3)
  })

  it('takes no key in of which a part is null', () => {
    const map = new KeyMap(table, ['state', 'place'])
    map.set({ state: 'FL', place: null }, 1)
    map.set({ state: 'FL' }, 1)
    expect(map.get({ state: 'FL', place: null })).toBe(-1)
    expect(map.get({ state: 'FL', place: 1 })).toBe(-1)
  })
})

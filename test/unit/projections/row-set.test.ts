import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arrayLiteral } from '../../../projections/array-literal.js'
import { RowSet } from '../../../projections/row-set.js'
import { columnsOf, type Table } from '../../../projections/table.js'

const table: Table = {
  name: 'shelf',
  version: 1,
  columns: columnsOf({ id: 'int not null', value: 'int' }),
  key: ['id'],
}

const change = fc.record({
  kind: fc.constantFrom('replace' as const, 'insert' as const, 'remove' as const),
  id: fc.nat(4),
  value: fc.nat(9),
})

describe('RowSet', () => {
  it('leaves a table as the same changes one by one would', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('0', '1', '2'), fc.nat(9)), fc.array(change), (stored, changes) => {
        const twin = new Map(Object.entries(stored).map(([id, value]) => [Number(id), value]))
        const set = new RowSet(table)
        for (const { kind, id, value } of changes) {
          // insert is for keys that cannot stand in the table
          if (kind === 'insert' && twin.has(id)) continue
          if (kind === 'remove') set.remove(String(id), { id })
          else set[kind](String(id), { id, value })
          if (kind === 'remove') twin.delete(id)
          else twin.set(id, value)
        }
        const written = new Map(Object.entries(stored).map(([id, value]) => [Number(id), value]))
        for (const { id } of set.stale) written.delete(id as number)
        for (const { id, value } of set.rows()) {
          // COPY would refuse a key that stands already
          expect(written.has(id as number)).toBe(false)
          written.set(id as number, value as number)
        }
        expect([...written].sort()).toEqual([...twin].sort())
      }),
    )
  })
})

describe('arrayLiteral', () => {
  it('quotes what the array syntax would read otherwise', () => {
    const rows = ['a', 'b c', 'NULL', 'null', '', '"', '\\', '{}', 'x,y', 'é', '007'].map((key) => ({ key }))
    expect(arrayLiteral(rows, 'key')).toBe('{a,"b c","NULL","null","","\\"","\\\\","{}","x,y","é",007}')
  })

  it('refuses a key that is null', () => {
    expect(() => arrayLiteral([{ key: null }], 'key')).toThrow(/null/)
  })
})

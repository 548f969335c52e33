import { describe, expect, it } from 'vitest'
import type { DomainEvent } from '../../../events/catalogue.js'
import { encodeEvent } from '../../../events/encode.js'
import { checkForm, isBesideItsColumns } from '../../../src/audit/check-event.js'

const id = '0b1d7c1e-0000-8000-8000-000000000001'
const other = '0b1d7c1e-0000-8000-8000-000000000002'
const at = '2026-01-02T03:04:05.678Z'

/** A contact whose list says what looks like an event's own parts. */
const event = {
  id,
  type: 'ContactImported',
  v: 1,
  meta: { actor: 'import', correlationId: other, engine: '2', recordedAt: at },
  data: {
    tenant: 'a',
    batch: 'b',
    row: 1,
    contactId: other,
    personId: other,
    pid: '000000',
    isNew: true,
    foundBy: 'new',
  },
  pii: {
    contact: {
      first_name: 'Ann',
      custom: { id: other, recordedAt: '2020-01-01T00:00:00.000Z', type: '","type":"MatchDecided","v":1}' },
    },
    original: { first: 'Ann', id: other, meta: '{"actor":"x"' },
  },
} satisfies DomainEvent

const stored = { ...encodeEvent(event), stream: 'import-a.b', revision: 1 }

describe('an event of a signed tree beside its columns', () => {
  it('is known without being parsed', () => {
    expect(isBesideItsColumns(stored)).toBe(true)
    expect(checkForm(stored).fault).toBeUndefined()
  })

  it.each([
    ['id', { id: other }],
    ['type', { type: 'MatchDecided' as const }],
    ['a type that is not looked at closely', { type: 'RunStarted' as const }],
    ['recorded_at', { recordedAt: '2020-01-01T00:00:00.000Z' }],
  ])('is looked at closely, and found, when the column is another: %s', (_, column) => {
    expect(isBesideItsColumns({ ...stored, ...column })).toBe(false)
    expect(checkForm({ ...stored, ...column }).fault).toMatch(/its column/)
  })
})

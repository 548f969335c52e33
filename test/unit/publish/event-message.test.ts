import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DomainEvent } from '../../../events/catalogue.js'
import { encodeEvent } from '../../../events/encode.js'
import { eventMessage, spoken } from '../../../src/publish/event-message.js'

const id = '0b1d7c1e-0000-8000-8000-000000000001'
const other = '0b1d7c1e-0000-8000-8000-000000000002'

/** What a list may hold, what looks like an event's own parts among it. */
const text = fc.oneof(
  fc.string(),
  fc.constantFrom('"},"id":"x","meta":{', ',"type":"ContactImported","v":1}', '"recordedAt":"2026"}', '\\"', other),
)
const name = fc.oneof(fc.constantFrom('id', 'meta', 'type', 'v', 'recordedAt', 'pii'), fc.string())
const texts = fc.dictionary(name, text, { noNullPrototype: true })

const contactImported = (actor: string, custom: Record<string, string>, original: Record<string, string>) =>
  ({
    id,
    type: 'ContactImported',
    v: 1,
    meta: { actor, correlationId: other, engine: '2', recordedAt: '2026-01-02T03:04:05.678Z' },
    data: {
      ...{ tenant: 'a', batch: 'b', row: 1, contactId: other, personId: other, pid: '000000', isNew: true },
      foundBy: 'new',
    },
    pii: { contact: { first_name: 'Ann', custom }, original },
  }) satisfies DomainEvent

describe('eventMessage', () => {
  it('says of an event what is no PII, whatever its list and its user say', () => {
    fc.assert(
      fc.property(text, texts, texts, (user, custom, original) => {
        const isFine = [user, ...Object.entries(custom).flat(), ...Object.entries(original).flat()].every((one) =>
          one.isWellFormed(),
        )
        fc.pre(isFine)
        const event = contactImported(`user:${user}`, custom, original)
        const stored = { ...encodeEvent(event), position: 7, stream: 'import-a.b', revision: 1 }
        const { key, value, headers } = eventMessage(stored, spoken(stored), 1_000_000)
        const { pii: _, ...rest } = event
        expect(JSON.parse(value!)).toEqual(rest)
        expect(key).toBe(`a/${other}`)
        expect(headers).toMatchObject({ ce_id: id, ce_type: 'matchbook.ContactImported.v1', ce_position: '7' })
      }),
    )
  })
})

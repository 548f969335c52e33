import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchListByTiers, matchTiers } from '../../../src/match/match-tiers.js'
import { type PackedContacts, unpackContacts } from '../../../src/match/packed-contacts.js'
import type { PreparedContact } from '../../../src/match/prepared.js'
import { simpleRuleset } from '../../../src/match/ruleset.js'
import type { ScoredChunk } from '../../../src/match/scored-chunk.js'
import { contactPacker } from '../../../src/runs/pack-contacts.js'
import { plainIndex } from '../match/plain-index.js'

const packed = (contacts: readonly PreparedContact[]): PackedContacts => {
  const packer = contactPacker()
  for (const contact of contacts) packer.add(contact)
  return packer.pack()
}

const person = {
  first: fc.constantFrom('JOHN', 'JOSÉ', 'ANN', ''),
  middle: fc.constantFrom('', 'A'),
  last: fc.constantFrom('SMITH', 'PEÑA', ''),
  suffix: fc.constantFrom('', 'JR'),
  sex: fc.constantFrom('', 'M'),
  number: fc.constantFrom('1', ''),
  street: fc.constantFrom('MAIN ST', 'CAÑADA ST', ''),
  unit: fc.constantFrom('', '3', '4'),
  city: fc.constantFrom('MIAMI', ''),
  zip: fc.constantFrom('33101', ''),
  phone: fc.constantFrom('', '+13055550100'),
  email: fc.constantFrom('', 'josé@example.org'),
  birthDate: fc.constantFrom(0, 19700304, 19700000),
}
const voters = fc
  .array(fc.record(person), { maxLength: 12 })
  .map((all) => all.map((one, i) => ({ ...one, soundex: one.last.length, svid: `00${i}` })))
const contact = fc
  .record({
    ...person,
    svid: fc.constantFrom('', '001', 'é9'),
    nicknames: fc.constantFrom([], ['JACK'], ['JACK', 'PEPÉ']),
    extras: fc.constantFrom({ occupation: 'baker' }, { occupation: 'señor' }),
  })
  .map((one): PreparedContact => ({ ...one, soundex: one.last.length }))

const withoutLevels = ({ levels, width, ...rest }: ScoredChunk): object => rest

describe('packed contacts', () => {
  it('are read back as they were', () => {
    fc.assert(
      fc.property(fc.array(contact, { minLength: 1, maxLength: 40 }), (contacts) => {
        const list = packed(contacts)
        expect(list.count).toBe(contacts.length)
        expect(unpackContacts(list)).toEqual(contacts)
        expect(unpackContacts(list, 1)).toEqual(contacts.slice(1))
      }),
    )
  })

  it('of a list without a contact are none', () => {
    expect(unpackContacts(packed([]))).toEqual([])
  })

  it('are matched by tiers as persons of one contact each, but for levels, in parts of any size', () => {
    fc.assert(
      fc.property(
        voters,
        fc.array(contact, { maxLength: 12 }),
        fc.nat({ max: 12 }),
        fc.constantFrom(0.6, 0.75),
        (all, contacts, cut, threshold) => {
          const files = [plainIndex(all), plainIndex(all.slice(1), 'GA')]
          const list = packed(contacts)
          const bounds = [0, Math.min(cut, contacts.length), contacts.length]
          for (const [k, from] of bounds.slice(0, -1).entries()) {
            const to = bounds[k + 1]!
            const persons = contacts.slice(from, to).map((one) => ({ contacts: [one], states: [], excluded: [] }))
            const expected = matchTiers(persons, files, simpleRuleset, threshold)
            const found = matchListByTiers(list, from, to, files, simpleRuleset, threshold)
            expect(withoutLevels(found)).toEqual(withoutLevels(expected))
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})

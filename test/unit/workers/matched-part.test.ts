import fc from 'fast-check'
import { expect, it } from 'vitest'
import { canonicalJson } from '../../../events/canonical-json.js'
import { contactFields } from '../../../events/contact.js'
import { matchedPart, partOfParsed } from '../../../src/workers/matched-part.js'

/** Plain as a rule, so that whole contacts are. */
const value = fc.oneof(
  { weight: 20, arbitrary: fc.stringMatching(/^[A-Z0-9 ]*$/) },
  fc.string(),
  fc.constantFrom('{"id":"1"', ',"id":"1"', '}', '\\', '"state":"GA"', 'x,"state":"FL'),
)
const texts = fc.dictionary(fc.oneof(fc.constantFrom('id', 'state', 'custom'), fc.string()), value, {
  noNullPrototype: true,
})
const fields = fc.record(Object.fromEntries(contactFields.map((name) => [name, value])), {
  requiredKeys: [],
  noNullPrototype: true,
})
const contact = fc
  .tuple(fields, fc.option(texts, { nil: undefined, freq: 1 }), fc.option(texts, { nil: undefined, freq: 1 }))
  .map(([flat, extra, custom]) => ({ ...flat, ...(extra && { extra }), ...(custom && { custom }) }))
const place = { batch: fc.string(), contactId: fc.uuid(), row: fc.nat(), source: value }
const contribution = fc.oneof(fc.record({ ...place, contact }), fc.record({ ...place, same: fc.nat() }))

it('is by the text what it is parsed and written anew, whatever a list says', () => {
  fc.assert(
    fc.property(fc.array(contribution, { minLength: 1, maxLength: 2 }), (contributions) => {
      const text = canonicalJson(contributions)
      expect(matchedPart(text)).toEqual(partOfParsed(text))
    }),
    { numRuns: 1_000 },
  )
})

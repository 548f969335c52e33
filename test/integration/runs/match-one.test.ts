import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRegister } from '../../../src/evaluate/read-register.js'
import { decodeContact } from '../../../src/lists/decode-contact.js'
import { type Ruleset, simpleRuleset } from '../../../src/match/ruleset.js'
import { standardRuleset } from '../../../src/match/standard/standard-ruleset.js'
import { assumedWeights } from '../../../src/match/standard/weights.js'
import { type MatchedContact, matchOne } from '../../../src/runs/match-one.js'
import type { LoadedIndex } from '../../../src/voters/load-index.js'
import { temporaryFolder } from '../../servers/temporary-folder.js'

const voters = [
  'svid,first_name,middle_name,last_name,suffix,sex,birth_date,house_number,address1,address2,city,zip,phone,email,job',
  '01,Ann,Q,Lee,,F,1931-02-21,12,N Oak Street,Apt 4,Miami,33101,3055550101,ann@a.example,Baker',
  '02,Bob,,Ray,Jr,M,1950-00-00,,PO Box 7,,St. Petersburg,33701,,,Smith',
  '03,Cat,,Fox,,,,1,Elm St,,Miami,33101,,,',
]

const folder = temporaryFolder('one')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let indexes: readonly LoadedIndex[]
beforeAll(async () => {
  const file = path.join(folder, 'voters.csv')
  writeFileSync(file, voters.join('\n'))
  const map = { 'extra.job': 'job' }
  indexes = [await readRegister({ file, map, state: 'FL', signal: new AbortController().signal }, () => undefined)]
})

const standard = standardRuleset('with jobs', assumedWeights(['job']), 'nothing')
const ask = (contact: Parameters<typeof matchOne>[0], ruleset: Ruleset = standard): MatchedContact =>
  matchOne(contact, { ruleset, rulesetHash: 'hash', threshold: 0.75, voterFiles: [], indexes })

const bySide = ({ explanation }: MatchedContact, side: 'contact' | 'voter' | 'level') =>
  Object.fromEntries(explanation!.fields.map((field) => [field.field, field[side]]))

describe('the explanation of one contact', () => {
  it("shows the contact's values as given and the voter's as the index has them, further columns too", () => {
    const matched = ask({
      ...{ first_name: 'Ann', last_name: 'Lee', address1: '12 North Oak St', address2: '#4', zip: '33101' },
      ...{ birth_date: '1931-02-21', phone: '+13055550101', extra: { job: 'baker' } },
    })
    expect(matched).toMatchObject({ outcome: 'linked', state: 'FL', svid: '01', matchType: 'name_address' })
    expect(bySide(matched, 'contact')).toMatchObject({
      ...{ first_name: ['Ann'], birth_date: ['1931-02-21'], place: ['12 North Oak St #4 33101'], email: [] },
      'extra.job': ['baker'],
    })
    expect(bySide(matched, 'voter')).toEqual({
      ...{ first_name: 'ANN', middle_name: 'Q', last_name: 'LEE', suffix: '', sex: 'F', birth_date: '1931-02-21' },
      ...{ place: '12 N OAK ST 4 MIAMI 33101', phone: '+13055550101', email: 'ann@a.example', 'extra.job': 'BAKER' },
    })
    expect(bySide(matched, 'level')).toMatchObject({ first_name: 'equal', place: 'equal/zip', 'extra.job': 'equal' })
  })

  it('names the veto that holds, and shows a birth year alone', () => {
    const matched = ask({ first_name: 'Bob', last_name: 'Ray', suffix: 'SR', zip: '33701', birth_year: '1950' })
    expect(matched).toMatchObject({ outcome: 'review', reason: 'veto', explanation: { vetoes: ['suffix different'] } })
    expect(bySide(matched, 'voter')).toMatchObject({ birth_date: '1950', suffix: 'JR' })
    expect(bySide(matched, 'contact')).toMatchObject({ birth_date: ['1950'] })
  })

  it('has no weights under tiers, and none at all where nobody comes near', () => {
    const matched = ask({ first_name: 'Cat', last_name: 'Fox', address1: '1 Elm Street', zip: '33101' }, simpleRuleset)
    expect(matched).toMatchObject({
      outcome: 'linked',
      svid: '03',
      score: 0.95,
      explanation: { prior: null, vetoes: [] },
    })
    expect(new Set(matched.explanation!.fields.map(({ weight }) => weight))).toEqual(new Set([null]))
    expect(bySide(matched, 'level')).toMatchObject({ svid: 'missing', address: 'equal', city: 'missing' })
    expect(ask({}, simpleRuleset)).toMatchObject({ outcome: 'unmatched', reason: 'no_candidate', explanation: null })
  })

  it('looks in every file when none is of the state that the contact names', () => {
    expect(ask({ svid: '01', state: 'GA' })).toMatchObject({ outcome: 'linked', score: 1, matchType: 'exact' })
  })

  it('is made of numbers whatever the contact says, and the same when it is asked again', () => {
    const text = fc.oneof(
      fc.constantFrom('Ann', 'Lee', 'Ray', '12 N Oak St', '33101', '+13055550101', 'ann.lee@a.example', '01', 'FL'),
      fc.string({ unit: 'binary', maxLength: 12 }),
    )
    const fields = ['svid', 'first_name', 'last_name', 'suffix', 'address1', 'city', 'zip', 'phone', 'email', 'state']
    const given = fc.dictionary(fc.constantFrom(...fields, 'middle_name', 'extra.job'), text)
    const answerTo = (values: Readonly<Record<string, string>>, ruleset: Ruleset): MatchedContact | string => {
      const decoded = decodeContact(values, '2026-03-01')
      return decoded._tag === 'Left' ? decoded.left.code : ask(decoded.right, ruleset)
    }
    fc.assert(
      fc.property(given, given, fc.constantFrom<Ruleset>(standard, simpleRuleset), (one, other, ruleset) => {
        const answer = answerTo(one, ruleset)
        answerTo(other, ruleset)
        expect(answerTo(one, ruleset)).toEqual(answer)
        // what is no number is null in JSON
        expect(JSON.parse(JSON.stringify(answer))).toEqual(answer)
      }),
      { numRuns: 300 },
    )
  })
})

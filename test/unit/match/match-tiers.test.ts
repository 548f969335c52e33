import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchTiers } from '../../../src/match/match-tiers.js'
import type { PreparedContact, PreparedPerson } from '../../../src/match/prepared.js'
import { simpleRuleset } from '../../../src/match/ruleset.js'
import { proposalReasons, proposals, type ScoredChunk } from '../../../src/match/scored-chunk.js'
import { textOf, type VoterIndex } from '../../../src/match/voter-index.js'
import { rowOfSvid, voterVersion } from '../../../src/match/voter-version.js'
import { type PlainVoter, plainIndex } from './plain-index.js'

const soundexes: Readonly<Record<string, number>> = { SMITH: 1, SMYTH: 1, JONES: 2, '': 0 }

const shared = {
  first: fc.constantFrom('JOHN', 'ANN', ''),
  middle: fc.constantFrom('', 'A'),
  last: fc.constantFrom('SMITH', 'SMYTH', 'JONES', ''),
  suffix: fc.constantFrom('', 'JR'),
  sex: fc.constantFrom('', 'M'),
  number: fc.constantFrom('1', '2', ''),
  street: fc.constantFrom('MAIN ST', 'OAK AVE', ''),
  unit: fc.constantFrom('', '3', '4'),
  city: fc.constantFrom('MIAMI', 'TAMPA', ''),
  zip: fc.constantFrom('33101', '33102', ''),
  phone: fc.constantFrom('', '+13055550100'),
  email: fc.constantFrom('', 'a@example.org'),
  birthDate: fc.constantFrom(0, 19700304, 19700000),
}
const sounding = <T extends { last: string }>(one: T): T & { soundex: number } => ({
  ...one,
  soundex: soundexes[one.last]!,
})

const voters = fc
  .array(fc.record(shared), { maxLength: 12 })
  .map((all): PlainVoter[] => all.map((one, i) => ({ ...sounding(one), svid: `00${i}` })))
/** What tiers don't look at. */
const nothingMore = { nicknames: [], extras: {} } as const

const contact = fc
  .record({ ...shared, svid: fc.constantFrom('', '', '001', '999') })
  .map((one): PreparedContact => ({ ...sounding(one), ...nothingMore }))
const person = fc
  .record({ contacts: fc.array(contact, { minLength: 1, maxLength: 2 }) })
  .map(({ contacts }): PreparedPerson => ({ contacts, states: [], excluded: [] }))

/** Slow twin: every voter against every contact, tier by tier, as the rule reads. */
const twin = (
  { contacts }: PreparedPerson,
  all: readonly PlainVoter[],
  threshold: number,
): { outcome: string; reason: string; svids: readonly string[] } => {
  const given = (value: string | number): boolean => value !== '' && value !== 0
  const sameHome = (c: PreparedContact, v: PlainVoter): boolean =>
    given(c.street) &&
    given(c.zip) &&
    c.street === v.street &&
    c.number === v.number &&
    c.zip === v.zip &&
    (c.unit === '' || v.unit === '' || c.unit === v.unit)
  const sameName = (c: PreparedContact, v: PlainVoter): boolean =>
    given(c.first) && given(c.last) && c.first === v.first && c.last === v.last
  const born = (c: PreparedContact, v: PlainVoter): boolean =>
    given(c.birthDate) && c.birthDate % 100 !== 0 && c.birthDate === v.birthDate
  const sounds = (c: PreparedContact, v: PlainVoter): boolean => given(c.soundex) && c.soundex === v.soundex
  const tiers: readonly (readonly [number, (c: PreparedContact, v: PlainVoter) => boolean])[] = [
    [1, (c, v) => given(c.svid) && c.svid === v.svid],
    [0.95, (c, v) => sameName(c, v) && sameHome(c, v)],
    [0.7, (c, v) => sameName(c, v) && given(c.city) && c.city === v.city],
    [0.8, (c, v) => sounds(c, v) && born(c, v) && sameHome(c, v)],
    [0.65, (c, v) => sounds(c, v) && sameHome(c, v)],
    [0.65, (c, v) => sounds(c, v) && born(c, v)],
  ]
  const hits = tiers.map(([score, rule]) => ({ score, found: all.filter((v) => contacts.some((c) => rule(c, v))) }))
  const single = hits.find(({ found }) => found.length === 1)
  if (single !== undefined) {
    const linked = single.score >= threshold
    return {
      outcome: linked ? 'linked' : 'review',
      reason: linked ? 'match' : 'below_threshold',
      svids: single.found.map(({ svid }) => svid),
    }
  }
  const several = hits.find(({ found }) => found.length > 1)
  if (several === undefined) return { outcome: 'unmatched', reason: 'no_candidate', svids: [] }
  return { outcome: 'review', reason: 'ambiguous', svids: several.found.slice(0, 5).map(({ svid }) => svid) }
}

const read = (chunk: ScoredChunk, place: number, index: VoterIndex) => {
  const svids: string[] = []
  for (let at = chunk.starts[place]!; at < chunk.starts[place + 1]!; at++)
    svids.push(textOf(index.svids, chunk.row[at]! + 1))
  return { outcome: proposals[chunk.outcome[place]!], reason: proposalReasons[chunk.reason[place]!], svids }
}

describe('matching by tiers', () => {
  it('equals its slow twin', () => {
    fc.assert(
      fc.property(
        voters,
        fc.array(person, { maxLength: 4 }),
        fc.constantFrom(0.6, 0.75, 0.9, 1),
        (all, persons, threshold) => {
          const index = plainIndex(all)
          const chunk = matchTiers(persons, [index], simpleRuleset, threshold)
          persons.forEach((one, place) => {
            expect(read(chunk, place, index)).toEqual(twin(one, all, threshold))
          })
        },
      ),
      { numRuns: 500 },
    )
  })

  it('invariant 4: decides a person the same alone and in any company or order', () => {
    fc.assert(
      fc.property(voters, fc.array(person, { minLength: 1, maxLength: 5 }), (all, persons) => {
        const index = plainIndex(all)
        const together = matchTiers([...persons].reverse(), [index], simpleRuleset, 0.75)
        persons.forEach((one, i) => {
          const alone = matchTiers([one], [index], simpleRuleset, 0.75)
          expect(read(together, persons.length - 1 - i, index)).toEqual(read(alone, 0, index))
        })
      }),
    )
  })

  const voter = (svid: string, more: Partial<PlainVoter> = {}): PlainVoter => ({
    ...{
      svid,
      first: 'JOHN',
      middle: '',
      last: 'SMITH',
      suffix: '',
      sex: '',
      number: '1',
      street: 'MAIN ST',
      unit: '',
    },
    ...{ city: 'MIAMI', zip: '33101', phone: '', email: '', birthDate: 0, soundex: 1 },
    ...more,
  })
  const asks = (excluded: PreparedPerson['excluded']): PreparedPerson => ({
    contacts: [{ ...voter(''), ...nothingMore }],
    states: [],
    excluded,
  })

  it('leaves out a rejected pair, so that the other of two decides, until the voter changes', () => {
    const index = plainIndex([voter('1'), voter('2')])
    const version = voterVersion(index, rowOfSvid(index, '1'))
    const pair = { state: 'FL', svid: '1', voterVersion: version }
    const outcomeOf = (one: PreparedPerson, file: VoterIndex) =>
      read(matchTiers([one], [file], simpleRuleset, 0.75), 0, file)
    expect(outcomeOf(asks([]), index)).toMatchObject({ outcome: 'review', reason: 'ambiguous' })
    expect(outcomeOf(asks([pair]), index)).toMatchObject({ outcome: 'linked', svids: ['2'] })
    const changed = plainIndex([voter('1', { phone: '+13055550100' }), voter('2')])
    expect(outcomeOf(asks([pair]), changed)).toMatchObject({ reason: 'ambiguous' })
  })

  it('asks only the files of the states a person names, when there are any', () => {
    const files = [plainIndex([voter('1')], 'FL'), plainIndex([voter('2')], 'GA')]
    const outcomeOf = (states: readonly string[]) => {
      const chunk = matchTiers([{ ...asks([]), states }], files, simpleRuleset, 0.75)
      return [proposals[chunk.outcome[0]!], chunk.file[0]]
    }
    expect(outcomeOf(['GA'])).toEqual(['linked', 1])
    expect(outcomeOf(['FL'])).toEqual(['linked', 0])
    expect(outcomeOf(['NY'])[0]).toBe('review')
  })
})

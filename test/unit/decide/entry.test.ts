import { describe, expect, it } from 'vitest'
import type { DomainEvent } from '../../../events/catalogue.js'
import { derivedUuid } from '../../../events/ids.js'
import type { Decision } from '../../../events/matchbook.js'
import { type Entry, emptyEntry, evolve, standing } from '../../../src/decide/entry.js'

const tenant = 'acme'
const personId = derivedUuid('person', 1)
const version = 'a'.repeat(64)
const voterVersion = 'b'.repeat(64)
const at = (minute: number): string => `2026-03-01T10:${String(minute).padStart(2, '0')}:00.000Z`

let place = 0
const event = <T extends DomainEvent['type']>(type: T, data: object, actor = 'user:ann'): DomainEvent => {
  place++
  const meta = { actor, correlationId: personId, recordedAt: at(place), engine: '1' }
  return {
    id: derivedUuid(type, place),
    type,
    v: 1,
    meta,
    data: { tenant, personId, ...data },
  } as unknown as DomainEvent
}

const candidate = (svid: string, score: number) =>
  ({ state: 'FL', svid, matchType: 'name_address', score, levels: {} }) as const

const decided = (decision: Partial<Decision>): DomainEvent =>
  event(
    'MatchDecided',
    {
      runId: derivedUuid('run'),
      decision: { outcome: 'unmatched', reason: 'no_candidate', candidates: [], ...decision },
      threshold: 0.75,
      ruleset: version,
      voterFiles: [],
      inputVersion: version,
      decidedBy: 'system',
    },
    'system',
  )

const linked = (svid: string): DomainEvent =>
  decided({
    ...{ outcome: 'linked', reason: 'match', state: 'FL', svid, matchType: 'name_address', score: 0.95 },
    candidates: [candidate(svid, 0.95)],
  })

const said = (type: DomainEvent['type'], svid: string): DomainEvent =>
  event(type, { state: 'FL', svid, inputVersion: version, voterVersion })

const fold = (...events: readonly DomainEvent[]): Entry => events.reduce((e, one, i) => evolve(e, one, i), emptyEntry)

describe('an entry of the match book', () => {
  it('stands undecided until a decision comes', () => {
    expect(standing(emptyEntry)).toBeNull()
    expect(standing(fold(decided({})))).toMatchObject({ outcome: 'unmatched', reason: 'no_candidate' })
  })

  it('takes a machine link and gives it up when the machine decides otherwise', () => {
    expect(fold(linked('1')).link).toMatchObject({ svid: '1', score: 0.95, matchedBy: 'system' })
    expect(fold(linked('1'), decided({})).link).toBeNull()
  })

  it('keeps the time of a link that is decided again', () => {
    const first = linked('1')
    expect(fold(first, linked('1')).link?.matchedAt).toBe(first.meta.recordedAt)
  })

  it('invariant 3: a machine never changes a verdict', () => {
    const verified = fold(linked('1'), said('MatchVerified', '1'))
    for (const later of [decided({}), linked('2')]) {
      const entry = evolve(verified, later, 9)
      expect(entry.link).toMatchObject({ svid: '1', verifiedBy: 'user:ann' })
      expect(standing(entry)).toMatchObject({ outcome: 'linked', svid: '1' })
    }
  })

  it('keeps tier and score of a candidate that is verified, and says manual for any other voter', () => {
    expect(fold(linked('1'), said('MatchVerified', '1')).link).toMatchObject({ matchType: 'name_address', score: 0.95 })
    expect(fold(linked('1'), said('PersonLinked', '2')).link).toMatchObject({
      svid: '2',
      matchType: 'manual',
      score: 1,
    })
  })

  it('drops the link of a rejected pair and waits to be decided again', () => {
    const entry = fold(linked('1'), said('CandidateRejected', '1'))
    expect(entry).toMatchObject({ link: null, consideredVersion: null })
    expect(entry.rejected.map(({ svid }) => svid)).toEqual(['1'])
    expect(standing(entry)).toBeNull()
  })

  it('says who rejected or unlinked a pair, when and by which event', () => {
    const rejected = said('CandidateRejected', '1')
    const unlinked = said('PersonUnlinked', '2')
    expect(fold(rejected, unlinked).rejected).toMatchObject([
      { kind: 'rejected', svid: '1', by: 'user:ann', at: rejected.meta.recordedAt, position: 0 },
      { kind: 'unlinked', svid: '2', by: 'user:ann', at: unlinked.meta.recordedAt, position: 1 },
    ])
  })

  it('gives the human as the reason of what a human decided, the rules of what they did', () => {
    const unsure = decided({ outcome: 'review', reason: 'below_threshold', candidates: [candidate('1', 0.7)] })
    expect(standing(fold(unsure, said('MatchVerified', '1')))).toMatchObject({ outcome: 'linked', reason: 'verified' })
    expect(standing(fold(unsure, said('PersonLinked', '2')))).toMatchObject({ outcome: 'linked', reason: 'linked' })
    expect(standing(fold(linked('1')))).toMatchObject({ outcome: 'linked', reason: 'match' })
  })

  it('keeps a verdict when another voter is rejected', () => {
    const entry = fold(linked('1'), said('MatchVerified', '1'), said('CandidateRejected', '2'))
    expect(standing(entry)).toMatchObject({ outcome: 'linked', svid: '1' })
    expect(entry.consideredVersion).toBe(version)
  })

  it('undoes verdicts newest first, back to what humans had said before', () => {
    const verified = said('MatchVerified', '1')
    const rejected = said('CandidateRejected', '1')
    const both = fold(linked('1'), verified, rejected)
    const undo = (id: string): DomainEvent => event('VerdictUndone', { verdictId: id })
    const once = evolve(both, undo(rejected.id), 8)
    expect(standing(once)).toMatchObject({ outcome: 'linked', svid: '1' })
    expect(once.rejected).toEqual([])
    const twice = evolve(once, undo(verified.id), 9)
    expect(twice).toMatchObject({ verdict: null, link: null, consideredVersion: null, undo: [] })
  })

  it('reopens a verdict without overturning it', () => {
    const why = { why: 'voter_changed', state: 'FL', svid: '1', inputVersion: version, voterVersion: 'c'.repeat(64) }
    const entry = fold(linked('1'), said('MatchVerified', '1'), event('MatchReopened', why, 'system'))
    expect(standing(entry)).toMatchObject({ outcome: 'review', reason: 'reopened', svid: '1' })
    expect(entry.link).toMatchObject({ svid: '1' })
    expect(standing(evolve(entry, said('MatchVerified', '1'), 9))).toMatchObject({ outcome: 'linked' })
  })
})

import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { type Entry, emptyEntry } from '../../../src/decide/entry.js'
import { decideVerdict, type VerdictCommand, voterInQuestion } from '../../../src/decide/verdict.js'

const version = 'a'.repeat(64)
const voter = { state: 'FL', svid: '1', voterVersion: 'b'.repeat(64) }
const link = { state: 'FL', svid: '1', matchType: 'exact', score: 1, matchedAt: 't', matchedBy: 'import' } as const

const machine: Entry = {
  ...emptyEntry,
  link,
  consideredVersion: version,
  decided: {
    decision: { outcome: 'linked', reason: 'match', candidates: [], state: 'FL', svid: '1' },
    ...{ runId: 'r', ruleset: version, threshold: 0.75, voterFiles: [], inputVersion: version },
    ...{ by: 'import', at: 't', position: 1 },
  },
}
const human: Entry = {
  ...machine,
  verdict: { ...voter, id: 'v', kind: 'verified', inputVersion: version, by: 'user:ann', at: 't', position: 2 },
  undo: [{ verdictId: 'v', before: { verdict: null, link: null, rejected: [], reopened: null } }],
}

const types = (command: VerdictCommand, entry: Entry, holder: Entry | null) => {
  const result = decideVerdict(command, 'acme', 'p', entry, holder && { personId: 'q', pid: '4K7Q2M', entry: holder })
  return isRight(result) ? result.right.map(({ type }) => type) : result.left.code
}
const say = (kind: 'verify' | 'link' | 'reject' | 'unlink'): VerdictCommand => ({ kind, inputVersion: version, voter })

describe('a verdict', () => {
  it('on a free voter is one event', () => {
    expect(types(say('verify'), machine, null)).toEqual(['MatchVerified'])
    expect(types(say('link'), emptyEntry, null)).toEqual(['PersonLinked'])
    expect(types(say('reject'), machine, null)).toEqual(['CandidateRejected'])
    expect(types(say('unlink'), machine, null)).toEqual(['PersonUnlinked'])
  })

  it('said twice is said once', () => {
    expect(types(say('verify'), human, null)).toEqual([])
  })

  it('takes the voter from a machine, which gives it up first', () => {
    const result = decideVerdict(say('link'), 'acme', 'p', emptyEntry, { personId: 'q', pid: '4K7Q2M', entry: machine })
    expect(isRight(result) && result.right).toMatchObject([
      { type: 'MatchDecided', data: { personId: 'q', decision: { outcome: 'duplicate', duplicateOf: 'p' } } },
      { type: 'PersonLinked', data: { personId: 'p', svid: '1' } },
    ])
  })

  it('never takes the voter from a human', () => {
    expect(types(say('link'), emptyEntry, human)).toBe('VOTER_TAKEN')
    expect(types(say('verify'), emptyEntry, human)).toBe('VOTER_TAKEN')
  })

  it('cannot unlink what is not linked or undo what was not said', () => {
    expect(types(say('unlink'), emptyEntry, null)).toBe('NO_CANDIDATE')
    expect(types({ kind: 'undo' }, machine, null)).toBe('NOTHING_TO_UNDO')
  })

  it('is undone by naming it', () => {
    expect(types({ kind: 'undo' }, human, null)).toEqual(['VerdictUndone'])
  })

  it('comes back by an undo only when no human has given the voter away since', () => {
    const unlinked: Entry = {
      ...emptyEntry,
      undo: [{ verdictId: 'u', before: { verdict: human.verdict, link, rejected: [], reopened: null } }],
    }
    expect(types({ kind: 'undo' }, unlinked, human)).toBe('VOTER_TAKEN')
    expect(types({ kind: 'undo' }, unlinked, machine)).toEqual(['MatchDecided', 'VerdictUndone'])
  })

  it('speaks of the link, else of the best candidate', () => {
    const candidates = [{ state: 'FL', svid: '7', matchType: 'fuzzy', score: 0.6, levels: {} } as const]
    const decision = { outcome: 'unmatched', reason: 'below_floor', candidates: [...candidates] } as const
    const weak: Entry = {
      ...machine,
      link: null,
      decided: { ...machine.decided!, decision: { ...decision, candidates } as never },
    }
    expect(voterInQuestion(machine)).toEqual({ state: 'FL', svid: '1' })
    expect(voterInQuestion(weak)).toEqual({ state: 'FL', svid: '7' })
    expect(voterInQuestion(emptyEntry)).toBeNull()
    expect(isLeft(decideVerdict(say('unlink'), 'acme', 'p', weak, null))).toBe(true)
  })
})

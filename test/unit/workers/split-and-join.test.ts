import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { simpleRuleset } from '../../../src/match/ruleset.js'
import { emptyChunk, type ScoredChunk } from '../../../src/match/scored-chunk.js'
import { shippedStandard } from '../../../src/match/standard/standard-ruleset.js'
import { joinParts, type ScoredPart } from '../../../src/workers/join-parts.js'
import { mostAnswered, splitWork } from '../../../src/workers/split-work.js'
import { decodeAnswer, encodeAnswer, encodeFailure, failureOf } from '../../../src/workers/work-answer.js'
import { decodeJob, encodeJob, encodeRules } from '../../../src/workers/work-job.js'

const width = 3
const byte = fc.integer({ min: 0, max: 255 })

/** What matching found of one person: its candidates, best first. */
const person = fc.record({
  outcome: byte,
  reason: byte,
  found: fc.nat(),
  candidates: fc.array(
    fc.record({
      row: fc.nat(),
      tier: byte,
      score: fc.nat(10_000),
      levels: fc.array(byte, { minLength: width, maxLength: width }),
    }),
    { maxLength: 5 },
  ),
})
type Person = typeof person extends fc.Arbitrary<infer P> ? P : never

const chunkOf = (persons: readonly Person[], file: number): ScoredChunk => {
  const all = persons.flatMap(({ candidates }) => candidates)
  const starts = [0]
  for (const { candidates } of persons) starts.push(starts.at(-1)! + candidates.length)
  return {
    persons: persons.length,
    width,
    outcome: Uint8Array.from(persons.map(({ outcome }) => outcome)),
    reason: Uint8Array.from(persons.map(({ reason }) => reason)),
    found: Uint32Array.from(persons.map(({ found }) => found)),
    starts: Uint32Array.from(starts),
    file: new Uint8Array(all.length).fill(file),
    row: Uint32Array.from(all.map(({ row }) => row)),
    tier: Uint8Array.from(all.map(({ tier }) => tier)),
    score: Uint16Array.from(all.map(({ score }) => score)),
    levels: Uint8Array.from(all.flatMap(({ levels }) => levels)),
  }
}

describe('an answer', () => {
  it('comes back as it was, wherever its bytes lie', () => {
    fc.assert(
      fc.property(fc.array(person), fc.nat(5), fc.nat(7), (persons, file, shift) => {
        const bytes = encodeAnswer(chunkOf(persons, 0))
        const moved = Buffer.concat([Buffer.alloc(shift), bytes]).subarray(shift)
        expect(decodeAnswer(moved, file)).toEqual(chunkOf(persons, file))
      }),
    )
  })

  it('that is cut is refused', () => {
    fc.assert(
      fc.property(fc.array(person), fc.nat(200), (persons, cut) => {
        const bytes = encodeAnswer(chunkOf(persons, 0))
        expect(() => decodeAnswer(bytes.subarray(0, Math.max(0, bytes.length - 1 - cut)), 0)).toThrow()
      }),
    )
  })

  it('can be a failure, expected or not', () => {
    const expected = { tag: 'AppError', code: 'BAD_FILE', message: 'damaged', details: { file: '/a' } }
    expect(failureOf(encodeFailure(expected))).toEqual({ ...expected, details: {} })
    expect(String(failureOf(encodeFailure(new TypeError('not a function'))))).toContain('not a function')
  })
})

describe('parts of a chunk', () => {
  it('are put together in the order of the persons', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(person, fc.nat(3))), (persons) => {
        const parts = [0, 1, 2, 3].flatMap((file): ScoredPart[] => {
          const places = persons.flatMap(([, of], place) => (of === file ? [place] : []))
          return places.length === 0
            ? []
            : [
                {
                  places,
                  chunk: chunkOf(
                    places.map((place) => persons[place]![0]),
                    file,
                  ),
                },
              ]
        })
        const joined = joinParts(persons.length, parts)
        const whole = chunkOf(
          persons.map(([one]) => one),
          0,
        )
        const files = persons.flatMap(([{ candidates }, file]) => candidates.map(() => file))
        expect(joined).toEqual({ ...whole, width: parts.length === 0 ? 0 : width, file: Uint8Array.from(files) })
      }),
    )
  })
})

const files = [{ state: 'FL' }, { state: 'GA' }]
const many = 1_000
const raw = (contacts: readonly object[]) => ({ contacts: JSON.stringify(contacts), excluded: [] })
const rules = { state: 'FL', voterFile: 'ab', threshold: 0.75, rulesetHash: 'cd', ruleset: { name: 'r' } }

describe('the work of a chunk', () => {
  it('goes to the state that a person names, and stays here for who names none or several', () => {
    const persons = [
      raw([{ contact: { last_name: 'A', state: 'GA' } }]),
      raw([{ contact: { last_name: 'B' } }]),
      raw([{ contact: { last_name: 'C', state: 'TX' } }]),
      raw([{ contact: { last_name: 'D', state: 'FL' } }, { contact: { last_name: 'D', state: 'GA' } }]),
      raw([{ contact: { last_name: 'E', state: 'FL' } }, { same: 0 }]),
    ]
    const { parts, here } = splitWork(persons, files, many)
    expect(parts.map(({ file, places }) => [file, places])).toEqual([
      [1, [0]],
      [0, [4]],
    ])
    expect(here).toEqual([1, 2, 3])
    expect(splitWork(persons, [{ state: 'FL' }], many)).toMatchObject({
      parts: [{ places: [0, 1, 2, 3, 4] }],
      here: [],
    })
  })

  it('carries what is compared and nothing else', () => {
    const contact = { last_name: 'Ñandú\n"\t', extra: { party: 'X' } }
    const kept = {
      contactId: '1',
      row: 1,
      source: 'a list',
      contact: { ...contact, id: '77', custom: { notes: 'owes' } },
    }
    const pair = { state: 'FL', svid: '1', voterVersion: 'v' }
    const rejected = { ...pair, verdictId: 'x', by: 'user:ann', at: 'then', kind: 'rejected' }
    const { parts } = splitWork(
      [{ contacts: JSON.stringify([kept]), excluded: [rejected] }, raw([kept])],
      files.slice(0, 1),
      many,
    )
    const value = encodeJob(encodeRules(rules), parts[0]!.lines)
    expect(value.toString()).not.toMatch(/owes|77|a list|ann/)
    expect(decodeJob(value)).toEqual({
      rules,
      persons: [
        { contacts: JSON.stringify([{ contact }]), excluded: [pair] },
        { contacts: JSON.stringify([{ contact }]), excluded: [] },
      ],
    })
  })

  it('is cut to messages below a megabyte; who is larger than one stays here', () => {
    const sized = (kib: number) => raw([{ contact: { last_name: 'x'.repeat(kib * 1024) } }])
    const { parts, here } = splitWork(
      [sized(300), sized(300), sized(300), sized(900), sized(1)],
      files.slice(0, 1),
      many,
    )
    expect(here).toEqual([3])
    expect(parts.map(({ places }) => places)).toEqual([
      [0, 1],
      [2, 4],
    ])
    for (const { lines } of parts) expect(encodeJob('', lines).length).toBeLessThan(2 ** 20 * 0.8)
  })

  it('is cut to what can be answered in a message: fewer persons when a ruleset lists many candidates', () => {
    const persons = Array.from({ length: 5 }, () => raw([{ contact: { last_name: 'A' } }]))
    expect(splitWork(persons, files.slice(0, 1), 2).parts.map(({ places }) => places)).toEqual([[0, 1], [2, 3], [4]])
    expect(mostAnswered(simpleRuleset)).toBeGreaterThan(1_000)
    expect(mostAnswered(shippedStandard)).toBeGreaterThan(1_000)
    const listed = 100
    const most = mostAnswered({ ...shippedStandard, listed })
    expect(encodeAnswer(emptyChunk(most, listed, 30)).length).toBeLessThan(2 ** 20)
  })

  it('that is malformed names what is wrong', () => {
    const faults = (text: string): unknown => {
      try {
        return decodeJob(Buffer.from(text))
      } catch (error) {
        return error
      }
    }
    expect(faults('no JSON')).toMatchObject({ code: 'BAD_VALUE' })
    expect(faults(JSON.stringify({ ...rules, threshold: 'high' }))).toMatchObject({
      code: 'BAD_VALUE',
      message: expect.stringContaining('threshold'),
    })
  })
})

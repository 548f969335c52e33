import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Engine } from '../../../src/evaluate/engine.js'
import { type EvaluateRequest, evaluate } from '../../../src/evaluate/evaluate.js'
import { runEngine } from '../../../src/evaluate/run-engine.js'
import { unpackContacts } from '../../../src/match/packed-contacts.js'
import type { PreparedContact } from '../../../src/match/prepared.js'
import { simpleRuleset } from '../../../src/match/ruleset.js'
import type { ListedCandidates, ScoredContacts } from '../../../src/match/scored-contacts.js'
import { shippedStandard } from '../../../src/match/standard/standard-ruleset.js'
import { rowOfSvid } from '../../../src/match/voter-version.js'

const folder = mkdtempSync(join(tmpdir(), 'matchbook-evaluating-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

// the register is read into a temporary folder: here it can be looked for
const temporary = mkdtempSync(join(folder, 'tmp-'))
beforeEach(() => {
  vi.stubEnv('TMPDIR', temporary)
  return () => vi.unstubAllEnvs()
})

const write = (name: string, lines: readonly string[]): string => {
  const file = join(folder, name)
  writeFileSync(file, `${lines.join('\n')}\n`)
  return file
}

const voters = write('voters.csv', [
  'id,first_name,last_name,birth_date,address1,city,zip',
  'V1,ANN,LEE,1931-02-21,1 MAIN ST,MIAMI,33101',
  'V2,BOB,RAY,1950-05-05,2 MAIN ST,MIAMI,33101',
  'V3,CAT,FOX,1630-08-01,3 MAIN ST,MIAMI,33101',
  'V4,CAT,FOX,1960-06-06,3 MAIN ST,MIAMI,33101',
])
const contacts = write('contacts.csv', [
  'id,first_name,last_name,birth_date,address1,city,zip',
  'C1,Ann,Lee,19310231,1 Main St,Miami,33101',
  'C2,Bob,Ray,spring,2 Main St,Miami,??',
  'C3,Bob,Ray,,2 Main Street,Miami,33101',
  'C4,,,1630-08-01,,,',
  'C5,Cat,Fox,,3 Main St,Miami,33101',
])
const truth = write('truth.csv', ['contact,voter', 'C1,V1', 'C2,V2', 'C3,V9', 'C4,V3'])

const requestOf = (more: Partial<EvaluateRequest> = {}): EvaluateRequest => ({
  ...{ voters, contacts, truth, state: 'FL', ruleset: simpleRuleset, threshold: 0.75 },
  ...{ voterKeeps: 'every contact', threads: 1, signal: new AbortController().signal },
  note: () => undefined,
  watch: (_, work) => work(() => undefined),
  ...more,
})

/** Candidates of contacts that have one at most. */
const theBestOf = (best: Int32Array, score: Float64Array): ListedCandidates => {
  const having = [...best.keys()].filter((i) => best[i]! >= 0)
  return {
    starts: Uint32Array.from([0, ...best.keys()], (_, i) => having.filter((one) => one < i).length),
    row: Uint32Array.from(having, (i) => best[i]!),
    score: Float64Array.from(having, (i) => score[i]!),
    matchType: new Uint8Array(having.length).fill(3),
    isVetoed: new Uint8Array(having.length),
  }
}

/** An engine that knows what it will say: SVID and score of each contact's best voter; it links from 0.5 on. */
const engineSaying = (
  said: readonly (readonly [svid: string, score: number])[],
  hear: (contacts: readonly PreparedContact[]) => void = () => undefined,
): Engine => ({
  train: async () => ({ ruleset: shippedStandard, notes: [] }),
  begin: () => undefined,
  match: async ({ index }, packed, _, { voterKeeps, onProgress }): Promise<ScoredContacts> => {
    hear(unpackContacts(packed))
    onProgress(packed.count, packed.count)
    const best = Int32Array.from(said, ([svid]) => rowOfSvid(index, svid))
    const score = Float64Array.from(said, ([, one]) => one)
    return {
      ...{ best, score },
      ...(voterKeeps === 'one contact' ? { candidates: theBestOf(best, score) } : {}),
      outcome: Uint8Array.from(said, ([, score]) => (score >= 0.5 ? 0 : 2)),
      reason: Uint8Array.from(said, ([, score]) => (score >= 0.5 ? 0 : 5)),
      matchType: Uint8Array.from(said, () => 3),
      pairs: 12,
    }
  },
})

const said = engineSaying([
  ['V1', 0.9],
  ['V2', 0.6],
  ['V2', 0.8],
  ['', 0],
  ['V4', 0.2],
])

describe('an evaluation', () => {
  it('counts links, truth and what was set aside', async () => {
    const evaluation = await evaluate(said, requestOf())
    expect(evaluation).toMatchObject({ contacts: 5, voters: 4, truePairs: 3, pairsCompared: 12, rejectedVoters: 0 })
    expect(evaluation.setAside).toEqual({ birth_date: 1, zip: 1 })
    expect(evaluation.outcome).toMatchObject({ linked: 3, correct: 2, duplicate: 0, review: 0, unmatched: 2 })
    expect(evaluation.thresholds[0]).toMatchObject({ threshold: 0.5, linked: 3, correct: 2, precision: 2 / 3 })
    expect(evaluation.best).toEqual({ threshold: 0.6, f1: 2 / 3 })
    expect(evaluation).toMatchObject({ ruleset: 'simple', trainSeconds: 0, oneToOne: false })
  })

  it('gives the engine every contact, with the digits of dates that are none', async () => {
    let heard: readonly PreparedContact[] = []
    const engine = engineSaying(
      Array.from({ length: 5 }, () => ['', 0] as const),
      (prepared) => {
        heard = prepared
      },
    )
    await evaluate(engine, requestOf())
    expect(heard.map(({ birthDate }) => birthDate)).toEqual([19310231, 0, 0, 16300801, 0])
    expect(heard[1]).toMatchObject({ first: 'BOB', zip: '' })
  })

  it('one to one leaves a voter to the contact with the highest score', async () => {
    const out = join(folder, 'made', 'out.csv')
    const { outcome, calibration } = await evaluate(said, requestOf({ voterKeeps: 'one contact', out }))
    expect(outcome).toMatchObject({ linked: 2, correct: 1, duplicate: 1, unmatched: 2 })
    expect(calibration.bins.reduce((sum, { n }) => sum + n, 0)).toBe(4)
    expect(readFileSync(out, 'utf8').trim().split('\n')).toEqual([
      'contact,outcome,reason,svid,match_type,score',
      'C1,linked,match,V1,fuzzy,0.9',
      'C2,duplicate,voter_taken,V2,fuzzy,0.6',
      'C3,linked,match,V2,fuzzy,0.8',
      'C4,unmatched,below_floor,,,',
      'C5,unmatched,below_floor,V4,fuzzy,0.2',
    ])
  })

  it('learns first when told to', async () => {
    expect(await evaluate(said, requestOf({ ruleset: 'to_learn' }))).toMatchObject({ ruleset: 'standard' })
  })

  it('measures by kind of error and draws a chart', async () => {
    const errors = write('errors.csv', ['contact,kind', 'C1,typo', 'C3,not_in_file', 'C3,typo'])
    const chart = join(folder, 'chart.svg')
    const { kinds } = await evaluate(said, requestOf({ errors, chart }))
    expect(kinds?.map(({ kind, contacts: n, correct }) => [kind, n, correct])).toEqual([
      ['none', 3, 1],
      ['typo', 2, 1],
      ['not_in_file', 1, 0],
    ])
    expect(readFileSync(chart, 'utf8')).toMatch(/^<svg .*<circle .*<\/svg>\n$/s)
  })

  it('leaves nothing behind, also when it fails or is interrupted', async () => {
    await evaluate(said, requestOf())
    await expect(evaluate(said, requestOf({ contacts: join(folder, 'none.csv') }))).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    })
    const stop = new AbortController()
    const watch: EvaluateRequest['watch'] = (task, work) => {
      if (task === 'matching') stop.abort()
      return work(() => undefined)
    }
    const cut = evaluate(said, requestOf({ signal: stop.signal, watch, out: join(folder, 'cut.csv') }))
    await expect(cut).rejects.toMatchObject({ code: 'INTERRUPTED' })
    expect(existsSync(join(folder, 'cut.csv'))).toBe(false)
    expect(readdirSync(temporary)).toEqual([])
  })
})

describe('labels that fit neither list', () => {
  const twice = ['id,first_name', 'C1,Ann', 'C1,Bob']
  it.each<readonly [string, 'truth' | 'contacts' | 'errors', readonly string[], object, RegExp]>([
    [
      'an unknown contact',
      'truth',
      ['contact,voter', 'C1,V1', 'X,V2'],
      { row: 2 },
      /row 2: the list has no contact "X"/,
    ],
    ['a contact twice', 'truth', ['contact,voter', 'C1,V1', 'C1,V2'], { row: 2 }, /row 1 has contact "C1" too/],
    ['another column', 'truth', ['contact,who', 'C1,V1'], { field: 'svid' }, /no column "voter" for svid/],
    ['an unknown contact with an error', 'errors', ['contact,kind', 'X,typo'], { row: 1 }, /no contact "X"/],
    ['an error without a kind', 'errors', ['contact,kind', 'C1,'], { row: 1 }, /row 1: there is no kind/],
    ['a list with an id twice', 'contacts', twice, { row: 2, field: 'id' }, /row 2: row 1 has the id "C1" too/],
    ['a list with no id', 'contacts', ['first_name', 'Ann'], { field: 'id' }, /no column that is known for id/],
    ['a contact without id', 'contacts', ['id,first_name', ',Ann'], { row: 1 }, /row 1: the contact has no id/],
    ['a row too long', 'contacts', ['id,first_name', 'C1,Ann,x'], { row: 1 }, /row 1: The row has 3 cells/],
  ])('are refused: %s', async (_, which, lines, details, message) => {
    const file = write(`bad-${which}.csv`, lines)
    await expect(evaluate(said, requestOf({ [which]: file }))).rejects.toMatchObject({
      message: expect.stringMatching(message),
      details: { file, ...details },
    })
  })
})

describe('the engine of a run', () => {
  it('matches by tiers: no threshold links what is ambiguous', async () => {
    const { thresholds, outcome } = await evaluate(runEngine, requestOf())
    expect(outcome).toMatchObject({ linked: 2, correct: 1, review: 2, unmatched: 1 })
    expect(thresholds.find(({ threshold }) => threshold === 0.75)).toMatchObject({ linked: 2, correct: 1 })
    const out = join(folder, 'tiers.csv')
    await evaluate(runEngine, requestOf({ out }))
    expect(readFileSync(out, 'utf8')).toContain('C5,review,ambiguous,V3,name_address,0.475')
  })

  it('matches by tiers: one to one the earlier of two that a tier links keeps the voter, with its score', async () => {
    const out = join(folder, 'tiers-one.csv')
    const { outcome } = await evaluate(runEngine, requestOf({ voterKeeps: 'one contact', threshold: 0.5, out }))
    expect(outcome).toMatchObject({ linked: 2, duplicate: 1 })
    const ends = readFileSync(out, 'utf8').split('\n')
    expect(ends.filter((line) => line.includes('V2'))).toEqual([
      'C2,duplicate,voter_taken,V2,name_city,0.7',
      'C3,linked,match,V2,name_address,0.95',
    ])
  })

  it('counts the pairs of all chunks, several of which are under way at once', async () => {
    const lines = Array.from({ length: 3_500 }, (_, i) => `C${i},Ann,Lee,Miami`)
    const request = requestOf({
      contacts: write('alike.csv', ['id,first_name,last_name,city', ...lines]),
      truth: write('alike-truth.csv', ['contact,voter', 'C1,V1']),
    })
    expect((await evaluate(runEngine, request)).pairsCompared).toBe(3_500)
  })

  it.each([
    ['matching', simpleRuleset],
    ['learning', 'to_learn'],
  ] as const)('is interrupted between chunks while %s', async (stretch, ruleset) => {
    const stop = new AbortController()
    const watch: EvaluateRequest['watch'] = (task, work) => {
      if (task === stretch) setImmediate(() => stop.abort())
      return work(() => undefined)
    }
    const many = ['id,first_name,last_name', ...Array.from({ length: 9_000 }, (_, i) => `C${i},Ann,Lee`)]
    const request = requestOf({
      ...{ contacts: write('many.csv', many), truth: write('one.csv', ['contact,voter', 'C1,V1']) },
      // on one thread: on more, all chunks would be under way before the signal is let in
      ...{ signal: stop.signal, watch, ruleset, threads: 1 },
    })
    const message = `interrupted while ${stretch}`
    await expect(evaluate(runEngine, request)).rejects.toMatchObject({ code: 'INTERRUPTED', message })
  })

  it('keeps the weights of standard when there is too little to learn from, and says so', async () => {
    const notes: string[] = []
    const request = requestOf({ ruleset: 'to_learn', note: (text) => notes.push(text) })
    const { ruleset, trainNotes, outcome } = await evaluate(runEngine, request)
    const untrained = await evaluate(runEngine, requestOf({ ruleset: shippedStandard }))
    expect(ruleset).toBe('standard')
    expect(outcome).toEqual(untrained.outcome)
    expect(trainNotes).toEqual([
      expect.stringMatching(/^learning refused, standard keeps its weights: too few pairs .*: \d/),
    ])
    expect(notes).toEqual(expect.arrayContaining([...trainNotes!]))
    expect(untrained).not.toHaveProperty('trainNotes')
  })
})

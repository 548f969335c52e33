import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { orThrow } from '../../../src/errors.js'
import { type EvaluateRequest, evaluate } from '../../../src/evaluate/evaluate.js'
import { runEngine } from '../../../src/evaluate/run-engine.js'
import { importList } from '../../../src/lists/import-list.js'
import { openList } from '../../../src/lists/open-list.js'
import { shippedStandard } from '../../../src/match/standard/standard-ruleset.js'
import { rulesInForce } from '../../../src/rules/rules-in-force.js'
import { runMatch } from '../../../src/runs/run-match.js'
import { openIndex } from '../../../src/voters/open-index.js'
import { publishVoterFile } from '../../../src/voters/publish-voter-file.js'
import { recordPublication } from '../../../src/voters/record-publication.js'
import { temporaryFolder } from '../../servers/temporary-folder.js'
import { type TestWorkplace, workplaceForTests } from '../../servers/workplace.js'

const folder = temporaryFolder('blank')
const write = (name: string, lines: readonly string[]): string => {
  const file = path.join(folder, name)
  writeFileSync(file, `${lines.join('\n')}\n`)
  return file
}

const header = 'id,first_name,last_name,birth_date,address1,city,zip,phone,email'
const voters = write('voters.csv', [
  header,
  'V1,ANN,LEE,1931-02-21,1 MAIN ST,MIAMI,33101,3055550101,ann@a.example',
  'V2,BOB,RAY,1950-05-05,2 MAIN ST,MIAMI,33101,3055550102,bob@a.example',
  'V3,,,,,,,,',
])
const blanks = [' , , , , , , , ', ',n/a,-,,,,,', ',,,01/01/1900,,,00000,,']
const contacts = write('blanks.csv', [header, ...Array.from({ length: 40 }, (_, i) => `C${i},${blanks[i % 3]!}`)])

let place: TestWorkplace
beforeAll(async () => {
  place = await workplaceForTests()
})
afterAll(async () => {
  await place.drop()
  rmSync(folder, { recursive: true, force: true })
})

describe('a list of nothing but blanks', () => {
  it('is rejected row by row, and leaves nobody to decide', async () => {
    const dataDir = path.join(folder, 'data')
    const request = { dataDir, files: [voters], state: 'FL', format: 'table', mapping: { svid: 'id' } } as const
    await recordPublication(place, await orThrow(publishVoterFile(request)))
    const imported = await importList(place, await orThrow(openList({ file: contacts })), {})
    expect(imported).toMatchObject({ rows: 40, imported: 0, rejected: 40, newPersons: 0 })
    const rules = await rulesInForce(place, (ref) => openIndex(dataDir, ref, () => undefined))
    expect(await runMatch(place, rules, { kind: 'match' })).toMatchObject({ run: null, persons: 0, recorded: 0 })
    expect(await runMatch(place, rules, { kind: 'match_all' })).toMatchObject({ run: null, persons: 0 })
  })

  const out = path.join(folder, 'out.csv')
  const request: EvaluateRequest = {
    ...{ voters, contacts, truth: write('truth.csv', ['contact,voter', 'C0,V1']), state: 'FL', threshold: 0.75, out },
    ...{ ruleset: shippedStandard, voterKeeps: 'every contact', threads: 1, signal: new AbortController().signal },
    note: () => undefined,
    watch: (_, work) => work(() => undefined),
  }
  const hasNumbers = (value: unknown): boolean => {
    if (typeof value === 'object' && value !== null) return Object.values(value).every(hasNumbers)
    return typeof value !== 'number' || Number.isFinite(value)
  }

  it.each(['standard', 'weights learnt on it'])(
    'is unmatched by evaluate under %s, every figure a number',
    async (by) => {
      const ruleset = by === 'standard' ? shippedStandard : 'to_learn'
      for (const voterKeeps of ['every contact', 'one contact'] as const) {
        const evaluation = await evaluate(runEngine, { ...request, ruleset, voterKeeps })
        expect(evaluation.outcome).toMatchObject({ linked: 0, review: 0, unmatched: 40 })
        expect([evaluation, hasNumbers(evaluation)]).toEqual([evaluation, true])
        const lines = readFileSync(out, 'utf8').trim().split('\n').slice(1)
        expect(lines).toHaveLength(40)
        for (const line of lines) expect(line).toMatch(/^C\d+,unmatched,no_candidate,,,$/)
      }
    },
  )

  it.each([1, 2, 40])('of %i contacts teaches nothing, which is said', async (count) => {
    const few = write(
      'few.csv',
      readFileSync(contacts, 'utf8')
        .trim()
        .split('\n')
        .slice(0, count + 1),
    )
    const evaluation = await evaluate(runEngine, { ...request, contacts: few, ruleset: 'to_learn' })
    expect(evaluation.ruleset).toBe('standard')
    expect(evaluation.trainNotes?.join(' ')).toContain('too few pairs to learn from')
  })
})

describe('a list of one contact', () => {
  it('gives weights, though it has more candidates than contacts', async () => {
    const many = Array.from({ length: 60 }, (_, i) => `V${i},ANN${i},LEE,,1 MAIN ST,MIAMI,33101,,`)
    const evaluation = await evaluate(runEngine, {
      ...{
        voters: write('many.csv', [header, ...many]),
        contacts: write('one.csv', [header, 'C0,Ann,Lee,,1 Main St,Miami,33101,,']),
      },
      ...{ truth: write('one-truth.csv', ['contact,voter', 'C0,V1']), state: 'FL', threshold: 0.75 },
      ...{ ruleset: 'to_learn', voterKeeps: 'every contact', threads: 1, signal: new AbortController().signal },
      note: () => undefined,
      watch: (_, work) => work(() => undefined),
    })
    expect(evaluation.contacts).toBe(1)
  })
})

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as t from 'io-ts'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Cli, createCli, finish } from './run-cli.js'

const Links = t.type({ linked: t.number, correct: t.number, precision: t.number, recall: t.number, f1: t.number })
const Bin = t.type({
  from: t.number,
  to: t.number,
  n: t.number,
  meanScore: t.number,
  observed: t.number,
})
const counts = ['contacts', 'voters', 'truePairs', 'pairsCompared', 'peakRssMiB', 'contactsPerSecond'] as const
const seconds = ['trainSeconds', 'indexSeconds', 'matchSeconds'] as const
const numbers = Object.fromEntries([...counts, ...seconds].map((name) => [name, t.number])) as Record<
  (typeof counts)[number] | (typeof seconds)[number],
  t.NumberC
>
const Learnt = t.partial({ trainNotes: t.array(t.string) })
const Measured = t.type({
  ...numbers,
  thresholds: t.array(t.intersection([Links, t.type({ threshold: t.number })])),
  best: t.type({ threshold: t.number, f1: t.number }),
  outcome: t.intersection([Links, t.type({ review: t.number, unmatched: t.number, duplicate: t.number })]),
  calibration: t.type({ ece: t.number, bins: t.array(Bin) }),
})
const Evaluation = t.intersection([Measured, Learnt])
type Evaluation = t.TypeOf<typeof Evaluation>

let cli: Cli
let made: readonly string[]
const input = (name: string): string => join(cli.dataDir, 'in', name)

beforeAll(async () => {
  cli = await createCli()
  await cli.json('generate', '--voters', '3000', '--contacts', '600', '--seed', '5', '--out', join(cli.dataDir, 'in'))
  made = ['--voters', input('voters.csv'), '--contacts', input('contacts.csv'), '--truth', input('truth.csv')]
})
afterAll(() => cli.drop())

const evaluated = async (...more: readonly string[]): Promise<Evaluation> => {
  const answer = Evaluation.decode(await cli.json('evaluate', ...made, ...more))
  if (answer._tag === 'Left') throw new Error(answer.left.map(({ context }) => context.at(-1)?.key).join(', '))
  return answer.right
}

const cellsOf = async (file: string): Promise<readonly (readonly string[])[]> =>
  (await readFile(file, 'utf8'))
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))

describe('matchbook evaluate', () => {
  it.each(['simple', 'standard'])('says what its own list of outcomes says, with ruleset %s', async (ruleset) => {
    const out = join(cli.dataDir, `${ruleset}.csv`)
    const evaluation = await evaluated('--ruleset', ruleset, '--out', out)
    const truth = new Map((await cellsOf(input('truth.csv'))).map(([contact, voter]) => [contact, voter]))
    const ends = (await cellsOf(out)).map(([contact, outcome, , svid, , score]) => ({
      outcome,
      isReached: svid !== '',
      isRight: svid !== '' && truth.get(contact) === svid,
      score: Number(score),
    }))
    expect(ends).toHaveLength(600)
    expect(evaluation).toMatchObject({ contacts: 600, voters: 3000, truePairs: truth.size, trainSeconds: 0 })
    const expectLinks = (links: t.TypeOf<typeof Links>, kept: typeof ends): void => {
      const correct = kept.filter(({ isRight }) => isRight).length
      expect(links).toMatchObject({ linked: kept.length, correct, recall: correct / truth.size })
      expect(links.f1).toBeCloseTo((2 * correct) / (kept.length + truth.size), 12)
    }
    for (const { threshold, ...links } of evaluation.thresholds) {
      expectLinks(
        links,
        ends.filter(({ isReached, score }) => isReached && score >= threshold),
      )
    }
    expectLinks(
      evaluation.outcome,
      ends.filter(({ outcome }) => outcome === 'linked'),
    )
    const { review, unmatched } = evaluation.outcome
    expect(ends.filter(({ outcome }) => outcome === 'review')).toHaveLength(review)
    expect(ends.filter(({ outcome }) => outcome === 'unmatched')).toHaveLength(unmatched)
    const reached = ends.filter(({ isReached }) => isReached).length
    expect(evaluation.calibration.bins.reduce((sum, { n }) => sum + n, 0)).toBe(reached)
  })

  it('learns from the two files, and gives no voter to two contacts when told so', async () => {
    const out = join(cli.dataDir, 'learnt.csv')
    const { outcome, trainSeconds, trainNotes } = await evaluated('--train', '--one-to-one', '--out', out)
    const linked = (await cellsOf(out)).filter(([, how]) => how === 'linked').map((cells) => cells[3])
    expect(new Set(linked).size).toBe(linked.length)
    expect(linked).toHaveLength(outcome.linked)
    expect(outcome.f1).toBeGreaterThan(0.9)
    expect(trainSeconds).toBeGreaterThan(0)
    for (const note of trainNotes ?? []) expect(note).toMatch(/^weights that ran backwards were made equal: \w+/)
  })

  it('one to one moves a contact to its second voter where another has the first', async () => {
    const folder = join(cli.dataDir, 'namesakes')
    await mkdir(folder)
    const others = Array.from(
      { length: 40 },
      (_, i) => `Ann,Q${'abcdefgh'[i % 8]}u${'ijklm'[i % 5]}lo,${1930 + i}-05-06`,
    )
    const voters = ['Juan,Quintero,1941-02-03', 'Juan,Quintero,1972-11-30', ...others]
    // the first says nothing that tells the two apart, the second does
    const contacts = ['Juan,Quintero,', 'Juan,Quintero,1941-02-03', ...others]
    const write = (name: string, header: string, lines: readonly string[]): Promise<void> =>
      writeFile(join(folder, name), `${[header, ...lines].join('\n')}\n`)
    const rows = (all: readonly string[], letter: string): readonly string[] =>
      all.map((one, i) => `${letter}${i + 1},${one},7 Palm Ave,Miami,33101`)
    const header = 'id,first_name,last_name,birth_date,address1,city,zip'
    await write('voters.csv', header, rows(voters, 'V'))
    await write('contacts.csv', header, rows(contacts, 'C'))
    const truth = ['C1,V2', 'C2,V1', ...others.map((_, i) => `C${i + 3},V${i + 3}`)]
    await write('truth.csv', 'contact,voter', truth)
    const out = join(folder, 'out.csv')
    const files = ['voters', 'contacts', 'truth'].flatMap((name) => [`--${name}`, join(folder, `${name}.csv`)])
    const firstTwo = async (...more: readonly string[]) => {
      expect((await cli.run('evaluate', ...files, '--out', out, ...more)).code).toBe(0)
      return (await cellsOf(out)).slice(0, 2)
    }
    expect((await firstTwo())[0]?.slice(0, 3)).toEqual(['C1', 'review', 'ambiguous'])
    const [moved, kept] = await firstTwo('--one-to-one')
    expect(moved?.slice(0, 4)).toEqual(['C1', 'linked', 'match', 'V2'])
    expect(kept?.slice(0, 4)).toEqual(['C2', 'linked', 'match', 'V1'])
  })

  it('shows tables to people, by kind of error too', async () => {
    const { code, stdout } = await cli.run('evaluate', ...made, '--ruleset', 'simple', '--errors', input('errors.csv'))
    expect(code).toBe(0)
    for (const line of [/^threshold +linked/m, /^rules at 0.75/m, /^expected calibration error/m, /^nickname +\d/m]) {
      expect(stdout).toMatch(line)
    }
  })

  it('needs no server', async () => {
    const nowhere = { DATABASE_URL: 'postgres://ann@127.0.0.1:1/matchbook' }
    expect((await finish(cli.startWith(nowhere, 'evaluate', ...made, '--ruleset', 'simple'))).code).toBe(0)
  })

  it.each<readonly [string, readonly string[], number, RegExp]>([
    ['tiers to learn', ['--train', '--ruleset', 'simple'], 2, /ruleset "simple" are fixed/],
    ['a threshold of 2', ['--threshold', '2'], 2, /--threshold: "2" is not a number from 0 to 1/],
    ['no threads', ['--threads', '0'], 2, /--threads: "0"/],
    [
      'an unknown ruleset',
      ['--ruleset', 'nope'],
      4,
      /"nope" is neither a file nor one of the rulesets simple, standard/,
    ],
    ['no such state', ['--state', 'ZZ'], 2, /--state: "ZZ" is not a US state/],
  ])('refuses %s', async (_, args, code, message) => {
    const finished = await cli.run('evaluate', ...made, ...args)
    expect(finished.code).toBe(code)
    expect(finished.stderr).toMatch(message)
  })

  it('takes a ruleset from a file, and says what is wrong in it', async () => {
    const file = join(cli.dataDir, 'rules.json')
    await writeFile(file, '{"name": "mine"}')
    const finished = await cli.run('evaluate', ...made, '--ruleset', file)
    expect(finished.code).toBe(2)
    expect(finished.stderr).toMatch(/not a ruleset: .*kind/s)
  })

  it('exits 130 when interrupted, and leaves nothing behind', async () => {
    const temporary = join(cli.dataDir, 'tmp')
    await mkdir(temporary)
    const child = cli.startWith({ TMPDIR: temporary }, 'evaluate', ...made, '--train')
    const finished = finish(child)
    await vi.waitFor(async () => expect(await readdir(temporary)).toHaveLength(1), { timeout: 20_000, interval: 5 })
    child.kill('SIGINT')
    expect((await finished).code).toBe(130)
    expect(await readdir(temporary)).toEqual([])
  })
})

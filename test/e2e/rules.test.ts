import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cli, createCli, finish } from './run-cli.js'

interface Named {
  readonly name: string
  readonly hash: string
  readonly inForce?: boolean
}
interface Found extends Named {
  readonly ruleset: Record<string, unknown>
}

let cli: Cli
const file = (name: string): string => join(cli.dataDir, name)

/** A ruleset of the tenant with changes, in a file. */
const written = async (name: string, changes: Record<string, unknown>, of = 'standard'): Promise<string> => {
  const { ruleset } = await cli.json<Found>('rules', 'show', of)
  await writeFile(file(name), JSON.stringify({ ...ruleset, ...changes }))
  return file(name)
}

beforeAll(async () => {
  cli = await createCli()
  await cli.json('generate', '--voters', '3000', '--contacts', '600', '--seed', '5', '--out', file('in'))
}, 60_000)
afterAll(() => cli.drop())

describe('matchbook rules publish', () => {
  it('keeps a ruleset by its hash, once, and puts nothing in force', async () => {
    const strict = await written('strict.json', { name: 'strict', margin: 0.3 })
    const published = await cli.json<Named>('rules', 'publish', strict)
    expect(published).toMatchObject({ name: 'strict', hash: expect.stringMatching(/^[0-9a-f]{64}$/) })
    const { stdout } = await cli.run('rules', 'publish', strict)
    expect(stdout).toBe(`strict ${published.hash}\nnot in force yet: matchbook settings set match.ruleset strict\n`)
    const all = await cli.json<readonly Named[]>('rules', 'list')
    const { name, hash } = published
    expect(all.filter((one) => one.name === 'strict')).toEqual([{ name, hash, inForce: false }])
    expect(all.filter(({ inForce }) => inForce)).toMatchObject([{ name: 'standard' }])
    const shown = await cli.json<Found>('rules', 'show', published.hash.slice(0, 8))
    expect(published).toEqual(shown)
    expect(shown.ruleset).toEqual(JSON.parse(await readFile(strict, 'utf8')))
    expect(await cli.json('settings', 'get', 'match.ruleset')).toMatchObject({ value: 'standard' })
    expect(await cli.json('settings', 'set', 'match.ruleset', 'strict')).toMatchObject({ value: 'strict' })
    await cli.json('settings', 'set', 'match.ruleset', 'standard')
  })

  it.each<readonly [string, Record<string, unknown>, RegExp]>([
    ['every fault', { name: 'x', margin: 2, vetoes: [{ hair: 'red' }] }, /margin: 2 .*vetoes\.0\.hair: "red"/],
    ['a name that ships', { margin: 0.3 }, /name: "standard" \(the name of another ruleset/],
  ])('names %s of a ruleset that it refuses, and keeps nothing', async (_, changes, faults) => {
    const before = await cli.json('rules', 'list')
    const { code, stderr } = await cli.run('rules', 'publish', await written('bad.json', changes))
    expect(code).toBe(2)
    expect(stderr).toMatch(faults)
    expect(await cli.json('rules', 'list')).toEqual(before)
  })

  it('refuses no JSON and no file', async () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
    for (const text of ['{"name": ', deep, '{"kind":"tiers","name":"\\ud800"}']) {
      await writeFile(file('bad.json'), text)
      expect(await cli.run('rules', 'publish', file('bad.json'))).toMatchObject({ code: 2 })
    }
    expect(await cli.run('rules', 'publish', file('none.json'))).toMatchObject({ code: 4 })
  })

  it('and evaluate refuse the same', async () => {
    const { ruleset } = await cli.json<Found>('rules', 'show', 'standard')
    const weights = ruleset['weights'] as { readonly fields: Record<string, unknown> }
    const sex = { m: [[1, 0.9, 0.1]], q: [[1, 0.7, 0.3]], u: [[1, 0.5, 0.5]] }
    const bad = await written('backwards.json', {
      name: 'backwards',
      weights: { ...weights, fields: { ...weights.fields, sex } },
    })
    const labelled = ['voters', 'contacts', 'truth'].flatMap((name) => [`--${name}`, file(`in/${name}.csv`)])
    for (const args of [
      ['rules', 'publish', bad],
      ['evaluate', ...labelled, '--ruleset', bad],
    ]) {
      const { code, stderr } = await cli.run(...args)
      expect(code).toBe(2)
      expect(stderr).toContain('weights.fields.sex.m.0.2: 0.1 (backwards: equal weighs -2.3 bits, different 0.8)')
    }
  })
})

describe('matchbook rules diff', () => {
  it('says in words and numbers what differs, by name, hash or file', async () => {
    const other = await written('other.json', { name: 'other', margin: 0.2, reviewFloor: 0.4 })
    const { code, stdout } = await cli.run('rules', 'diff', 'standard', other)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^margin: 0\.1 → 0\.2: the best candidate must lead the second by more/m)
    expect(stdout).toMatch(/^reviewFloor: 0\.5 → 0\.4: more persons go to review/m)
    const diff = await cli.json<{ readonly a: Named }>('rules', 'diff', 'standard', 'simple')
    expect(diff).toMatchObject({ a: { name: 'standard' }, b: { name: 'simple' }, weights: [] })
    expect((await cli.run('rules', 'diff', diff.a.hash, 'standard')).stdout).toMatch(/\nno difference\n$/)
  })

  it('refuses what is neither', async () => {
    const { code, stderr } = await cli.run('rules', 'diff', 'standard', 'nope')
    expect(code).toBe(4)
    expect(stderr).toContain('"nope"')
  })
})

describe('matchbook rules train', () => {
  it('learns a ruleset from the imported persons, says on what, and how to put it in force', async () => {
    await cli.json('voters', 'publish', file('in/voters.csv'), '--state', 'FL')
    await cli.json('import', file('in/contacts.csv'), '--no-match')
    const trained = await cli.json<Named & Record<string, unknown>>('rules', 'train')
    expect(trained).toMatchObject({ state: 'FL', voters: 3000, contacts: 600, seconds: expect.any(Number) })
    expect(trained).toHaveProperty('ruleset.name', trained.name)
    const { stdout } = await cli.run('rules', 'train', '--save', 'our own')
    expect(stdout).toMatch(
      /^our own [0-9a-f]{64}\nlearnt on 600 contacts of \d+ persons and 3000 voters, FL [0-9a-f]{64}\n/,
    )
    expect(stdout).toMatch(/^\d+ pairs, \d+ rounds, [\d.]+ s$/m)
    expect(stdout).toContain('not in force yet: matchbook settings set match.ruleset "our own"')
    await cli.json('settings', 'set', 'match.ruleset', trained.name)
    const run = await cli.json<{ readonly linked: number }>('match', '--all')
    expect(run.linked).toBeGreaterThan(350)
  }, 60_000)

  it('has no voter file of another state', async () => {
    const { code, stderr } = await cli.run('rules', 'train', '--state', 'GA')
    expect(code).toBe(4)
    expect(stderr).toContain('no voter file of GA is published; there are some of FL')
  })
})

describe('a command whose reader leaves', () => {
  it('ends as it would have, in silence', async () => {
    const child = cli.start('rules', 'show', 'standard')
    child.stdout!.once('data', () => child.stdout!.destroy())
    child.stderr!.destroy()
    expect(await finish(child)).toMatchObject({ code: 0 })
  })
})

describe('a number that makes no sense', () => {
  it.each([
    ['match', '--all', '--threads', '0'],
    ['rematch', '--threads', 'all'],
    ['review', 'list', '--limit', '-1'],
  ])('is refused: %s %s %s', async (...args) => {
    expect(await cli.run(...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(args.at(-1)!) })
  })
})

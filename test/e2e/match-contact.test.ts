import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cli, createCli, type Finished, finish } from './run-cli.js'

let cli: Cli
let contacts: readonly Record<string, string>[]

beforeAll(async () => {
  cli = await createCli()
  const folder = join(cli.dataDir, 'in')
  await cli.json('generate', '--voters', '2000', '--contacts', '200', '--seed', '8', '--out', folder)
  contacts = parse(readFileSync(join(folder, 'contacts.csv')), { columns: true }) as Record<string, string>[]
})
afterAll(() => cli.drop())

interface Answer {
  readonly outcome: string
  readonly svid?: string
  readonly explanation: { readonly voter: string; readonly fields: readonly { readonly field: string }[] } | null
}

const ask = async (input: string, ...flags: readonly string[]): Promise<Finished> => {
  const child = cli.start(...flags, 'match', '--contact', '-')
  child.stdin!.end(input)
  return finish(child)
}

const events = async (): Promise<number> => (await cli.json<{ store: { events: number } }>('status')).store.events

describe('match --contact', () => {
  it('needs a voter file', async () => {
    const { code, stderr } = await cli.run('match', '--contact', 'last_name=Lee')
    expect([code, stderr]).toEqual([4, expect.stringContaining('no voter file is published yet')])
  })

  it('answers a line for each of stdin and records nothing, not even defaults', async () => {
    await cli.json('voters', 'publish', join(cli.dataDir, 'in', 'voters.csv'), '--state', 'FL')
    const before = await events()
    const lines = contacts.map((contact) => JSON.stringify(contact)).join('\n\n')
    const { code, stdout } = await ask(lines, '--json')
    expect(code).toBe(0)
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Answer)
    expect(answers).toHaveLength(contacts.length)
    expect(await events()).toBe(before)
    const linked = answers.filter(({ outcome }) => outcome === 'linked')
    expect(linked.length).toBeGreaterThan(80)
    for (const { svid, explanation } of linked) expect(explanation?.voter).toBe(`FL:${svid}`)
    const text = await ask(lines)
    expect(text.stdout.match(/^linked: FL:/gm)).toHaveLength(linked.length)
  })

  it('answers for one contact in both forms, with what each field weighs', async () => {
    const { first_name, last_name, address1, zip } = contacts.find(
      (one) => one['address1'] !== '' && one['zip'] !== '',
    )!
    const pairs = Object.entries({ first_name, last_name, address1, zip }).map(([name, value]) => `${name}=${value}`)
    const answer = await cli.json<Answer>('match', '--contact', pairs.join(','))
    expect(await cli.json('match', '--contact', JSON.stringify({ zip, address1, last_name, first_name }))).toEqual(
      answer,
    )
    expect(answer.explanation?.fields.map(({ field }) => field)).toContain('place')
    const { stdout } = await cli.run('match', '--contact', pairs.join(','))
    expect(stdout).toMatch(
      /^\w+: FL:\d+, \w+, score [\d.]+: .* \(threshold 0\.75\)\nfield +contact +voter +level +bits\n/,
    )
    expect((await cli.run('match', '--contact', 'first_name= ,phone=')).stdout).toMatch(
      /^unmatched: no voter comes near/,
    )
  })

  it.each([
    [['--contact', 'shoe_size=44'], /no field "shoe_size"/],
    [['--contact', 'zip=x,last_name=Lee'], /^matchbook: Column "zip": "x" is not a ZIP/],
    [['--all', '--contact', 'last_name=Lee'], /cannot be used with/],
  ])('refuses %j', async (flags, message) => {
    const { code, stderr } = await cli.run('match', ...flags)
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)])
  })

  it('answers in its place for a contact that an import would reject, and goes on', async () => {
    const lines = '{"zip":"x","last_name":"Lee"}\nlast_name=Lee\n'
    const { code, stdout } = await ask(lines)
    expect([code, stdout.split('\n')[0]]).toEqual([0, 'rejected: Column "zip": "x" is not a ZIP'])
    const [rejected, decided] = (await ask(lines, '--json')).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(rejected).toMatchObject({ error: { code: 'BAD_VALUE', details: { field: 'zip' } } })
    expect(decided).toMatchObject({ contact: { last_name: 'Lee' } })
  })

  it('ends in silence when nobody reads on', async () => {
    const child = cli.start('match', '--contact', '-')
    child.stdin!.on('error', () => undefined)
    child.stdin!.write('last_name=Lee\n'.repeat(20_000))
    child.stdout!.once('data', () => child.stdout!.destroy())
    expect(await finish(child)).toMatchObject({ code: 0, stderr: '' })
  })

  it('names the line that it can not read', async () => {
    const { code, stdout, stderr } = await ask('{"last_name":"Lee"}\n\n{"last_name"\n')
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^matchbook: Line 3: The contact .* is no JSON object/)])
    expect(stdout.trim().split('\n')).toHaveLength(1)
  })
})

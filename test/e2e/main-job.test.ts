import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cli, createCli, finish } from './run-cli.js'

interface Table {
  readonly table: string
  readonly rows: number
  readonly digest: string
}

interface Replayed {
  readonly events: number
  readonly tables: readonly Table[]
}

interface Page {
  readonly person: { readonly id: string; readonly pid: string }
  readonly link: { readonly state: string; readonly svid: string; readonly verified_by: string | null } | null
  readonly standing: { readonly outcome: string | null; readonly reason: string | null }
}

let cli: Cli
let pid: string

beforeAll(async () => {
  cli = await createCli()
  await cli.json('generate', '--voters', '3000', '--contacts', '600', '--seed', '5', '--out', join(cli.dataDir, 'in'))
})
afterAll(() => cli.drop())

const list = (): string => join(cli.dataDir, 'in', 'contacts.csv')

describe('the main job, through the command line', () => {
  it('publishes a voter file, and again changes nothing', async () => {
    const voters = join(cli.dataDir, 'in', 'voters.csv')
    const first = await cli.json('voters', 'publish', voters, '--state', 'FL', '--as-of', '2026-02-10')
    expect(first).toMatchObject({ state: 'FL', rows: 3000, rejected: 0 })
    const events = (await cli.json<{ store: { events: number } }>('status')).store.events
    expect(await cli.json('voters', 'publish', voters, '--state', 'FL')).toMatchObject({
      voterFile: first['voterFile'],
    })
    expect((await cli.json<{ store: { events: number } }>('status')).store.events).toBe(events)
  })

  it('says that another date for the voter file in use changes nothing, and how it would', async () => {
    const voters = join(cli.dataDir, 'in', 'voters.csv')
    const again = ['voters', 'publish', voters, '--state', 'FL', '--as-of']
    const { code, stderr } = await cli.run(...again, '2026-03-10')
    expect(code).toBe(0)
    expect(stderr).toMatch(/is current already, as of 2026-02-10: --as-of 2026-03-10 changes nothing; withdraw/)
    const published = await cli.json<{ voterFile: string; asOf: string }>(...again, '2026-03-10')
    expect(published.asOf).toBe('2026-02-10')
    expect((await cli.run(...again, '2026-02-10')).stderr).not.toContain('changes nothing')
    await cli.json('voters', 'withdraw', published.voterFile)
    expect(await cli.json(...again, '2026-03-10')).toMatchObject({ asOf: '2026-03-10', notes: [] })
    await cli.json('voters', 'withdraw', published.voterFile)
    await cli.json(...again, '2026-02-10')
  })

  it('lists voter files with dates that people and scripts can read', async () => {
    const [listed] = await cli.json<readonly Record<string, unknown>[]>('voters', 'list')
    expect(listed).toMatchObject({ state: 'FL', rows: 3000, asOf: '2026-02-10', current: true })
    expect(listed!['publishedAt']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    expect((await cli.run('voters', 'list')).stdout).toMatch(/2026-02-10 {2}\d{4}-\d\d-\d\d \d\d:\d\d UTC {2}current/)
  })

  it('imports a list and decides every person of it', async () => {
    const result = await cli.json<Record<string, number>>('import', list(), '--source', 'test')
    expect(result['imported']! + result['rejected']!).toBe(result['rows'])
    expect(result['rows']).toBe(600)
    expect(result['newPersons']! + result['knownPersons']!).toBe(result['imported'])
    const { linked, duplicate, review, unmatched, newPersons } = result
    expect(linked! + duplicate! + review! + unmatched!).toBe(newPersons)
    expect(linked).toBeGreaterThan(50)
  })

  it('the same import again adds no event', async () => {
    const before = await cli.json<{ store: { events: number } }>('status')
    await cli.json('import', list(), '--source', 'test')
    const after = await cli.json<{ store: { events: number } }>('status')
    expect(after.store.events).toBe(before.store.events)
    const { stdout } = await cli.run('import', list(), '--source', 'test')
    expect(stdout).toContain('is already imported, nothing changed')
    expect(stdout).not.toContain('new persons')
  })

  it('names the file of all rejected rows', async () => {
    const file = join(cli.dataDir, 'bad.csv')
    await writeFile(file, 'First Name,Last Name,Birth Date\nAnn,Lee,02/31/1970\n')
    const first = await cli.json('import', file)
    const rejectedFile = join(cli.dataDir, 'imports', 'default', `${first['batch']}.rejected.csv`)
    expect(first).toMatchObject({ rejected: 1, rejectedFile })
    expect(await readFile(rejectedFile, 'utf8')).toContain('Ann,Lee,02/31/1970')
    expect((await cli.run('import', file)).stdout).toContain(rejectedFile)
    await writeFile(file, 'First Name,Last Name\nAnn,Lee\n')
    expect(await cli.json('import', file, '--no-match')).toMatchObject({ rejectedFile: null, rejections: [] })
    expect((await cli.run('import', file)).stdout).toContain('is already imported, 1 persons that waited')
  })

  it('replay --check finds no difference, and replay gives the same digests', async () => {
    const checked = await cli.json<Replayed>('replay', '--check')
    const replayed = await cli.json<Replayed>('replay')
    expect(replayed.tables).toEqual(checked.tables)
    expect(replayed.tables.find(({ table }) => table === 'person')!.rows).toBeGreaterThan(500)
  })

  it('explains a decision and keeps a verdict through a run of everybody under another threshold', async () => {
    const [row] = await cli.json<readonly { pid: string }[]>('review', 'list', '--limit', '1')
    pid = row!.pid
    const explained = await cli.json<{ voter: string; fields: readonly unknown[] }>('explain', pid)
    expect(explained.fields.length).toBeGreaterThan(5)
    const verified = await cli.json<Page>('verify', pid, '--note', 'spoke to her')
    expect(`${verified.link?.state}:${verified.link?.svid}`).toBe(explained.voter)
    expect(verified.link?.verified_by).toBe('user:ann')
    await cli.json('settings', 'set', 'match.threshold', '1')
    const run = await cli.json<Record<string, number>>('match', '--all')
    expect(run['linked']).toBe(0)
    expect(await cli.json<Page>('person', pid)).toMatchObject({ link: verified.link, standing: { outcome: 'linked' } })
    await cli.json('settings', 'set', 'match.threshold', '0.75')
    await cli.json('match', '--all')
    expect(await cli.json<Page>('person', explained.voter)).toMatchObject({ person: { pid } })
  })

  it('does not bring a rejected pair back', async () => {
    const before = await cli.json<Page>('person', pid)
    const voter = `${before.link!.state}:${before.link!.svid}`
    const rejected = await cli.json<Page>('reject', pid, voter)
    expect(rejected.link?.svid).not.toBe(before.link!.svid)
    await cli.json('match', '--all')
    const again = await cli.json<Page>('person', pid)
    expect(again.link?.svid).not.toBe(before.link!.svid)
    expect(await cli.json<Page>('undo', pid)).toMatchObject({ link: { svid: before.link!.svid } })
  })

  it('refuses to give a voter that a human has given to somebody else', async () => {
    const { link } = await cli.json<Page>('person', pid)
    const [other] = await cli.json<readonly { pid: string }[]>('review', 'list', '--limit', '1')
    const taken = await cli.run('--json', 'link', other!.pid, `${link!.state}:${link!.svid}`)
    expect(taken.code).toBe(3)
    expect(JSON.parse(taken.stdout)).toMatchObject({ error: { code: 'VOTER_TAKEN', details: { holderPid: pid } } })
    expect(taken.stderr).toContain(`by a human, to person ${pid}`)
    const undone = await cli.run('undo', other!.pid)
    expect(undone.code).toBe(3)
    expect(undone.stderr).not.toMatch(/[0-9a-f]{8}-/)
  })

  it('leaves the same tables when everything is replayed in the end', async () => {
    expect((await cli.run('replay', '--check')).code).toBe(0)
  })
})

describe('bad input', () => {
  const cases: readonly (readonly [string, readonly string[], number, RegExp])[] = [
    ['an unknown command', ['frobnicate'], 2, /unknown command/],
    ['a tenant that is no name', ['--tenant', 'A B', 'status'], 2, /tenant "A B"/],
    ['a threshold of 1.2', ['settings', 'set', 'match.threshold', '1.2'], 2, /"1.2" is not a number from 0 to 1/],
    ['an unknown setting', ['settings', 'get', 'nope'], 4, /no setting "nope"/],
    ['a file that is not there', ['import', '/nowhere/list.csv'], 4, /\/nowhere\/list.csv/],
    ['a person that is not there', ['person', 'ZZZZZZ'], 4, /no person with the PID "ZZZZZZ"/],
    ['a voter that is none', ['link', 'ZZZZZZ', 'nonsense'], 2, /"nonsense" is not a voter/],
    ['an unknown ruleset', ['rules', 'show', 'nope'], 4, /no ruleset "nope"/],
    ['a data folder where none can be made', ['--data', '/proc/x', 'status'], 2, /folder "\/proc\/x" can't be made/],
    ['a voter file of no state', ['voters', 'publish', 'x.csv', '--state', 'ZZ'], 2, /--state: "ZZ" is not a US state/],
    ['a list of no state', ['import', 'x.csv', '--state', 'ZZ'], 2, /--state: "ZZ" is not a US state/],
    ['an unknown table', ['replay', '--table', 'nope'], 2, /no table "nope"/],
  ]
  it.each(cases)('%s: says so and exits as the contract says', async (_, args, code, message) => {
    const finished = await cli.run(...args)
    expect(finished.code).toBe(code)
    expect(finished.stderr).toMatch(message)
    expect(finished.stderr).not.toMatch(/\n\s+at /)
  })

  it.each([
    ['garbage', 2, /DATABASE_URL is not of the form/],
    [
      'postgres://ann:secret@127.0.0.1/matchbook?sslrootcert=/missing',
      2,
      /sslrootcert "\/missing" .*can't be used: ENOENT/,
    ],
    ['postgres://ann:secret@127.0.0.1:1/matchbook', 5, /can't be reached, 127\.0\.0\.1:1\/matchbook/],
  ])('DATABASE_URL=%s exits %i and never tells the password', async (url, code, message) => {
    const finished = await finish(cli.startWith({ DATABASE_URL: url }, 'status'))
    expect(finished.code).toBe(code)
    expect(finished.stderr).toMatch(message)
    expect(finished.stderr).not.toContain('secret')
  })

  it('a list with a column that the map names but the file has not', async () => {
    const file = join(cli.dataDir, 'small.csv')
    await writeFile(file, 'Name,Mail\nAnn Lee,ann@example.org\n')
    const finished = await cli.run('import', file, '--map', 'full_name=Nome')
    expect(finished.code).toBe(2)
    expect(finished.stderr).toContain('Nome')
    expect(finished.stderr).toContain('Mail')
  })
})

import { spawn } from 'node:child_process'
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readZip, writeZip } from '../../src/audit/bundle/zip.js'
import { type Cli, createCli, type Finished, finish } from './run-cli.js'

interface Page {
  readonly person: Readonly<Record<string, string | null>> & { readonly id: string; readonly pid: string }
  readonly standing: { readonly outcome: string }
  readonly candidates: readonly { readonly svid: string }[]
}
interface Finding {
  readonly stream: string
  readonly revision?: number
  readonly id?: string
  readonly fault: string
}
interface Checked {
  readonly key: string
  readonly events: number
  readonly withheld: number
  readonly decisions: readonly { readonly reproduced: boolean | null }[]
  readonly findings: readonly Finding[]
}

let cli: Cli
let empty: string
const persons: Page['person'][] = []
const outcomes = new Map<string, string>()
const program = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url))
const bundle = (name: string): string => join(cli.dataDir, `${name}.zip`)

/** The built program in an empty folder: no data folder, no database, nothing in the environment. */
const offline = (...args: readonly string[]): Promise<Finished> =>
  finish(spawn(process.execPath, [program, ...args], { cwd: empty, env: { PATH: dirname(process.execPath) } }))

const check = async (file: string): Promise<{ readonly code: number | null; readonly result: Checked }> => {
  const { code, stdout, stderr } = await offline('--json', 'audit', 'check', file)
  if (stdout === '') throw new Error(stderr)
  return { code, result: JSON.parse(stdout) as Checked }
}

const contentOf = async (file: string): Promise<Map<string, string>> => {
  const zip = await readZip(file)
  const texts = new Map<string, string>()
  for (const name of zip.names) texts.set(name, await zip.text(name))
  zip.close()
  return texts
}

/** The bundle with some of its files changed, as somebody without the key can do it. */
const forged = async (file: string, change: (texts: Map<string, string>) => void): Promise<string> => {
  const texts = await contentOf(file)
  change(texts)
  const to = bundle('forged')
  await writeZip(to, async (zip) => {
    for (const [name, text] of texts) await zip.add(name, [text])
  })
  return to
}

/** One byte of a file's text, another letter of the same kind. */
const flip = (texts: Map<string, string>, name: string, at: number): void => {
  const bytes = Buffer.from(texts.get(name)!)
  bytes[at] = bytes[at] === 0x61 ? 0x62 : 0x61
  texts.set(name, bytes.toString('utf8'))
}

const hostile = '<script>alert("x")</script>'

beforeAll(async () => {
  cli = await createCli()
  empty = await mkdtemp(join(tmpdir(), 'matchbook-empty-'))
  const made = join(cli.dataDir, 'in')
  await cli.json('generate', '--voters', '3000', '--contacts', '500', '--seed', '9', '--out', made)
  await cli.json('voters', 'publish', join(made, 'voters.csv'), '--state', 'FL')
  await cli.json('import', join(made, 'contacts.csv'))
  const list = join(cli.dataDir, 'hostile.csv')
  await writeFile(
    list,
    `First Name,Last Name,Email,"a""b<i>"\n"${hostile.replaceAll('"', '""')}",O'Brien & Sons,evil@example.org,"]]></svg>"\n`,
  )
  await cli.json('import', list, '--state', 'FL')
  const tenant = await cli.json('audit', 'export', bundle('tenant'))
  expect(tenant['events']).toBeGreaterThan(1_000)
  const events = (await contentOf(bundle('tenant'))).get('events.jsonl')!.trim().split('\n')
  const bodies = events.map((line) => JSON.parse((JSON.parse(line) as { body: string }).body))
  for (const { type, data, pii } of bodies) {
    if (type === 'ContactImported') persons.push({ ...pii.contact, id: data.personId, pid: data.pid })
    if (type === 'MatchDecided') outcomes.set(data.personId, data.decision.outcome)
  }
}, 240_000)
afterAll(async () => {
  await cli.drop()
  await rm(empty, { recursive: true, force: true })
})

const pageOf = (ref: string): Promise<Page> => cli.json<Page>('person', ref)
const personThat = (outcome: string): Promise<Page> => pageOf([...outcomes].find(([, one]) => one === outcome)![0])

describe('a bundle of one person', () => {
  it('is checked and decided again offline, and leaves nothing behind', async () => {
    const { person } = await personThat('linked')
    await cli.json('verify', person.pid, '--note', 'spoke to her')
    await cli.json('audit', 'export', bundle('person'), person.pid)
    const { code, result } = await check(bundle('person'))
    expect(result).toMatchObject({ findings: [], withheld: 0, decisions: [{ reproduced: true }] })
    expect(code).toBe(0)
    expect(await readdir(empty)).toEqual([])
    const page = (await contentOf(bundle('person'))).get('index.html')!
    expect(page).toContain('<svg')
    expect(page).toContain('spoke to her')
    expect(page).toContain('user:ann')
    expect(page).not.toContain('<script')
  })

  it('is the same file, byte for byte, when it is exported again', async () => {
    const { person } = await personThat('review')
    await cli.json('audit', 'export', bundle('one'), person.pid)
    await cli.json('audit', 'export', bundle('two'), person.pid)
    expect((await readFile(bundle('one'))).equals(await readFile(bundle('two')))).toBe(true)
  })

  it.each(['linked', 'duplicate', 'review', 'unmatched'])('holds nothing of any other person: %s', async (outcome) => {
    const { person, candidates } = await personThat(outcome)
    await cli.json('audit', 'export', bundle(outcome), person.pid)
    const texts = await contentOf(bundle(outcome))
    const all = [...texts.values()].join('\n')
    const { result } = await check(bundle(outcome))
    expect(result).toMatchObject({
      findings: [],
      withheld: outcome === 'duplicate' ? 1 : 0,
      decisions: [{ reproduced: true }],
    })
    // a candidate's row is shown, and what the person's own values are like in the file
    const own = `${texts.get('voters.json')} ${texts.get('evidence.json')} ${JSON.stringify(person)}`.toUpperCase()
    for (const other of persons) {
      if (other.id === person.id) continue
      expect(all).not.toContain(other.id)
      expect(all).not.toContain(other.pid)
      for (const field of ['first_name', 'last_name', 'email', 'phone', 'address1', 'svid'] as const) {
        const value = other[field]
        if (value == null || value.length < 5 || own.includes(value.toUpperCase())) continue
        expect(all, `${field} of ${other.pid}`).not.toContain(`"${value}"`)
        expect(all, `${field} of ${other.pid}`).not.toContain(`>${value}<`)
      }
    }
    expect(candidates.every(({ svid }) => all.includes(svid))).toBe(true)
  })

  it('shows hostile values as text', async () => {
    const { pid } = persons.find(({ email }) => email === 'evil@example.org')!
    await cli.json('audit', 'export', bundle('hostile'), pid)
    expect((await check(bundle('hostile'))).code).toBe(0)
    const page = (await contentOf(bundle('hostile'))).get('index.html')!
    expect(page).not.toMatch(/<script|<i>|]]></i)
    expect(page).toContain('O&#39;Brien &amp; Sons')
  })

  it.each([
    'index.html',
    'events.jsonl',
    'proofs.json',
    'voters.json',
    'evidence.json',
    'manifest.json',
    'manifest.sig',
    'rulesets/',
  ])('with one byte changed in %s exits 6 and names the file', async (part) => {
    const size = [...(await contentOf(bundle('person')))].find(([name]) => name.startsWith(part))!
    for (const share of [0.1, 0.5, 0.93]) {
      const file = await forged(bundle('person'), (texts) =>
        flip(texts, size[0], Math.floor(Buffer.byteLength(size[1]) * share)),
      )
      const { code, result } = await check(file)
      expect(code).toBe(6)
      expect(result.findings.map(({ stream }) => stream).join(' ')).toContain(
        part.startsWith('manifest') ? 'manifest' : part,
      )
    }
  })

  it('whose last byte of the signature was changed exits 6', async () => {
    const file = await forged(bundle('person'), (texts) =>
      texts.set(
        'manifest.sig',
        texts.get('manifest.sig')!.replace(/.==$/, (end) => (end === 'B==' ? 'C==' : 'B==')),
      ),
    )
    expect((await check(file)).code).toBe(6)
  })

  it('that lacks a file, or has one more, exits 6', async () => {
    const lacking = await forged(bundle('person'), (texts) => texts.delete('evidence.json'))
    expect((await check(lacking)).result.findings).toMatchObject([
      { stream: 'evidence.json', fault: 'it is missing: dropped' },
    ])
    const added = await forged(bundle('person'), (texts) => texts.set('more.txt', 'x'))
    expect((await check(added)).result.findings).toMatchObject([{ stream: 'more.txt' }])
  })

  it('that unpacks to lines without end is given up on, and no name in it moves the cursor', async () => {
    const bomb = await forged(bundle('person'), (texts) => texts.set('events.jsonl', '\n'.repeat(50_000_000)))
    const { code, result } = await check(bomb)
    expect(code).toBe(6)
    expect(result.findings.length).toBeLessThan(2_000)
    const named = await forged(bundle('person'), (texts) => texts.set('a\u001b[2J\u202eb', 'x'))
    const { stdout, stderr } = await offline('audit', 'check', named)
    expect(`${stdout}${stderr}`).toContain('a\\u001b[2J\\u202eb')
    expect(`${stdout}${stderr}`).not.toMatch(/[\u001b\u202e]/)
  }, 30_000)

  it('into a folder that is not there exits 2', async () => {
    const { code, stderr } = await cli.run('audit', 'export', join(cli.dataDir, 'nowhere', 'x.zip'))
    expect(stderr).toContain('there is no folder')
    expect(code).toBe(2)
  })

  it('of another key than the one asked for exits 6', async () => {
    const { key } = await cli.json<{ key: string }>('audit', 'key')
    expect((await offline('audit', 'check', bundle('person'), '--key', key)).code).toBe(0)
    expect((await offline('audit', 'check', bundle('person'), '--key', '0'.repeat(64))).code).toBe(6)
  })

  it('that was cut, or is no bundle, exits 2', async () => {
    const bytes = await readFile(bundle('person'))
    const file = bundle('cut')
    for (const content of [
      bytes.subarray(0, bytes.length / 2),
      bytes.subarray(0, bytes.length - 30),
      Buffer.from('PK'),
      Buffer.alloc(0),
    ]) {
      await writeFile(file, content)
      expect((await offline('audit', 'check', file)).code).toBe(2)
    }
    await copyFile(program, file)
    expect((await offline('audit', 'check', file)).code).toBe(2)
    expect((await offline('audit', 'check', bundle('nowhere'))).code).toBe(4)
  })
})

type Line = { readonly body: string; readonly stream: string; readonly revision: number }

describe('a bundle of the tenant, tampered with as the table was', () => {
  const lineOf = (lines: readonly string[], stream: string, revision: number): number =>
    lines.findIndex((text) => {
      const one = JSON.parse(text) as Line
      return one.stream.startsWith(stream) && one.revision === revision
    })
  const tampered: readonly (readonly [string, string, number, (lines: string[], at: number) => void, RegExp])[] = [
    [
      'text edited',
      'import',
      7,
      (lines, at) => (lines[at] = lines[at]!.replace('\\"isNew\\":true', '\\"isNew\\":false')),
      /edited/,
    ],
    [
      'hash edited',
      'matchbook',
      12,
      (lines, at) => (lines[at] = lines[at]!.replace(/"sha256":"......../, '"sha256":"00000000')),
      /edited/,
    ],
    ['dropped', 'matchbook', 20, (lines, at) => lines.splice(at, 1), /event 20 is due: dropped/],
    [
      'dropped and renumbered',
      'matchbook',
      30,
      (lines, at) => renumber(lines, at, lines.splice(at, 1)),
      /not those of the signed log|ends here/,
    ],
    ['swapped', 'matchbook', 40, (lines, at) => lines.splice(at, 2, lines[at + 1]!, lines[at]!), /event 40 is due/],
    ['inserted twice', 'matchbook', 50, (lines, at) => lines.splice(at, 0, lines[at]!), /event 51 is due/],
    ['cut off at the end', 'matchbook', 60, (lines, at) => lines.splice(at), /cut off/],
    ['not canonical', 'import', 11, (lines, at) => (lines[at] = lines[at]!.replace('{\\"data', '{ \\"data')), /edited/],
    [
      'moved to another stream',
      'import',
      13,
      (lines, at) => (lines[at] = lines[at]!.replace('"stream":"import-', '"stream":"import-x')),
      /belongs to stream/,
    ],
    [
      'of another type',
      'import',
      15,
      (lines, at) => (lines[at] = lines[at]!.replace('\\"type\\":\\"ContactImported', '\\"type\\":\\"ContactUnknown')),
      /edited/,
    ],
    ['no event at all', 'import', 17, (lines, at) => (lines[at] = '{}'), /is no event/],
  ]
  const renumber = (lines: string[], at: number, _: unknown): void => {
    for (let i = at; i < lines.length; i++) {
      const one = JSON.parse(lines[i]!) as Line
      if (one.stream.startsWith('matchbook')) lines[i] = JSON.stringify({ ...one, revision: one.revision - 1 })
    }
  }

  it.each(tampered)('%s: found and named offline', async (_, stream, revision, change, fault) => {
    const file = await forged(bundle('tenant'), (texts) => {
      const lines = texts.get('events.jsonl')!.trim().split('\n')
      change(lines, lineOf(lines, stream, revision))
      texts.set('events.jsonl', `${lines.join('\n')}\n`)
    })
    const { code, result } = await check(file)
    expect(code).toBe(6)
    expect(result.findings[0]).toMatchObject({ stream: 'events.jsonl' })
    expect(result.findings.map((one) => `${one.stream} ${one.fault}`).join('\n')).toMatch(fault)
  })

  it('a run is proved as a stretch of the ledger', async () => {
    const events = (await contentOf(bundle('tenant'))).get('events.jsonl')!
    const run = /\\"runId\\":\\"([0-9a-f-]{36})/.exec(events)![1]!
    const { events: count } = await cli.json<{ events: number }>('audit', 'export', bundle('run'), '--run', run)
    expect((await check(bundle('run'))).result).toMatchObject({ events: count, findings: [] })
    expect((await cli.run('audit', 'export', bundle('none'), '--run', 'x')).code).toBe(4)
  })
})

describe('a person that was decided several times', () => {
  it('is decided again under each ruleset and each voter file', async () => {
    const voters = join(cli.dataDir, 'in', 'voters.csv')
    const [header, ...rows] = (await readFile(voters, 'utf8')).trim().split('\n')
    const newer = join(cli.dataDir, 'newer.csv')
    await writeFile(newer, `${[header, ...rows.filter((_, row) => row % 2 === 0)].join('\n')}\n`)
    await cli.json('voters', 'publish', newer, '--state', 'FL')
    await cli.json('match', '--all')
    await cli.json('settings', 'set', 'match.ruleset', 'simple')
    await cli.json('match', '--all')
    const events = await cli.json<{ events: number }>('audit', 'export', bundle('later'))
    expect(events.events).toBeGreaterThan(0)
    const often = new Map<string, number>()
    for (const line of (await contentOf(bundle('later'))).get('events.jsonl')!.trim().split('\n')) {
      const { type, data } = JSON.parse((JSON.parse(line) as Line).body)
      if (type === 'MatchDecided') often.set(data.personId, (often.get(data.personId) ?? 0) + 1)
    }
    const [id] = [...often].find(([, times]) => times === 3)!
    await cli.json('audit', 'export', bundle('often'), id)
    const { code, result } = await check(bundle('often'))
    expect(result.decisions.map(({ reproduced }) => reproduced)).toEqual([true, true, true])
    expect(code).toBe(0)
  })
})

describe('the log', () => {
  it('is verified against a head that was kept elsewhere', async () => {
    const head = join(cli.dataDir, 'head.json')
    await cli.json('audit', 'head', '--out', head)
    expect(await cli.json('audit', 'verify', '--head', head)).toMatchObject({ findings: [], heads: 2 })
    await writeFile(head, (await readFile(head, 'utf8')).replace('"size": 2', '"size": 3'))
    const { code, stdout, stderr } = await cli.run('--json', 'audit', 'verify', '--head', head)
    expect(code).toBe(6)
    expect(JSON.parse(stdout)).toMatchObject({ findings: [{ fault: expect.stringMatching(/was changed/) }] })
    expect(stderr).toContain('was changed')
    await writeFile(head, '{}')
    expect((await cli.run('audit', 'verify', '--head', head)).code).toBe(2)
    expect((await cli.run('audit', 'verify', '--head', 'nowhere.json')).code).toBe(4)
  })
})

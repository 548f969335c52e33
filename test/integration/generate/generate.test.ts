import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isLeft } from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { orThrow } from '../../../src/errors.js'
import { type GenerateOrder, generate } from '../../../src/generate/generate.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'matchbook-generate-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const order = (name: string, more: Partial<GenerateOrder> = {}): GenerateOrder => ({
  voters: 20_000,
  contacts: 4_000,
  seed: 1,
  out: join(folder, name),
  format: 'table',
  ...more,
})

type Row = Readonly<Record<string, string>>

const readRows = async (path: string): Promise<Row[]> => {
  const [header, ...lines] = (await readFile(path, 'latin1')).trimEnd().split('\n')
  const columns = header!.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    expect(cells.length).toBe(columns.length)
    return Object.fromEntries(columns.map((column, i) => [column, cells[i]!]))
  })
}

const digestOf = async (path: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex')

const failure = async (what: GenerateOrder) => {
  const result = await generate(what)()
  if (!isLeft(result)) throw new Error('it should have failed')
  return result.left
}

describe('generate, as a table', () => {
  let voters: Row[]
  let contacts: Row[]
  let truth: Row[]
  let errors: Row[]
  const done: number[] = []
  beforeAll(async () => {
    const made = await orThrow(generate(order('table', { onProgress: (n) => done.push(n) })))
    const rows = await Promise.all(made.files.map(readRows))
    ;[voters, contacts, truth, errors] = rows as [Row[], Row[], Row[], Row[]]
    expect(made).toMatchObject({ voters: voters.length, contacts: contacts.length, truth: truth.length })
  })

  it('writes as many as it was asked for, each under an id of its own', () => {
    expect(voters.length).toBe(20_000)
    expect(contacts.length).toBe(4_000)
    expect(new Set(voters.map((voter) => voter['svid'])).size).toBe(20_000)
    expect(new Set(contacts.map((contact) => contact['id'])).size).toBe(4_000)
  })

  it('has the columns that a matching script expects', () => {
    const needed =
      'first_name middle_name last_name suffix sex birth_date address1 address2 city zip phone email'.split(' ')
    expect(Object.keys(voters[0]!)).toEqual(expect.arrayContaining(['svid', 'house_number', ...needed]))
    expect(Object.keys(contacts[0]!)).toEqual(expect.arrayContaining(['id', ...needed]))
  })

  it('fills the register as Florida does', () => {
    const shown = voters.filter((voter) => voter['first_name'] !== '*')
    const share = (column: string): number => shown.filter((voter) => voter[column] !== '').length / shown.length
    const expected = { middle_name: 0.83, suffix: 0.044, address2: 0.19, phone: 0.38, email: 0.11, zip4: 0.13 }
    for (const [column, target] of Object.entries(expected)) expect(Math.abs(share(column) - target)).toBeLessThan(0.02)
    expect((voters.length - shown.length) / voters.length).toBeCloseTo(0.0045, 2)
  })

  it('says the truth of exactly the contacts whose voter can be found', () => {
    const known = new Map(voters.map((voter) => [voter['svid'], voter]))
    const lost = new Set(
      errors.filter(({ kind }) => kind === 'not_in_file' || kind === 'masked').map(({ contact }) => contact),
    )
    expect(truth.length + lost.size).toBe(contacts.length)
    expect(Math.abs(lost.size / contacts.length - 0.253)).toBeLessThan(0.03)
    for (const { contact, voter } of truth) {
      expect(lost.has(contact)).toBe(false)
      expect(known.get(voter)?.['first_name']).not.toBe('*')
    }
  })

  it('has the true voter agree with its contact on some field, almost always', () => {
    const known = new Map(voters.map((voter) => [voter['svid'], voter]))
    const said = new Map(contacts.map((contact) => [contact['id'], contact]))
    const agreeing = truth.filter(({ contact, voter }) => {
      const [a, b] = [said.get(contact)!, known.get(voter)!]
      return ['first_name', 'last_name', 'phone', 'email'].some((field) => a[field] !== '' && a[field] === b[field])
    })
    expect(agreeing.length / truth.length).toBeGreaterThan(0.98)
  })

  it('tells how far it is, up to the end', () => {
    expect([...done].sort((a, b) => a - b)).toEqual(done)
    expect(done.at(-1)).toBeGreaterThan(23_000)
  })

  it('leaves no unfinished file beside', async () => {
    expect((await readdir(join(folder, 'table'))).sort()).toEqual([
      'contacts.csv',
      'errors.csv',
      'truth.csv',
      'voters.csv',
    ])
  })
})

describe('generate, seeded', () => {
  it('writes the same bytes for the same seed, and others for another', async () => {
    const small = { voters: 3_000, contacts: 500 }
    const first = await orThrow(generate(order('first', small)))
    const again = await orThrow(generate(order('again', small)))
    const other = await orThrow(generate(order('other', { ...small, seed: 2 })))
    const digests = (files: readonly string[]) => Promise.all(files.map(digestOf))
    expect(await digests(again.files)).toEqual(await digests(first.files))
    const [mine, theirs] = [await digests(first.files), await digests(other.files)]
    for (const [i, digest] of mine.entries()) expect(theirs[i]).not.toBe(digest)
  })

  it('names the same people in both formats', async () => {
    const small = { voters: 1_000, contacts: 100 }
    const table = await orThrow(generate(order('as-table', small)))
    const florida = await orThrow(generate(order('as-florida', { ...small, format: 'florida' })))
    const lines = (await Promise.all(florida.files.slice(0, 67).map((file) => readFile(file, 'latin1')))).join('')
    const inFlorida = lines
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'))
    const inTable = await readRows(table.files[0]!)
    const key = (svid: string, last: string, zip: string) => `${svid} ${last} ${zip}`
    expect(inFlorida.map((cells) => key(cells[1]!, cells[2]!, cells[11]!)).sort()).toEqual(
      inTable
        .map((row) => key(row['svid']!, row['last_name']!, row['zip']! + (row['zip4'] === '*' ? '' : row['zip4']!)))
        .sort(),
    )
    expect(await digestOf(florida.files[68]!)).toBe(await digestOf(table.files[2]!))
  })
})

describe('generate, in the format of Florida', () => {
  let lines: string[][]
  let files: readonly string[]
  beforeAll(async () => {
    files = (await orThrow(generate(order('florida', { voters: 8_000, contacts: 10, format: 'florida' })))).files
    const texts = await Promise.all(files.slice(0, -3).map((file) => readFile(file, 'latin1')))
    lines = texts.flatMap((text) => text.split('\n').filter((line) => line !== '')).map((line) => line.split('\t'))
  })

  it('writes 67 county files of 38 columns', async () => {
    expect((await readdir(join(folder, 'florida', 'voters'))).length).toBe(67)
    expect(lines.length).toBe(8_000)
    for (const cells of lines) expect(cells.length).toBe(38)
  })

  it('puts every voter into the file of the county', async () => {
    const alachua = files.find((file) => file.includes('ALA_'))!
    const counties = (await readFile(alachua, 'latin1'))
      .trimEnd()
      .split('\n')
      .map((line) => line.slice(0, 3))
    expect(new Set(counties)).toEqual(new Set(['ALA']))
  })

  it('stars out those whose records are protected', () => {
    const masked = lines.filter((cells) => cells[6] === 'Y')
    expect(masked.length).toBeGreaterThan(10)
    for (const cells of masked) expect(new Set(cells.toSpliced(0, 2).toSpliced(4, 1))).toEqual(new Set(['*']))
  })

  it('writes US dates, ZIPs of five or nine digits, and telephones in two columns', () => {
    for (const cells of lines.filter((row) => row[6] === 'N')) {
      expect(cells[21]).toMatch(/^[01]\d\/[0-3]\d\/(19|20)\d\d$/)
      expect(cells[11]).toMatch(/^\d{5}(\d{4})?$/)
      expect(`${cells[34]} ${cells[35]}`).toMatch(/^(\d{3} \d{7}| )$/)
      expect(cells[19]).toMatch(/^[FMU]$/)
    }
  })
})

const tables = {
  'first_names.csv': `first_name,sex,birth_decade,count\n${['F', 'M']
    .flatMap((sex) => Array.from({ length: 9 }, (_, i) => `${sex === 'F' ? 'ADA' : 'OLE'},${sex},${1920 + i * 10},5`))
    .join('\n')}\n`,
  'surnames.csv': 'surname,count,hispanic_share\nOBRIEN,70,0.02\nLOVELACE,30,\nRIOS,50,0.94\n',
  'zips.csv': 'zip,city,population\n32003,FLEMING ISLAND,29351\n32013,DAY,0\n',
}

const tablesFolder = async (name: string, changed: Partial<typeof tables> = {}): Promise<string> => {
  const path = join(folder, name)
  await mkdir(path)
  for (const [file, text] of Object.entries({ ...tables, ...changed })) await writeFile(join(path, file), text)
  return path
}

describe('generate, from tables', () => {
  it('draws names and places from them', async () => {
    const made = await orThrow(
      generate(order('own', { voters: 300, contacts: 10, tables: await tablesFolder('good') })),
    )
    const voters = await readRows(made.files[0]!)
    const cities = new Set(voters.map((voter) => voter['city']).filter((city) => city !== '*'))
    expect(cities).toEqual(new Set(['FLEMING ISLAND']))
    expect(voters.some((voter) => voter['last_name'] === "O'BRIEN")).toBe(true)
    expect(voters.some((voter) => voter['last_name'] === 'LOVELACE')).toBe(true)
  })

  it.each([
    ['a missing column', { 'zips.csv': 'zip,town\n32003,X\n' }, 'BAD_FILE', 'city'],
    ['a ZIP of letters', { 'zips.csv': 'zip,city,population\n32003,X,5\n3200X,Y,5\n' }, 'BAD_VALUE', 'row 3'],
    ['a count of letters', { 'surnames.csv': 'surname,count,hispanic_share\nA,many,0\n' }, 'BAD_VALUE', 'count'],
    ['a short row', { 'surnames.csv': 'surname,count,hispanic_share\nA,5\n' }, 'BAD_VALUE', 'row 2'],
    [
      'no names of a decade',
      { 'first_names.csv': 'first_name,sex,birth_decade,count\nADA,F,1920,5\n' },
      'BAD_FILE',
      'decade',
    ],
    ['letters beyond ASCII', { 'surnames.csv': 'surname,count,hispanic_share\nPEÑA,5,0.9\n' }, 'BAD_VALUE', 'row 2'],
    ['nobody anywhere', { 'zips.csv': 'zip,city,population\n32003,X,0\n' }, 'BAD_FILE', 'no ZIP with people'],
  ])('refuses %s, naming file and place', async (what, changed, code, named) => {
    const path = await tablesFolder(what.replaceAll(' ', '-'), changed)
    const left = await failure(order('bad', { tables: path }))
    expect(left.code).toBe(code)
    expect(left.message).toContain(named)
    expect(left.message).toContain(Object.keys(changed)[0])
  })

  it('names a table that is not there', async () => {
    const left = await failure(order('bad', { tables: join(folder, 'nowhere') }))
    expect(left.code).toBe('FILE_NOT_FOUND')
    expect(left.message).toContain('first_names.csv')
  })
})

describe('generate, when it cannot', () => {
  it.each([
    ['voters', 0],
    ['voters', 2.5],
    ['voters', 30_000_000],
    ['contacts', -1],
    ['seed', Number.NaN],
  ] as const)('refuses %s %d', async (field, value) => {
    const left = await failure(order('bad', { [field]: value }))
    expect(left).toMatchObject({ code: 'BAD_USAGE', details: { field } })
  })

  it('says so when a file stands where the folder should be', async () => {
    await writeFile(join(folder, 'a-file'), '')
    const left = await failure(order(join('a-file', 'below')))
    expect(left.code).toBe('BAD_USAGE')
    expect(left.message).toContain('a-file')
  })

  it('stops when asked to, and finishes no file', async () => {
    const controller = new AbortController()
    const onProgress = (): void => controller.abort()
    const left = await failure(order('stopped', { onProgress, signal: controller.signal }))
    expect(left.code).toBe('INTERRUPTED')
    expect(await readdir(join(folder, 'stopped'))).toEqual(['voters.csv.part'])
  })

  it('needs no contacts, and no more than one voter', async () => {
    const made = await orThrow(generate(order('least', { voters: 1, contacts: 0 })))
    expect(await readRows(made.files[0]!)).toHaveLength(1)
    expect(made.truth).toBe(0)
  })

  it('repeats people when the list is longer than the file', async () => {
    const made = await orThrow(generate(order('longer', { voters: 50, contacts: 400 })))
    expect(await readRows(made.files[1]!)).toHaveLength(400)
    expect(made.truth).toBeGreaterThan(200)
  })
})

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { orThrow } from '../../../src/errors.js'
import { type County, generateCounty } from '../../../src/generate/county.js'
import { type ContactList, type ListRow, openList } from '../../../src/lists/open-list.js'

let folder: string
let county: County
let donors: string[][]
let volunteers: ContactList
let volunteerRows: ListRow[]

const truthOf = async (path: string): Promise<string[][]> => (parse(await readFile(path)) as string[][]).slice(1)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'matchbook-county-'))
  county = await orThrow(generateCounty({ seed: 1, out: folder }))
  const text = new TextDecoder('windows-1252').decode(await readFile(county.donors.file))
  donors = parse(text, { relax_column_count: true }) as string[][]
  volunteers = await orThrow(openList({ file: county.volunteers.file }))
  volunteerRows = []
  for await (const rows of volunteers.read(1)) volunteerRows.push(...rows)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('generateCounty', () => {
  it('writes a few register files of 20,000 voters in all', async () => {
    const texts = await Promise.all(county.voterFiles.map((file) => readFile(file, 'latin1')))
    expect(county.voterFiles.length).toBe(4)
    expect(texts.join('').split('\n').length - 1).toBe(20_000)
  })

  it('writes donors in Latin-1, with accents and quoted commas', async () => {
    const bytes = await readFile(county.donors.file)
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toThrow()
    expect(donors.flat().some((cell) => /[áéíñó]/.test(cell))).toBe(true)
    expect(donors.flat()).toContain('Owner, bakery')
    expect(donors.length).toBe(county.donors.rows + 1)
  })

  it('breaks a dozen of their rows in six ways, and says no truth of those', async () => {
    const rows = donors.slice(1)
    const broken = rows.flatMap((cells, i) => {
      const isOdd = cells.length !== 16 || cells[9] === 'ABCDE' || cells[14] === 'call me' || cells[15] === '02/31/1970'
      return isOdd || (cells[3] === '' && cells[4] === '') ? [i + 1] : []
    })
    expect(broken.length).toBe(county.donors.broken)
    const known = new Set((await truthOf(county.donors.truth)).map(([row]) => Number(row)))
    for (const row of broken) expect(known.has(row)).toBe(false)
  })

  it('keys the truth by row and by the id in that row', async () => {
    const truth = await truthOf(county.donors.truth)
    expect(truth.length).toBe(county.donors.truePairs)
    for (const [row, contact] of truth) expect(donors[Number(row)]![0]).toBe(contact)
    const volunteerTruth = await truthOf(county.volunteers.truth)
    expect(volunteerTruth.length).toBe(county.volunteers.truePairs)
    for (const [row, contact] of volunteerTruth)
      expect(Object.values(volunteerRows[Number(row) - 1]!.original)).toContain(contact)
  })

  it('writes volunteers as a workbook whose headers are known', () => {
    expect(volunteers.kind).toBe('xlsx')
    expect(volunteers.rows).toBe(600)
    expect(volunteers.mapping).toMatchObject({
      id: 'VANID',
      first_name: 'FirstName',
      last_name: 'LastName',
      zip: 'Zip5',
    })
    expect(volunteers.mapping).toMatchObject({ phone: 'Preferred Phone', email: 'PreferredEmail', address1: 'Address' })
  })

  it('puts about a hundred on both lists', async () => {
    const voterOf = async (path: string) => new Set((await truthOf(path)).map(([, , voter]) => voter))
    const [first, second] = [await voterOf(county.donors.truth), await voterOf(county.volunteers.truth)]
    const both = [...first].filter((voter) => second.has(voter)).length
    expect(both).toBeGreaterThan(60)
    expect(both).toBeLessThan(100)
  })

  it('names voters who are in the register', async () => {
    const texts = await Promise.all(county.voterFiles.map((file) => readFile(file, 'latin1')))
    const svids = new Set(
      texts
        .join('')
        .split('\n')
        .map((line) => line.split('\t')[1]),
    )
    for (const path of [county.donors.truth, county.volunteers.truth])
      for (const [, , voter] of await truthOf(path)) expect(svids.has(voter)).toBe(true)
  })

  it('writes the same bytes for the same seed', async () => {
    const again = await orThrow(generateCounty({ seed: 1, out: join(folder, 'again') }))
    const files = (made: County) => [...made.voterFiles, made.donors.file, made.donors.truth, made.volunteers.file]
    for (const [i, file] of files(county).entries())
      expect((await readFile(file)).equals(await readFile(files(again)[i]!))).toBe(true)
  })
})

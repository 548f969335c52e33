import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { orThrow } from '../../../src/errors.js'
import { textOf } from '../../../src/match/voter-index.js'
import { artifactPath } from '../../../src/voters/artifact.js'
import { floridaColumns } from '../../../src/voters/florida-columns.js'
import { openIndex } from '../../../src/voters/open-index.js'
import { readVoters } from '../../../src/voters/read-voters.js'
import { csv, newCase, publish } from './published.js'

const silently = (): void => undefined

const rejectedOf = (file: string | undefined): readonly Record<string, string>[] =>
  parse(readFileSync(file!, 'utf8'), { columns: true }) as Record<string, string>[]

const runDuckDb = async (file: string, ...statements: readonly string[]): Promise<void> => {
  const instance = await DuckDBInstance.create(file)
  const connection = await instance.connect()
  for (const sql of statements) await connection.run(sql)
  connection.closeSync()
  instance.closeSync()
}

const small = [
  ['SVID', 'FirstName', 'LastName', 'Address', 'City', 'Zip', 'DOB', 'Party'],
  ['00012', 'ANN', 'ROE', '1 OAK ST', 'MIAMI', '02138', '1970-03-04', 'NPA'],
  ['AB-7', 'BOB', 'DOE', '2 OAK ST', 'MIAMI', '33101', '1971-03-04', 'DEM'],
]

describe('publishing a table', () => {
  it('keeps zeros and letters of SVIDs, every column, and the order of rows', async () => {
    const { write, request, dataDir } = newCase()
    const published = await publish(request([write('v.csv', csv(small))]))
    expect(published).toMatchObject({ rows: 2, rejected: 0, masked: 0, format: 'table', sourceName: 'v.csv' })
    expect(published.columns).toEqual([
      'svid',
      'first_name',
      'last_name',
      'address1',
      'city',
      'zip',
      'birth_date',
      'Party',
    ])
    const rows = await orThrow(readVoters(artifactPath(dataDir, published), ['AB-7', '00012', 'no such']))
    expect(rows.get('00012')).toMatchObject({ first_name: 'ANN', zip: '02138', Party: 'NPA' })
    expect([...rows.keys()].sort()).toEqual(['00012', 'AB-7'])
    const { index } = await openIndex(dataDir, published, silently)
    expect([1, 2].map((id) => textOf(index.svids, id))).toEqual(['00012', 'AB-7'])
  })

  it('names the artifact by the hash of its bytes, whatever the layout of the source', async () => {
    const given = newCase()
    const one = await publish(given.request([given.write('a.csv', csv(small))]))
    const tabs = small.map((row) => `${row.join('\t')}\r\n`).join('')
    const two = await publish(given.request([given.write('b.tsv', tabs)]))
    expect(two.voterFile).toBe(one.voterFile)
    expect(two.sourceHash).not.toBe(one.sourceHash)
    const bytes = readFileSync(artifactPath(given.dataDir, one))
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(one.voterFile)
  })

  it('recognises a source published before and changes nothing', async () => {
    const { write, request, dataDir } = newCase()
    const file = write('v.csv', csv(small))
    const first = await publish(request([file]))
    const state = (): readonly string[] => readdirSync(path.join(dataDir, 'voters', 'FL'))
    const before = state()
    const again = await publish(request([file], { asOf: '2026-01-01' }))
    expect({ ...again, seconds: 0 }).toEqual({ ...first, seconds: 0, asOf: '2026-01-01' })
    expect(state()).toEqual(before)
    const otherwise = await publish(request([file], { mapping: { 'extra.party': 'Party' } }))
    expect(otherwise.sourceHash).not.toBe(first.sourceHash)
    expect(otherwise.voterFile).not.toBe(first.voterFile)
    const { index } = await openIndex(dataDir, otherwise, silently)
    const { column, vocabulary } = index.extras['party']!
    expect([...column].map((id) => textOf(vocabulary, id))).toEqual(['NPA', 'DEM'])
  })

  it('rejects rows without an SVID of their own and lines that are no rows, and counts every line', async () => {
    const { write, request, dataDir } = newCase()
    const lines = [
      'svid,first_name,last_name',
      '1,ANN,ROE',
      ',BOB,DOE',
      '1,CAT,POE',
      'short,1',
      '2,DAN,"LOE',
      '3,EVE,MOE',
      '  ,FAY,NOE',
      'long,1,2,3',
      '3,GUS,COE',
      '4,"HAL, JR",BOE',
    ]
    const published = await publish(request([write('v.csv', `${lines.join('\n')}\n`)]))
    expect([published.rows, published.rejected]).toEqual([3, 7])
    expect(
      rejectedOf(published.rejectedFile).map(({ row, field, value, reason }) => [row, field, value, reason]),
    ).toEqual([
      ['3', 'svid', '', 'no SVID'],
      ['4', 'svid', '1', 'an earlier row has this SVID'],
      ['5', 'last_name', 'short,1', 'malformed line: too few columns, 2 for 3'],
      ['6', '', '2,DAN,"LOE', 'a quote that does not end on its line'],
      ['8', 'svid', '', 'no SVID'],
      ['9', '', 'long,1,2,3', 'malformed line: too many columns, 4 for 3'],
      ['10', 'svid', '3', 'an earlier row has this SVID'],
    ])
    const rows = await orThrow(readVoters(artifactPath(dataDir, published), ['1', '3', '4']))
    expect([...rows.values()].map((row) => row['first_name']).sort()).toEqual(['ANN', 'EVE', 'HAL, JR'])
  })

  it('keeps rows whose residence is in another state, counts them and says so', async () => {
    const { write, request } = newCase()
    const rows = ['FL', 'Florida', 'GA', 'georgia', '', 'Ontario'].map((state, i) => `${i},A,${state}`)
    const file = write('voters.csv', `svid,first_name,state\n${rows.join('\n')}\n`)
    const expected = {
      rows: 6,
      rejected: 0,
      otherState: 2,
      notes: ['2 rows have their residence in another state than FL; they were kept'],
    }
    expect(await publish(request([file]))).toMatchObject(expected)
    // known by its hash, it is not read again
    expect(await publish(request([file]))).toMatchObject(expected)
    expect(await publish(request([write('none.csv', 'svid,first_name\n1,A\n')]))).toMatchObject({
      otherState: 0,
      notes: [],
    })
  })

  it('says of a file that is no UTF-8 where that begins, and how it was read', async () => {
    const { write, request } = newCase()
    const text = 'svid,first_name\n1,Zoë\n2,José\n'
    const broken = Buffer.concat([Buffer.from(text.slice(0, 21), 'utf8'), Buffer.from(text.slice(21), 'latin1')])
    expect((await publish(request([write('voters.csv', broken)]))).notes).toEqual([
      `voters.csv is no valid UTF-8 (byte ${broken.indexOf(0xe9)}); its lines that are not were read as windows-1252`,
    ])
    expect((await publish(request([write('whole.csv', text)]))).notes).toEqual([])
  })

  it('reads Windows-1252, UTF-16 and mixed line ends', async () => {
    const given = newCase()
    const text = 'svid;first_name;last_name\r\n1;JOSÉ;NUÑEZ\n2;ZOË;ROE\r\n'
    const wide = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])
    const hashes = new Set<string>()
    for (const bytes of [Buffer.from(text, 'latin1'), Buffer.from(text, 'utf8'), wide]) {
      const published = await publish(given.request([given.write('v.csv', bytes)]))
      const { index } = await openIndex(given.dataDir, published, silently)
      expect([...index.columns.first].map((id) => textOf(index.vocabularies.first, id))).toEqual(['JOSE', 'ZOE'])
      const rows = await orThrow(readVoters(artifactPath(given.dataDir, published), ['1']))
      expect(rows.get('1')).toMatchObject({ first_name: 'JOSÉ', last_name: 'NUÑEZ' })
      hashes.add(published.voterFile)
    }
    expect(hashes.size).toBe(1)
  })

  it('takes masked fields out and says which voters are masked', async () => {
    const { write, request, dataDir } = newCase()
    const rows = [
      ['svid', 'first_name', 'last_name', 'address1', 'note'],
      ['1', '*', '*', '*', '*'],
      ['2', 'A', 'B', '1 OAK ST', ''],
    ]
    const published = await publish(request([write('v.csv', csv(rows))]))
    expect(published).toMatchObject({ rows: 2, masked: 1 })
    const found = await orThrow(readVoters(artifactPath(dataDir, published), ['1']))
    expect(found.get('1')).toEqual({ svid: '1', note: '*', masked: 'Y' })
  })

  it('reads Parquet and a table of a DuckDB file, numbers as the texts they stand for', async () => {
    const given = newCase()
    const parquet = path.join(given.folder, 'v.parquet')
    const select = `select 12::bigint as svid, 'ANN' as first_name, 'ROE' as last_name, 2138 as zip, date '1970-03-04' as dob, 3055551234::double as phone`
    await runDuckDb(':memory:', `copy (${select}) to '${parquet}'`)
    const database = path.join(given.folder, 'i360.db')
    await runDuckDb(database, `create table i360_voters as ${select}`, 'create table other as select 1 as a')
    for (const order of [given.request([parquet]), given.request([database], { table: 'i360_voters' })]) {
      const published = await publish(order)
      const rows = await orThrow(readVoters(artifactPath(given.dataDir, published), ['12']))
      expect(rows.get('12')).toMatchObject({ zip: '02138', birth_date: '1970-03-04', phone: '3055551234' })
    }
  })

  it('joins columns that a map puts together and keeps a source column that has the name of a field', async () => {
    const { write, request, dataDir } = newCase()
    const rows = [
      ['id_no', 'first_name', 'last_name', 'area', 'local', 'phone'],
      ['1', 'A', 'B', '305', '5551234', 'office'],
    ]
    const published = await publish(
      request([write('v.csv', csv(rows))], { mapping: { svid: 'id_no', phone: 'area+local' } }),
    )
    const found = await orThrow(readVoters(artifactPath(dataDir, published), ['1']))
    expect(found.get('1')).toMatchObject({
      area: '305',
      local: '5551234',
      phone: '305 5551234',
      'source.phone': 'office',
    })
    const { index } = await openIndex(dataDir, published, silently)
    expect(textOf(index.vocabularies.phone, index.columns.phone[0]!)).toBe('+13055551234')
  })

  it('names file and line of rejected rows when there are several files', async () => {
    const { folder, request } = newCase()
    const register = path.join(folder, 'register')
    mkdirSync(register)
    const header = 'svid,first_name,last_name'
    writeFileSync(path.join(register, 'b.csv'), `${header}\n3,C,C\nshort\n1,D,D\n`)
    writeFileSync(path.join(register, 'a.csv'), `${header}\n1,A,A\n2,B,B\n`)
    const published = await publish(request([register]))
    expect([published.rows, published.rejected]).toEqual([3, 2])
    expect(rejectedOf(published.rejectedFile).map(({ file, row }) => [file, row])).toEqual([
      ['b.csv', '3'],
      ['b.csv', '4'],
    ])
  })

  it('rejects rows with a NUL byte and lines of 10 MB', async () => {
    const { write, request } = newCase()
    const huge = `4,${'x'.repeat(1e7)},D`
    const text = `svid,first_name,last_name\n1,A\0,A\n2,B,B\n${huge}\n3,C,C\n`
    const published = await publish(request([write('v.csv', text)]))
    expect([published.rows, published.rejected]).toEqual([2, 2])
    expect(rejectedOf(published.rejectedFile).map(({ row, reason }) => [row, reason])).toEqual([
      ['2', 'a NUL byte'],
      ['4', 'malformed line: longer than 2 MB'],
    ])
  })
})

describe("publishing Florida's extract", () => {
  const voter = (fields: Partial<Record<(typeof floridaColumns)[number], string>>): string =>
    floridaColumns.map((name) => fields[name] ?? '').join('\t')
  const counties = Array.from({ length: 67 }, (_, i) => String.fromCharCode(65 + (i % 26), 65 + Math.floor(i / 26), 88))

  it('reads 67 files, keeps quotes as letters, drops what is masked', async () => {
    const { folder, request, dataDir } = newCase()
    const extract = path.join(folder, 'extract')
    mkdirSync(extract)
    counties.forEach((county, i) => {
      const id = String(100_000_000 + i)
      const plain = {
        county,
        svid: id,
        last_name: 'O"BRIEN',
        first_name: 'JOSÉ',
        suffix: 'JR',
        sex: 'F',
        zip: '331011234',
      }
      const home = { address1: `${i + 1} NW 2ND AVE`, address2: 'APT 4', city: 'MIAMI', birth_date: '03/04/1970' }
      const phone = { daytime_area_code: '305', daytime_phone_number: '5551234', email: 'a@example.com' }
      const masked = {
        county,
        svid: `9${id}`,
        last_name: '*',
        first_name: '*',
        address1: '*',
        public_records_exemption: 'Y',
      }
      const careless = { ...plain, ...home, ...phone, svid: `8${id}`, public_records_exemption: 'Y' }
      const text = [voter({ ...plain, ...home, ...phone }), voter(masked), voter(careless)].join('\n')
      writeFileSync(path.join(extract, `${county}_20260101.txt`), Buffer.from(text, i % 2 === 0 ? 'latin1' : 'utf8'))
    })
    const published = await publish(request([extract]))
    expect(published).toMatchObject({ format: 'florida', rows: 201, masked: 134, rejected: 0 })
    const rows = await orThrow(readVoters(artifactPath(dataDir, published), ['100000000', '9100000000', '8100000000']))
    expect(rows.get('100000000')).toMatchObject({ last_name: 'O"BRIEN', first_name: 'JOSÉ', phone: '3055551234' })
    expect(rows.get('9100000000')).toEqual({
      county: 'AAX',
      svid: '9100000000',
      public_records_exemption: 'Y',
      masked: 'Y',
    })
    const careless = rows.get('8100000000')!
    expect(careless).toMatchObject({ last_name: 'O"BRIEN', sex: 'F' })
    for (const field of ['address1', 'city', 'zip', 'birth_date', 'phone', 'email'])
      expect(careless[field]).toBeUndefined()
    const { index } = await openIndex(dataDir, published, silently)
    const texts = (['number', 'street', 'unit', 'zip', 'phone', 'suffix'] as const).map((name) =>
      textOf(index.vocabularies[name], index.columns[name][0]!),
    )
    expect(texts).toEqual(['1', 'NW 2ND AVE', '4', '33101', '+13055551234', 'JR'])
    expect(index.birthDate[0]).toBe(19700304)
  })

  it('reads an extract of Windows-1252 with line ends of several kinds', async () => {
    const { write, request } = newCase()
    const ends = ['\n', '\r\n', '\n', '\r\n']
    const text = ends.map((end, i) => voter({ county: 'DAD', svid: `${i}`, last_name: 'NUÑEZ "' }) + end).join('')
    expect(await publish(request([write('DAD.txt', Buffer.from(text, 'latin1'))]))).toMatchObject({
      rows: 4,
      rejected: 0,
    })
  })

  it('knows the extract without being told, and a file by itself', async () => {
    const { write, request } = newCase()
    const text = `${voter({ county: 'DAD', svid: '123456789', last_name: 'ROE' })}\n`
    expect(await publish(request([write('DAD.txt', text)]))).toMatchObject({ format: 'florida', rows: 1 })
  })
})

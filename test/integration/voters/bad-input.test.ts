import { rmSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { scanSource } from '../../../src/voters/scan-source.js'
import { csv, failure, newCase } from './published.js'

const people = [
  ['svid', 'first_name', 'last_name'],
  ['1', 'A', 'B'],
]

describe('a source that can not be published', () => {
  const cases: readonly (readonly [
    name: string,
    content: string | Uint8Array,
    code: string,
    words: readonly string[],
  ])[] = [
    ['an empty file', '', 'BAD_FILE', ['empty']],
    ['a header only', 'svid,first_name\n', 'BAD_FILE', ['no rows, only a header']],
    ['binary junk', Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 31)), 'BAD_FILE', ['neither text']],
    ['a workbook', Buffer.from('504b0304aaaa', 'hex'), 'BAD_FILE', ['workbook', 'CSV']],
    ['an unknown delimiter', 'svid~first_name\n1~A\n', 'BAD_FILE', ['delimiter', 'svid~first_name']],
    ['two columns of one name', 'svid,name,Name\n1,A,B\n', 'BAD_FILE', ['two columns', '2 and 3']],
    ['two columns for one field', 'svid,First Name,first_name\n1,A,B\n', 'BAD_MAPPING', ['First Name', 'first_name']],
    ['no column for svid', 'a,b\n1,2\n', 'BAD_MAPPING', ['svid', '"a", "b"']],
    ['rows that are all too short', 'svid,a,b\n1\n2\n', 'BAD_FILE', ['line 2', 'too few columns']],
    ['rows that all lack an SVID', 'svid,a\n,2\n', 'BAD_FILE', ['line 2, svid', 'no SVID']],
  ]
  it.each(cases)('%s', async (_, content, code, words) => {
    const { write, request } = newCase()
    const error = await failure(request([write('voters.csv', content)]))
    expect(error.code).toBe(code)
    for (const word of ['voters.csv', ...words]) expect(error.message).toContain(word)
    expect(error.message).not.toMatch(/\n|at Object|node:/)
  })

  it('a file that is not there, and one that goes while it is read', async () => {
    const { write, request, folder } = newCase()
    const missing = path.join(folder, 'gone.csv')
    expect(await failure(request([missing]))).toMatchObject({ code: 'FILE_NOT_FOUND', details: { file: missing } })
    const file = write('soon.csv', csv(people))
    const source = { path: file, name: 'soon.csv', bytes: 9, kind: 'text', readPath: file } as const
    rmSync(file)
    await expect(scanSource(source, undefined)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
  })

  it.each(['ZZ', 'fl', 'Florida', ''])('a state %j', async (state) => {
    const { write, request } = newCase()
    const error = await failure(request([write('v.csv', csv(people))], { state }))
    expect(error).toMatchObject({ code: 'BAD_USAGE', details: { state } })
    expect(error.message).toContain('US state or territory')
  })

  it('a map that names a column which is not there, listing those that are', async () => {
    const { write, request } = newCase()
    const error = await failure(request([write('v.csv', csv(people))], { mapping: { svid: 'VoterNo' } }))
    expect(error).toMatchObject({ code: 'BAD_MAPPING', details: { field: 'svid', column: 'VoterNo' } })
    expect(error.message).toContain('"svid", "first_name", "last_name"')
  })

  it('a column that a map gives to two fields', async () => {
    const { write, request } = newCase()
    const mapping = { svid: 'svid', city: 'last_name', last_name: 'last_name' }
    expect(await failure(request([write('v.csv', csv(people))], { mapping }))).toMatchObject({ code: 'BAD_MAPPING' })
  })

  it('a state, a date or a map that can not be', async () => {
    const { write, request } = newCase()
    const file = write('v.csv', csv(people))
    expect(await failure(request([file], { state: 'Florida' }))).toMatchObject({ code: 'BAD_USAGE' })
    expect(await failure(request([file], { asOf: 'today' }))).toMatchObject({ code: 'BAD_USAGE' })
  })

  it('files of several kinds, or with other columns than the first', async () => {
    const { write, request } = newCase()
    const one = write('a.csv', csv(people))
    const other = write('b.csv', 'svid,last_name\n2,C\n')
    expect(await failure(request([one, other]))).toMatchObject({ code: 'BAD_FILE', details: { file: other } })
    const parquet = write('c.parquet', 'PAR1')
    expect((await failure(request([one, parquet]))).message).toContain('several kinds')
    expect(await failure(request([parquet]))).toMatchObject({ code: 'BAD_FILE' })
  })
})

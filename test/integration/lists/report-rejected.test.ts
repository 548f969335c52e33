import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { orThrow } from '../../../src/errors.js'
import { importList } from '../../../src/lists/import-list.js'
import { openList } from '../../../src/lists/open-list.js'
import { reportRejected } from '../../../src/lists/report-rejected.js'
import { type TestWorkplace, workplaceForTests } from '../../servers/workplace.js'

let folder: string
let place: TestWorkplace

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'matchbook-rejected-'))
  place = await workplaceForTests()
})
afterAll(async () => {
  await place.drop()
  await rm(folder, { recursive: true, force: true })
})

const importOf = async (file: string, batch: string, signal?: AbortSignal, onProgress?: () => void) =>
  importList(place, await orThrow(openList({ file })), {
    batch,
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  })

const report = (batch: string, signal = new AbortController().signal) =>
  reportRejected({ store: place.store, dataDir: folder, tenant: place.tenant, batch, signal })

const recordsOf = async (file: string): Promise<readonly Record<string, string>[]> =>
  parse(await readFile(file, 'utf8'), { columns: true })

describe('the report of rejected rows', () => {
  it('has every rejected row of an import that was cut off, with its reason and as it stood in the list', async () => {
    const file = join(folder, 'many.csv')
    const rows = Array.from({ length: 12_000 }, (_, i) =>
      i % 4 === 3 ? `"Ann ""${i}""",Lee,02/31/1970` : `Ann${i},Lee,03/04/1970`,
    )
    await writeFile(file, `First Name,Last Name,Birth Date\n${rows.join('\n')}\n`)
    const stop = new AbortController()
    await expect(importOf(file, 'many', stop.signal, () => stop.abort())).rejects.toMatchObject({ code: 'INTERRUPTED' })
    expect(await importOf(file, 'many')).toMatchObject({ resumed: true, rejected: 3_000 })
    const { rejectedFile, rejections } = await report('many')
    const records = await recordsOf(rejectedFile)
    expect(records.map(({ row }) => Number(row))).toEqual(Array.from({ length: 3_000 }, (_, i) => 4 * i + 4))
    expect(records[0]).toEqual({
      row: '4',
      field: 'birth_date',
      reason: expect.stringContaining('02/31/1970'),
      'First Name': 'Ann "3"',
      'Last Name': 'Lee',
      'Birth Date': '02/31/1970',
      'other cells': '',
    })
    expect(rejections).toHaveLength(100)
    expect(rejections[0]).toEqual({ row: 4, field: 'birth_date', reason: records[0]!['reason'] })
  })

  it('written again, is the same', async () => {
    const { rejectedFile } = await report('many')
    const before = await readFile(rejectedFile, 'utf8')
    await report('many')
    expect(await readFile(rejectedFile, 'utf8')).toBe(before)
  })

  it('keeps the cells that stand under no header', async () => {
    const file = join(folder, 'long.csv')
    await writeFile(file, 'First Name,Last Name\nAnn,Lee,surplus,more\n"Bob"x,Ray\n')
    await importOf(file, 'long')
    const records = await recordsOf((await report('long')).rejectedFile)
    expect(records.map((record) => record['other cells'])).toEqual(['surplus,more', expect.stringContaining('"Bob"x')])
  })

  it('can be read by nobody else', async () => {
    const { rejectedFile } = await report('long')
    expect((await stat(rejectedFile)).mode & 0o777).toBe(0o600)
    expect((await stat(dirname(rejectedFile))).mode & 0o777).toBe(0o700)
  })

  it('stops when it is interrupted, and leaves the one before', async () => {
    const { rejectedFile } = await report('long')
    const before = await readFile(rejectedFile, 'utf8')
    await expect(report('long', AbortSignal.abort())).rejects.toMatchObject({ code: 'INTERRUPTED' })
    expect(await readFile(rejectedFile, 'utf8')).toBe(before)
  })
})

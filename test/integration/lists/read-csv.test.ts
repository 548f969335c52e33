import { createHash } from 'node:crypto'
import { appendFile, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openList } from '../../../src/lists/open-list.js'
import { writeCsv } from '../../unit/lists/write-csv.js'
import { contactsOf, fileIn, newFolder, opened, reasonsOf, rowsOf } from './read-rows.js'

let folder: string
beforeAll(async () => {
  folder = await newFolder()
})
afterAll(() => rm(folder, { recursive: true }))

const read = async (content: string | Buffer) => {
  const list = await opened({ file: await fileIn(folder, 'list.csv', content) })
  const rows = await rowsOf(list)
  expect(rows.map(({ row }) => row)).toEqual(Array.from({ length: list.rows }, (_, i) => i + 1))
  return { list, rows, contacts: contactsOf(rows), reasons: reasonsOf(rows) }
}

const refusalOf = async (content: string | Buffer) => {
  const answer = await openList({ file: await fileIn(folder, 'list.csv', content) })()
  return answer._tag === 'Left' ? answer.left : undefined
}

const people = 'First Name,Last Name,City\r\nJosé,Muñoz,Łódź\r\nŽofie,“Lee”,Köln\r\n'
const western = 'First Name,Last Name,City\r\nJosé,Muñoz,“Cádiz”\r\nZoë,Lee – Šmid,Köln\r\n'

describe('a CSV file', () => {
  it('is named by its hash, described and counted', async () => {
    const content = 'Name,Email,Pet\nAnn Lee,ann@example.org,cat\n\nBob Fay,bob@example.org,\n'
    const { list, contacts } = await read(content)
    expect(list).toMatchObject({
      fileName: 'list.csv',
      listHash: createHash('sha256').update(content).digest('hex'),
      headers: ['Name', 'Email', 'Pet'],
      mapping: { full_name: 'Name', email: 'Email' },
      rows: 2,
      kind: 'csv',
      encoding: 'utf-8',
      delimiter: ',',
      notes: [],
    })
    expect(contacts.map(({ first_name }) => first_name)).toEqual(['Ann', 'Bob'])
  })

  it.each([
    ['utf-8', Buffer.from(people)],
    ['utf-8', Buffer.from(`\ufeff${people}`)],
    ['utf-16le', Buffer.from(`\ufeff${people}`, 'utf16le')],
    ['utf-16le', Buffer.from(people, 'utf16le')],
    ['utf-16be', Buffer.from(`\ufeff${people}`, 'utf16le').swap16()],
    ['utf-16be', Buffer.from(people, 'utf16le').swap16()],
  ])('in %s is read as written', async (encoding, bytes) => {
    const { list, contacts } = await read(bytes)
    expect(list.encoding).toBe(encoding)
    expect(contacts).toEqual([
      { first_name: 'José', last_name: 'Muñoz', city: 'Łódź' },
      { first_name: 'Žofie', last_name: '“Lee”', city: 'Köln' },
    ])
  })

  it('in windows-1252 is read as written, and says so', async () => {
    const bytes = Buffer.from(
      western.replace(/[“”–Š]/g, (c) => String.fromCharCode({ '“': 0x93, '”': 0x94, '–': 0x96, Š: 0x8a }[c]!)),
      'latin1',
    )
    const { list, contacts } = await read(bytes)
    expect(list.encoding).toBe('windows-1252')
    expect(list.notes).toEqual(['list.csv is no valid UTF-8 (byte 30); it was read as windows-1252'])
    expect(contacts[1]).toEqual({ first_name: 'Zoë', last_name: 'Lee – Šmid', city: 'Köln' })
  })

  it('in UTF-8 with broken bytes far behind the head is read with those replaced, and says so', async () => {
    const bytes = Buffer.concat([
      Buffer.from('Name,City\n'),
      Buffer.from('José Muñoz,Köln\n'.repeat(40_000)),
      Buffer.from([0x41, 0xff, 0x42, 0x2c, 0x43, 0x0a]),
    ])
    const { list, rows } = await read(bytes)
    expect(list).toMatchObject({ encoding: 'utf-8', rows: 40_001 })
    expect(list.notes).toEqual([expect.stringContaining('1 broken bytes were replaced')])
    expect(rows[40_000]?.original).toEqual({ Name: 'A\ufffdB', City: 'C' })
  })

  it('may have NUL bytes in its cells', async () => {
    const { rows } = await read('Name,City\nAnn\0 Lee,Köln\0\n')
    expect(rows[0]?.original).toEqual({ Name: 'Ann\ufffd Lee', City: 'Köln\ufffd' })
  })

  it('with open quotes, short rows and long rows loses only the rows that are wrong', async () => {
    const { reasons, contacts } = await read(
      'Name,Email,City\nAnn,a@b.org\nBob,"b@b.org,Rome\nCy,c@b.org,Bonn,more\nDee,d@b.org,"Ulm\nbei Donau"\nEd,"e@b.org\n',
    )
    expect(contacts.map(({ full_name }) => full_name)).toEqual(['Ann', 'Dee'])
    expect(contacts[1]?.city).toBe('Ulm bei Donau')
    expect(reasons).toEqual([
      [2, expect.stringContaining('"Bob,\\"b@b.org,Rome"')],
      [3, 'The row has 4 cells for 3 columns; "more" stands in none of them'],
      [5, 'A quote is opened and never closed: "Ed,\\"e@b.org"'],
    ])
  })

  it('with a cell of 10 MB loses that row', async () => {
    const { list, reasons, rows } = await read(`Name,Note\nAnn,x\nBob,"${'y'.repeat(10_000_001)}"\nCy,z\n`)
    expect(list.rows).toBe(3)
    expect(reasons).toEqual([[2, expect.stringContaining('more than 10 million characters')]])
    expect(rows[2]?.original).toEqual({ Name: 'Cy', Note: 'z' })
  })

  it('with a line sep= is read as that says', async () => {
    const { list, contacts } = await read('sep=;\r\nName;City\r\nAnn;Bonn, Köln\r\n')
    expect(list.rows).toBe(1)
    expect(contacts[0]?.city).toBe('Bonn, Köln')
  })
})

describe('a file that is no contact list is refused:', () => {
  it.each([
    ['nothing', '', 'BAD_FILE', 'is empty'],
    ['a header only', 'Name,Email\n', 'BAD_FILE', 'has a header and no rows'],
    ['a header without a line end', 'Name,Email', 'BAD_FILE', 'has a header and no rows'],
    ['blank lines', '\n \n\r\n', 'BAD_FILE', 'is empty'],
    ['an image', Buffer.from('89504e470d0a1a0a0000', 'hex'), 'BAD_FILE', 'is a PNG image'],
    ['noise', Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * i * 31 + i) % 251)), 'BAD_FILE', 'no text file'],
    ['an archive', Buffer.from('504b0304140000000800', 'hex'), 'BAD_FILE', 'is a damaged workbook'],
    ['another delimiter', 'First Name#Last Name\nAnn#Lee\n', 'BAD_FILE', 'one column only, "First Name#Last Name"'],
    ['two columns of one name', 'Name,Email,Email\n', 'BAD_FILE', 'two columns "Email": 2 and 3'],
    ['an open quote in the header', 'Name,"Email\nAnn,a@b.org\n', 'BAD_FILE', 'header row: A quote is opened'],
    ['no header', 'Ann,Lee\nBob,Fay\n', 'BAD_MAPPING', '"Ann", "Lee"'],
  ])('%s', async (_, content, code, message) => {
    expect(await refusalOf(content)).toMatchObject({
      code,
      message: expect.stringContaining(message),
      details: { file: join(folder, 'list.csv') },
    })
  })

  it('one that is not there, and a folder', async () => {
    const missing = await openList({ file: join(folder, 'nowhere.csv') })()
    expect(missing).toMatchObject({ left: { code: 'FILE_NOT_FOUND' } })
    await mkdir(join(folder, 'folder.csv'))
    expect(await openList({ file: join(folder, 'folder.csv') })()).toMatchObject({
      left: { code: 'BAD_FILE', message: expect.stringContaining('is a folder') },
    })
  })
})

const manyRows = (n: number): string =>
  `Name,Email\n${Array.from({ length: n }, (_, i) => `Ann Lee${i},ann${i}@example.org\n`).join('')}`

describe('a file that does not hold still', () => {
  const begin = async () => {
    const file = await fileIn(folder, 'moving.csv', manyRows(60_000))
    const list = await opened({ file })
    const batches = list.read(1)[Symbol.asyncIterator]()
    await batches.next()
    const rest = async () => {
      for (;;) if ((await batches.next()).done === true) return
    }
    return { file, list, rest, stop: () => batches.return?.() }
  }

  it('but disappears half-way is an error', async () => {
    const { file, rest } = await begin()
    await rm(file)
    await expect(rest()).rejects.toMatchObject({ code: 'BAD_FILE', message: expect.stringContaining('disappeared') })
  })

  it('but grows half-way is an error', async () => {
    const { file, rest } = await begin()
    await appendFile(file, 'Bob,b@example.org\n')
    await expect(rest()).rejects.toMatchObject({ code: 'BAD_FILE', message: expect.stringContaining('changed') })
  })

  it('but is replaced between counting and reading is an error before the first row', async () => {
    const { file, list, stop } = await begin()
    await stop()
    await writeFile(`${file}.new`, manyRows(60_000).replaceAll('Ann', 'Bob'))
    await rename(`${file}.new`, file)
    await expect(rowsOf(list)).rejects.toMatchObject({ code: 'BAD_FILE', message: expect.stringContaining('changed') })
  })

  it('or whose reading is interrupted says so', async () => {
    const stop = new AbortController()
    const list = await opened({ file: await fileIn(folder, 'list.csv', manyRows(60_000)), signal: stop.signal })
    const batches = list.read(1)[Symbol.asyncIterator]()
    await batches.next()
    stop.abort()
    await expect(batches.next().then(() => batches.next())).rejects.toMatchObject({ code: 'INTERRUPTED' })
  })
})

describe('reading from a row on', () => {
  it('gives what reading from the start gives from there, and as many rows as were counted', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', ' '), maxLength: 6 })
    const records = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(records, fc.constantFrom('\n', '\r\n', '\r'), fc.nat({ max: 32 }), async (cells, lineEnd, k) => {
        const style = { delimiter: ',', lineEnd, quoting: 'needed', endsWithLineEnd: false } as const
        const text = writeCsv([['Name', 'City'], ...cells], style)
        const { list, rows } = await read(text)
        expect(list.rows).toBe(cells.length)
        expect(await rowsOf(list, k + 1)).toEqual(rows.slice(k))
      }),
      { numRuns: 100 },
    )
  })

  it('comes in batches of 5,000 rows at most, none of them empty', async () => {
    const list = await opened({ file: await fileIn(folder, 'list.csv', manyRows(23_456)) })
    const sizes: number[] = []
    for await (const batch of list.read(3_457)) sizes.push(batch.length)
    expect(sizes.reduce((sum, size) => sum + size)).toBe(20_000)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(5_000)
    expect(Math.min(...sizes)).toBeGreaterThan(0)
  })
})

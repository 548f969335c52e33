import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openList } from '../../../src/lists/open-list.js'
import { makeWorkbook, textRow, type WorkbookParts } from './make-workbook.js'
import { contactsOf, fileIn, newFolder, opened, reasonsOf, rowsOf } from './read-rows.js'

let folder: string
beforeAll(async () => {
  folder = await newFolder()
})
afterAll(() => rm(folder, { recursive: true }))

const book = (parts: WorkbookParts): Promise<string> => makeWorkbook(join(folder, 'list.xlsx'), parts)

/** The cells of the first data row under these headers, as text. */
const cellsOf = async (headers: readonly string[], row: string, parts: Partial<WorkbookParts> = {}) => {
  const file = await book({ ...parts, sheets: { List: textRow(...headers) + row } })
  return (await rowsOf(await opened({ file })))[0]?.original
}

const refusalOf = async (file: string, sheet?: string) => {
  const answer = await openList({ file, ...(sheet === undefined ? {} : { sheet }) })()
  return answer._tag === 'Left' ? answer.left : undefined
}

/** Styles 0 to 5: general, built-in date, date and time of the workbook's own, ZIP, ZIP+4, a price in red. */
const styles = `<numFmts>
  <numFmt numFmtId="164" formatCode="[$-409]m/d/yy\\ h:mm;@"/><numFmt numFmtId="165" formatCode="00000"/>
  <numFmt numFmtId="166" formatCode="00000\\-0000"/><numFmt numFmtId="167" formatCode="[Red]&quot;days &quot;0.00"/>
  </numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/>
  <xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="167"/></cellXfs>`

describe('a workbook', () => {
  it('is read from its first sheet, or from the one named, whatever the case', async () => {
    const sheets = {
      People: textRow('Name', 'Email') + textRow('Ann Lee', 'ann@example.org') + textRow('Bob Fay', ''),
      Others: textRow('Name') + textRow('Cy Dee'),
    }
    const file = await book({ sheets })
    const list = await opened({ file })
    expect(list).toMatchObject({ kind: 'xlsx', fileName: 'list.xlsx', headers: ['Name', 'Email'], rows: 2 })
    expect(list.encoding).toBeUndefined()
    expect(contactsOf(await rowsOf(list)).map(({ first_name }) => first_name)).toEqual(['Ann', 'Bob'])
    expect((await rowsOf(await opened({ file, sheet: 'OTHERS' })))[0]?.original).toEqual({ Name: 'Cy Dee' })
    expect(await refusalOf(file, 'Donors')).toMatchObject({
      code: 'BAD_FILE',
      message: expect.stringContaining('has no sheet "Donors"; its sheets: "People", "Others"'),
    })
  })

  it('has its dates, numbers and padded numbers as they are shown', async () => {
    const row = `<row r="2"><c s="1"><v>29221</v></c><c s="2"><v>45000.5</v></c><c s="3"><v>2138</v></c>
      <c s="4"><v>21380123</v></c><c s="5"><v>33.299999999999997</v></c><c><v>6.175550134E9</v></c><c><v>12.0</v></c>
      <c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c><c t="d"><v>1980-01-01T00:00:00Z</v></c>
      <c t="str"><f>A1&amp;B1</f><v>a&amp;b</v></c></row>`
    const headers = ['DOB', 'At', 'Zip', 'Zip+4', 'Days', 'Phone', 'Whole', 'Flag', 'Error', 'Date', 'Formula']
    expect(await cellsOf(headers, row, { styles })).toEqual({
      DOB: '1980-01-01',
      At: '2023-03-15 12:00:00',
      Zip: '02138',
      'Zip+4': '021380123',
      Days: '33.3',
      Phone: '6175550134',
      Whole: '12',
      Flag: 'TRUE',
      Error: '#N/A',
      Date: '1980-01-01',
      Formula: 'a&b',
    })
  })

  it('gives ZIPs that are numbers their zero back, and reads unformatted date numbers of birth', async () => {
    const file = await book({
      sheets: {
        List: `${textRow('Last Name', 'Zip', 'DOB')}<row><c t="str"><v>Lee</v></c><c><v>2138</v></c><c><v>29221</v></c></row>`,
      },
    })
    const [contact] = contactsOf(await rowsOf(await opened({ file })))
    expect(contact).toEqual({ last_name: 'Lee', zip: '02138', birth_date: '1980-01-01' })
  })

  it('of the old Mac counts its days from 1904', async () => {
    const row = '<row><c s="1"><v>27759</v></c></row>'
    expect(await cellsOf(['DOB'], row, { styles, workbookProperties: '<workbookPr date1904="1"/>' })).toEqual({
      DOB: '1980-01-01',
    })
  })

  it('has shared texts with runs and escapes, without phonetic hints', async () => {
    const strings = `<si><t>Lee &amp; Söhne</t></si>
      <si><r><t>O&#8217;</t></r><r><rPr><b/></rPr><t xml:space="preserve">Neil </t></r><rPh><t>hint</t></rPh></si>
      <si><t>two_x000D_lines_x0000_</t></si><si><t/></si>`
    const row = '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c><c t="s"><v>3</v></c></row>'
    expect(await cellsOf(['Name', 'B', 'C', 'D'], row, { strings })).toEqual({
      Name: 'Lee & Söhne',
      B: 'O’Neil ',
      C: 'two\rlines\ufffd',
      D: '',
    })
  })

  it('has cells where their references put them; empty rows are no rows', async () => {
    const file = await book({
      sheets: {
        List: `<row r="1"/><row r="3"><c r="B3" t="str"><v>Name</v></c><c r="D3" t="str"><v>City</v></c></row>
          <row r="7" hidden="1"><c r="D7" t="str"><v>Ulm</v></c><c r="E7" s="1"/></row>
          <row r="8"><c r="B8" t="str"><v> </v></c><c r="C8"/></row>
          <row r="9"><c r="B9" t="str"><v>Ann Lee</v></c><c r="AA9" t="str"><v>stray</v></c></row>`,
      },
    })
    const list = await opened({ file })
    expect(list.rows).toBe(2)
    expect(list.headers).toEqual(['column 1', 'Name', 'column 3', 'City'])
    const rows = await rowsOf(list)
    expect(rows[0]?.original).toEqual({ 'column 1': '', Name: '', 'column 3': '', City: 'Ulm' })
    expect(reasonsOf(rows)[1]).toEqual([2, expect.stringContaining('"stray" stands in none of them')])
  })

  it('may have its elements prefixed, as .NET programs write them', async () => {
    const rows = '<x:row><x:c t="str"><x:v>Name</x:v></x:c></x:row><x:row><x:c t="str"><x:v>Ann Lee</x:v></x:c></x:row>'
    const file = await book({ sheets: { List: rows }, prefix: 'x:' })
    expect((await rowsOf(await opened({ file })))[0]?.original).toEqual({ Name: 'Ann Lee' })
  })

  it('is read from any row on as from the start', async () => {
    const rows = Array.from({ length: 12_000 }, (_, i) => textRow(`Ann Lee${i}`)).join('')
    const list = await opened({ file: await book({ sheets: { List: textRow('Name') + rows } }) })
    const all = await rowsOf(list)
    expect(all.length).toBe(12_000)
    expect(await rowsOf(list, 11_001)).toEqual(all.slice(11_000))
  })
})

describe('refused is', () => {
  const sheets = { List: textRow('Name') + Array.from({ length: 5000 }, (_, i) => textRow(`Ann ${i} Lee`)).join('') }

  it('a workbook that is cut off', async () => {
    const bytes = await readFile(await book({ sheets }))
    const file = await fileIn(folder, 'cut.xlsx', bytes.subarray(0, bytes.length / 2))
    expect(await refusalOf(file)).toMatchObject({ code: 'BAD_FILE', message: expect.stringContaining('damaged') })
  })

  it('a workbook with damaged bytes', async () => {
    const file = await book({ sheets })
    const bytes = await readFile(file)
    bytes.fill(0x55, bytes.length - 9_000, bytes.length - 3_000)
    await writeFile(file, bytes)
    expect(await refusalOf(file)).toMatchObject({ code: 'BAD_FILE', message: expect.stringContaining('damaged') })
  })

  it('a sheet that is no XML', async () => {
    const file = await book({ sheets: { List: '<row><c></row>' } })
    expect(await refusalOf(file)).toMatchObject({ code: 'BAD_FILE', message: expect.stringContaining('damaged') })
  })

  it('an empty sheet', async () => {
    const file = await book({ sheets: { List: '' } })
    expect(await refusalOf(file)).toMatchObject({ code: 'BAD_FILE', message: expect.stringContaining('is empty') })
  })

  it('a sheet of a file that has none', async () => {
    const file = await fileIn(folder, 'list.csv', 'Name\nAnn Lee\n')
    expect(await refusalOf(file, 'List')).toMatchObject({
      code: 'BAD_FILE',
      message: expect.stringContaining('no workbook'),
    })
  })

  it('an archive of something else', async () => {
    const file = await book({ sheets: {} })
    const bytes = await readFile(file)
    const renamed = Buffer.from(bytes.toString('latin1').replaceAll('_rels/.rels', '_rels/.nope'), 'latin1')
    await writeFile(file, renamed)
    expect(await refusalOf(file)).toMatchObject({
      code: 'BAD_FILE',
      message: expect.stringContaining('no .xlsx workbook'),
    })
  })

  it('a workbook without sheets', async () => {
    expect(await refusalOf(await book({ sheets: {} }))).toMatchObject({ code: 'BAD_FILE' })
  })

  it('a workbook that nests entities', async () => {
    const bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    const file = await book({ sheets: { List: `${bomb}<row><c t="str"><v>&b;</v></c></row>` } })
    expect(await refusalOf(file)).toMatchObject({ code: 'BAD_FILE', message: expect.stringContaining('damaged') })
  })
})

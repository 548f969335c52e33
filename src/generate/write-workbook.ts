import { createWriteStream } from 'node:fs'
import { rename } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'

/** A cell: text, a number, or '' for none. */
export type Cell = string | number

const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const officeRelations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packageRelations = 'http://schemas.openxmlformats.org/package/2006/relationships'
const contentTypes = 'http://schemas.openxmlformats.org/package/2006/content-types'
const sheetMl = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const columnName = (column: number): string =>
  column < 26
    ? String.fromCharCode(65 + column)
    : columnName(Math.floor(column / 26) - 1) + String.fromCharCode(65 + (column % 26))

const cellXml = (cell: Cell, column: number, row: number): string => {
  if (cell === '') return ''
  const at = `${columnName(column)}${row + 1}`
  return typeof cell === 'number'
    ? `<c r="${at}"><v>${cell}</v></c>`
    : `<c r="${at}" t="inlineStr"><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`
}

const sheetXml = (rows: readonly (readonly Cell[])[]): string => {
  const body = rows.map((cells, row) => {
    const inside = cells.map((cell, column) => cellXml(cell, column, row)).join('')
    return `<row r="${row + 1}">${inside}</row>`
  })
  return `${xml}<worksheet xmlns="${main}"><sheetData>${body.join('')}</sheetData></worksheet>`
}

/** The parts of a workbook of one sheet, ECMA-376 part 1, and nothing that is not needed. */
const partsOf = (sheet: string, rows: readonly (readonly Cell[])[]): readonly (readonly [string, string])[] => [
  [
    '[Content_Types].xml',
    `${xml}<Types xmlns="${contentTypes}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${sheetMl}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${sheetMl}.worksheet+xml"/></Types>`,
  ],
  [
    '_rels/.rels',
    `${xml}<Relationships xmlns="${packageRelations}"><Relationship Id="rId1" Type="${officeRelations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  ],
  [
    'xl/workbook.xml',
    `${xml}<workbook xmlns="${main}" xmlns:r="${officeRelations}"><sheets><sheet name="${escaped(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  ],
  [
    'xl/_rels/workbook.xml.rels',
    `${xml}<Relationships xmlns="${packageRelations}"><Relationship Id="rId1" Type="${officeRelations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
  ],
  ['xl/worksheets/sheet1.xml', sheetXml(rows)],
]

/** Writes an XLSX of one sheet. The same rows give the same bytes. Rejects as `node:fs` does. */
export const writeWorkbook = async (path: string, sheet: string, rows: readonly (readonly Cell[])[]): Promise<void> => {
  const zip = new ZipFile()
  const mtime = new Date(2024, 9, 8)
  for (const [name, text] of partsOf(sheet, rows))
    zip.addBuffer(Buffer.from(text), name, { mtime, forceDosTimestamp: true })
  zip.end()
  await pipeline(zip.outputStream, createWriteStream(`${path}.part`))
  await rename(`${path}.part`, path)
}

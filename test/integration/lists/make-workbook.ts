import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'

/** A workbook as other programs write it; every part that is not given is as short as it may be. */
export interface WorkbookParts {
  /** sheet name → the inside of its `sheetData`; chunks may come as they are made */
  readonly sheets: Readonly<Record<string, string | Iterable<string>>>
  /** the inside of `sst` */
  readonly strings?: string | Iterable<string>
  /** the inside of `styleSheet` */
  readonly styles?: string
  readonly workbookProperties?: string
  /** prefix of the main namespace, such as `x:` in files of .NET programs */
  readonly prefix?: string
}

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const relationships = 'http://schemas.openxmlformats.org/package/2006/relationships'

const relation = (id: string, type: string, target: string): string =>
  `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`

const relations = (inside: string): string => `<Relationships xmlns="${relationships}">${inside}</Relationships>`

function* wrapped(before: string, inside: string | Iterable<string>, after: string): Generator<string> {
  yield before
  if (typeof inside === 'string') yield inside
  else yield* inside
  yield after
}

export const makeWorkbook = async (file: string, parts: WorkbookParts): Promise<string> => {
  const { sheets, strings, styles, workbookProperties = '', prefix = '' } = parts
  const names = Object.keys(sheets)
  const xmlns = prefix === '' ? `xmlns="${main}"` : `xmlns:${prefix.slice(0, -1)}="${main}"`
  const element = (name: string, inside: string | Iterable<string>): Iterable<string> =>
    wrapped(`<?xml version="1.0"?>\n<${prefix}${name} ${xmlns} xmlns:r="${office}">`, inside, `</${prefix}${name}>`)
  const zip = new ZipFile()
  const add = (name: string, content: Iterable<string>): void => zip.addReadStream(Readable.from(content), name)
  add('_rels/.rels', [relations(relation('r1', 'officeDocument', 'xl/workbook.xml'))])
  const tabs = names.map((name, i) => `<${prefix}sheet name="${name}" sheetId="${i + 1}" r:id="s${i}"/>`).join('')
  add('xl/workbook.xml', element('workbook', `${workbookProperties}<${prefix}sheets>${tabs}</${prefix}sheets>`))
  add('xl/_rels/workbook.xml.rels', [
    relations(
      names.map((_, i) => relation(`s${i}`, 'worksheet', `worksheets/s${i}.xml`)).join('') +
        relation('t', 'sharedStrings', 'sharedStrings.xml') +
        relation('u', 'styles', '/xl/styles.xml'),
    ),
  ])
  if (strings !== undefined) add('xl/sharedStrings.xml', element('sst', strings))
  if (styles !== undefined) add('xl/styles.xml', element('styleSheet', styles))
  names.forEach((name, i) => {
    const data = wrapped(`<${prefix}sheetData>`, sheets[name]!, `</${prefix}sheetData>`)
    add(`xl/worksheets/s${i}.xml`, element('worksheet', data))
  })
  zip.end()
  await pipeline(zip.outputStream, createWriteStream(file))
  return file
}

/** A row of inline strings, cells without references. */
export const textRow = (...cells: string[]): string =>
  `<row>${cells.map((cell) => `<c t="inlineStr"><is><t>${cell}</t></is></c>`).join('')}</row>`

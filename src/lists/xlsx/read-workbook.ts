import { posix } from 'node:path'
import { type NumberFormat, numberFormat } from './number-formats.js'
import { parseWholeXml } from './parse-xml.js'
import type { WorkbookZip } from './workbook-zip.js'

export interface Workbook {
  /** worksheets in the order of their tabs, with the part that holds each */
  readonly sheets: readonly { readonly name: string; readonly part: string }[]
  readonly epoch: 1900 | 1904
  readonly sharedStringsPart: string | undefined
  /** by the style number of a cell */
  readonly formats: readonly NumberFormat[]
}

interface Relation {
  readonly type: string
  readonly part: string
}

/** Reads a workbook's directory parts (ECMA-376 part 1, 18.2 and 18.8). undefined: the archive holds no .xlsx workbook. */
export const readWorkbook = async (zip: WorkbookZip): Promise<Workbook | undefined> => {
  const root = [...(await readRelations(zip, '')).values()].find(({ type }) => type === 'officeDocument')
  if (root === undefined || !root.part.toLowerCase().endsWith('.xml')) return undefined
  const relations = await readRelations(zip, root.part)
  const partOf = (wanted: string) => [...relations.values()].find(({ type }) => type === wanted)?.part
  const sheets: { name: string; part: string }[] = []
  let epoch: 1900 | 1904 = 1900
  let isWorkbook = false
  await parseWholeXml(await zip.open(root.part), {
    open: (name, attributes) => {
      if (name === 'workbook') isWorkbook = true
      if (name === 'workbookPr' && /^(?:1|true)$/.test(attributes['date1904'] ?? '')) epoch = 1904
      const relation = name === 'sheet' ? relations.get(attributes['r:id'] ?? relationId(attributes)) : undefined
      if (relation?.type === 'worksheet') sheets.push({ name: attributes['name'] ?? '', part: relation.part })
    },
  })
  if (!isWorkbook) return undefined
  return {
    sheets,
    epoch,
    sharedStringsPart: partOf('sharedStrings'),
    formats: await readFormats(zip, partOf('styles')),
  }
}

/** The relation id under whatever prefix the producer gave the namespace. */
const relationId = (attributes: Readonly<Record<string, string>>): string =>
  Object.entries(attributes).find(([name]) => name.endsWith(':id'))?.[1] ?? ''

const readRelations = async (zip: WorkbookZip, part: string): Promise<ReadonlyMap<string, Relation>> => {
  const folder = posix.dirname(part)
  const file = posix.join(folder, '_rels', `${posix.basename(part)}.rels`)
  const relations = new Map<string, Relation>()
  if (!zip.has(file)) return relations
  await parseWholeXml(await zip.open(file), {
    open: (name, { Id = '', Type = '', Target = '' }) => {
      if (name !== 'Relationship') return
      const target = Target.startsWith('/') ? Target.slice(1) : posix.join(folder, Target)
      relations.set(Id, { type: posix.basename(Type), part: target })
    },
  })
  return relations
}

const readFormats = async (zip: WorkbookZip, part: string | undefined): Promise<readonly NumberFormat[]> => {
  const formats: NumberFormat[] = []
  if (part === undefined || !zip.has(part)) return formats
  const codes = new Map<string, string>()
  let isCellFormats = false
  await parseWholeXml(await zip.open(part), {
    open: (name, { numFmtId = '0', formatCode = '' }) => {
      if (name === 'numFmt') codes.set(numFmtId, formatCode)
      else if (name === 'cellXfs') isCellFormats = true
      else if (name === 'xf' && isCellFormats) formats.push(numberFormat(Number(numFmtId), codes.get(numFmtId)))
    },
    close: (name) => {
      if (name === 'cellXfs') isCellFormats = false
    },
  })
  return formats
}

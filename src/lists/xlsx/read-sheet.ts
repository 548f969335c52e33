import type { Readable } from 'node:stream'
import { cleaned } from '../csv/text-decoder.js'
import { numberText } from './number-formats.js'
import { parseXml } from './parse-xml.js'
import type { Workbook } from './read-workbook.js'
import type { StringPages } from './string-pages.js'

/** ECMA-376: the columns of a sheet. */
const mostColumns = 16_384

/** Texts carry characters that XML can't hold as `_x000D_` (ECMA-376 part 1, 22.9.2.19). */
const escaped = /_x([0-9a-fA-F]{4})_/g
const unescaped = (text: string): string =>
  text.includes('_x')
    ? text.replace(escaped, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text

/**
 * Column number from 0 of a reference such as `AB12`; `next` when the cell has none, as in files of some writers.
 */
const columnOf = (reference: string | undefined, next: number): number => {
  if (reference === undefined) return next
  let column = 0
  for (let i = 0; i < reference.length; i++) {
    const letter = reference.charCodeAt(i) & ~32
    if (letter < 65 || letter > 90) break
    column = column * 26 + letter - 64
  }
  return column === 0 ? next : column - 1
}

/**
 * Calls `onRow` with the cells of each row that holds any text, as it streams in, and yields now and then. Hidden rows
 * and columns count like others; a formula's cell is its last result. Throws an Error for a damaged sheet.
 */
export async function* readSheet(
  stream: Readable,
  { formats, epoch }: Workbook,
  strings: StringPages,
  onRow: (cells: readonly string[]) => void,
): AsyncGenerator<void> {
  let cells: string[] = []
  let isRowFilled = false
  let column = -1
  let type = 'n'
  let style = 0
  let value = ''
  let isValue = false
  const text = (): string => {
    if (type === 's') return unescaped(strings.get(Number(value)) ?? '')
    if (type === 'str' || type === 'inlineStr') return unescaped(value)
    if (type === 'b') return value === '1' ? 'TRUE' : 'FALSE'
    if (type === 'd') return value.replace(/T00:00:00(?:\.0+)?Z?$/, '')
    return type === 'e' ? value : numberText(value, formats[style] ?? 'plain', epoch)
  }
  let hints = 0
  let isDone = false
  const parsed = parseXml(stream, {
    isDone: () => isDone,
    open: (name, attributes) => {
      if (name === 'c') {
        column = columnOf(attributes['r'], column + 1)
        type = attributes['t'] ?? 'n'
        style = Number(attributes['s'] ?? 0)
        value = ''
      } else if (name === 'row') {
        cells = []
        isRowFilled = false
        column = -1
      } else if (name === 'rPh') hints++
      isValue = name === 'v' || (name === 't' && hints === 0)
    },
    text: (piece) => {
      if (isValue) value += piece
    },
    close: (name) => {
      isValue = false
      if (name === 'c' && value !== '' && column < mostColumns) {
        while (cells.length < column) cells.push('')
        cells[column] = cleaned(text())
        isRowFilled ||= cells[column]!.trim() !== ''
      } else if (name === 'row' && isRowFilled) onRow(cells)
      else if (name === 'rPh') hints--
      else if (name === 'sheetData') isDone = true
    },
  })
  yield* parsed
}

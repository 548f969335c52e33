/** A cell as RFC 4180 wants it: in quotes where it must be, or everywhere. */
const cellOf = (cell: string, delimiter: string, quoting: 'needed' | 'all'): string =>
  quoting === 'all' || /["\r\n]/.test(cell) || cell.includes(delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell

export interface CsvStyle {
  readonly delimiter: string
  readonly lineEnd: string
  readonly quoting: 'needed' | 'all'
  readonly endsWithLineEnd: boolean
}

export const writeCsv = (records: readonly (readonly string[])[], style: CsvStyle): string => {
  const { delimiter, lineEnd, quoting, endsWithLineEnd } = style
  const lines = records.map((cells) => cells.map((cell) => cellOf(cell, delimiter, quoting)).join(delimiter))
  return lines.join(lineEnd) + (endsWithLineEnd ? lineEnd : '')
}

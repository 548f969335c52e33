/** What programs write for "no value". Nan may be a name, so names are asked for the ones with signs only. */
const signsOfNothing = new Set(['#N/A', '\\N', '#REF!', '#VALUE!', '#NAME?', '#DIV/0!', '#NULL!', '#NUM!'])
const wordsForNothing = new Set([
  'NULL',
  'N/A',
  'NONE',
  'NIL',
  'NAN',
  '-',
  '--',
  '.',
  '?',
  'UNKNOWN',
  ...signsOfNothing,
])
const longestWord = 8

export const isNothing = (value: string): boolean =>
  value.length <= longestWord && wordsForNothing.has(value.toUpperCase())

export const isSignOfNothing = (value: string): boolean => value.length <= longestWord && signsOfNothing.has(value)

/** `="00123"` and `'00123` are how exports keep spreadsheets from taking a text for a number. */
const guarded = /^="(.*)"$|^'(?=[\d+])(.*)$/s
const needsWork = /^[\s\ufeff=']|[\s\ufeff]$|\s\s|[^\S ]/

/** A cell's text without spaces at its ends, with single spaces between words and without a spreadsheet guard. */
export const cellText = (cell: string): string => {
  if (!needsWork.test(cell)) return cell
  const trimmed = cell.replace(/[\s\ufeff]+/g, ' ').trim()
  const guard = guarded.exec(trimmed)
  return guard === null ? trimmed : (guard[1] ?? guard[2] ?? '').trim()
}

import { type AppError, appError, isAppError, shown } from '../../errors.js'
import { type ListFile, readFailure } from '../list-file.js'
import { readSheet } from './read-sheet.js'
import { readWorkbook, type Workbook } from './read-workbook.js'
import { readSharedStrings } from './shared-strings.js'
import { StringPages } from './string-pages.js'
import { openZip, type WorkbookZip } from './workbook-zip.js'

export interface SheetChoice {
  /** the first sheet when undefined */
  readonly sheet: string | undefined
  readonly signal: AbortSignal | undefined
}

/**
 * Calls `onRow` with each row of the chosen sheet that is not empty and yields now and then.
 * Throws BAD_FILE (no workbook, no such sheet, damaged), INTERRUPTED, DISK_FULL.
 */
export async function* sheetRows(
  file: ListFile,
  { sheet, signal }: SheetChoice,
  onRow: (cells: readonly string[]) => void,
): AsyncGenerator<void> {
  let zip: WorkbookZip | undefined
  let strings: StringPages | undefined
  try {
    zip = await openZip(file.path)
    const workbook = await readWorkbook(zip)
    if (workbook === undefined) throw refusal(file, 'is a zip archive but no .xlsx workbook; save it as .xlsx or CSV')
    const part = partOf(file, workbook, sheet)
    strings = await stringsOf(zip, workbook)
    for await (const _ of readSheet(await zip.open(part), workbook, strings, onRow)) {
      if (signal?.aborted === true) throw appError('INTERRUPTED', `Reading ${shown(file.path)} was interrupted`)
      yield
    }
  } catch (error) {
    throw damage(file, error)
  } finally {
    strings?.close()
    zip?.close()
  }
}

const stringsOf = async (zip: WorkbookZip, { sharedStringsPart: part }: Workbook): Promise<StringPages> =>
  part !== undefined && zip.has(part) ? readSharedStrings(await zip.open(part)) : new StringPages()

const partOf = (file: ListFile, { sheets }: Workbook, sheet: string | undefined): string => {
  const found = sheet === undefined ? sheets[0] : sheets.find(({ name }) => name.toLowerCase() === sheet.toLowerCase())
  if (found !== undefined) return found.part
  const names = sheets.map(({ name }) => shown(name)).join(', ')
  throw refusal(file, sheet === undefined ? 'has no sheet' : `has no sheet ${shown(sheet)}; its sheets: ${names}`)
}

const refusal = (file: ListFile, what: string): AppError =>
  appError('BAD_FILE', `${shown(file.path)} ${what}`, { file: file.path })

/** yauzl, zlib and saxes throw plain Errors at damage; a TypeError or RangeError is a bug of ours. */
const damage = (file: ListFile, thrown: unknown): unknown => {
  const error = readFailure(file.path, thrown, 'reading')
  if (isAppError(error) || !(error instanceof Error) || error instanceof TypeError || error instanceof RangeError) {
    return error
  }
  return refusal(file, `is a damaged workbook: ${error.message}`)
}

import type { Readable } from 'node:stream'
import { type Entry, openPromise } from 'yauzl'

/** More parts than any workbook has. */
const mostEntries = 100_000

/** The parts of a workbook (ECMA-376 part 2); their names are compared without regard to case. */
export interface WorkbookZip {
  readonly has: (part: string) => boolean
  /** The part's unpacked bytes. Throws when there is no such part or the archive is damaged. */
  readonly open: (part: string) => Promise<Readable>
  readonly close: () => void
}

/** Opens the archive and reads its directory. Throws an Error for what is no sound zip archive. */
export const openZip = async (path: string): Promise<WorkbookZip> => {
  const zip = await openPromise(path, { autoClose: false, lazyEntries: true })
  try {
    if (zip.entryCount > mostEntries) throw new Error(`${zip.entryCount} parts`)
    const entries = new Map<string, Entry>()
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName.toLowerCase(), entry)
    return {
      has: (part) => entries.has(part.toLowerCase()),
      open: async (part) => {
        const entry = entries.get(part.toLowerCase())
        if (entry === undefined) throw new Error(`no part ${part}`)
        return zip.openReadStreamPromise(entry)
      },
      close: () => zip.close(),
    }
  } catch (error) {
    zip.close()
    throw error
  }
}

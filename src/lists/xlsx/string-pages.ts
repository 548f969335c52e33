import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { appError } from '../../errors.js'
import { cleaned } from '../csv/text-decoder.js'

const pageStrings = 1024
/** A million strings in memory, some 60 MB; a workbook with more has the pages used least lately in a file. */
const pagesInMemory = 1024
/** No cleaned text holds it. */
const separator = '\0'

interface Place {
  readonly offset: number
  readonly length: number
}

/**
 * A workbook's texts by number, in constant memory. Workbooks number texts as they first appear, so reading goes through
 * the pages in order, and those of texts that repeat stay in memory.
 */
export class StringPages {
  /** page number → its strings; the one used last is the last */
  private readonly memory = new Map<number, readonly string[]>()
  private readonly places: (Place | undefined)[] = []
  private page: string[] = []
  private file: number | undefined
  private fileLength = 0

  constructor(private readonly mostPages = pagesInMemory) {}

  add(text: string): void {
    this.page.push(cleaned(text))
    if (this.page.length === pageStrings) this.turnPage()
  }

  get(index: number): string | undefined {
    const number = Math.floor(index / pageStrings)
    return (number === this.places.length ? this.page : this.load(number))?.[index % pageStrings]
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file)
    this.file = undefined
  }

  private turnPage(): void {
    this.remember(this.places.length, this.page)
    this.places.push(undefined)
    this.page = []
  }

  private load(number: number): readonly string[] | undefined {
    // while all pages fit, their order of use does not matter
    if (this.file === undefined) return this.memory.get(number)
    const page = this.memory.get(number) ?? this.read(this.places[number])
    if (page !== undefined) this.remember(number, page)
    return page
  }

  private remember(number: number, page: readonly string[]): void {
    this.memory.delete(number)
    this.memory.set(number, page)
    if (this.memory.size <= this.mostPages) return
    const [oldest, strings] = this.memory.entries().next().value!
    this.places[oldest] ??= this.write(strings)
    this.memory.delete(oldest)
  }

  private write(strings: readonly string[]): Place {
    this.file ??= openUnnamed()
    const bytes = Buffer.from(strings.join(separator))
    const place = { offset: this.fileLength, length: bytes.length }
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.file, bytes, at, bytes.length - at, place.offset + at)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      throw appError('DISK_FULL', `No space left in ${tmpdir()} for the texts of a large workbook`)
    }
    this.fileLength += bytes.length
    return place
  }

  private read(place: Place | undefined): readonly string[] | undefined {
    if (place === undefined || this.file === undefined) return undefined
    const bytes = Buffer.allocUnsafe(place.length)
    for (let at = 0; at < place.length; ) at += readSync(this.file, bytes, at, place.length - at, place.offset + at)
    return bytes.toString().split(separator)
  }
}

/** A file that is gone when it is closed, or when the process ends in whatever way. */
const openUnnamed = (): number => {
  const folder = mkdtempSync(join(tmpdir(), 'matchbook-'))
  const file = openSync(join(folder, 'strings'), 'wx+', 0o600)
  rmSync(folder, { recursive: true })
  return file
}

import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Entry, openPromise } from 'yauzl'
import { ZipFile } from 'yazl'
import { appError, isAppError, shown } from '../../errors.js'
import { fileFailure } from '../../file-failure.js'

export interface ZippedFile {
  readonly name: string
  readonly size: number
  readonly sha256: string
}

export interface ZipWriter {
  /** Adds a file of texts, as they come; answers when the last is taken. */
  readonly add: (name: string, texts: Iterable<string> | AsyncIterable<string>) => Promise<ZippedFile>
}

/** One time for every file: the same content is the same archive, byte for byte. */
const mtime = new Date(Date.UTC(2000, 0, 1))

/** Writes an archive whole or not at all. Throws what `fill` throws, and DISK_FULL, BAD_FILE. */
export const writeZip = async (file: string, fill: (zip: ZipWriter) => Promise<void>): Promise<void> => {
  const folder = path.dirname(file)
  if ((await stat(folder).catch(() => undefined)) === undefined) {
    throw appError('BAD_FILE', `there is no folder ${shown(folder)} to write ${shown(file)} in`, { file, folder })
  }
  const there = await stat(file).catch(() => undefined)
  if (there?.isFile() === false) {
    // a folder, or a device: putting the bundle in its place would take it away from the whole machine
    throw appError('BAD_FILE', `${shown(file)} is no ordinary file: nothing is written in its place`, { file })
  }
  const draft = `${file}.${process.pid}.part`
  const zip = new ZipFile()
  const written = pipeline(zip.outputStream as Readable, createWriteStream(draft))
  written.catch(() => undefined)
  const add: ZipWriter['add'] = (name, texts) =>
    new Promise((resolve, reject) => {
      const hash = createHash('sha256')
      let size = 0
      const counted = async function* () {
        for await (const text of texts) {
          const bytes = Buffer.from(text)
          hash.update(bytes)
          size += bytes.length
          if (bytes.length > 0) yield bytes
        }
      }
      const stream = Readable.from(counted(), { objectMode: false })
      stream.on('end', () => resolve({ name, size, sha256: hash.digest('hex') }))
      stream.on('error', reject)
      written.catch(reject)
      zip.addReadStreamLazy(name, { mtime, mode: 0o100644 }, (take) => take(null, stream))
    })
  try {
    await fill({ add })
    zip.end()
    await written
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    throw fileFailure(error, file) ?? error
  }
}

export interface ZipReader {
  readonly names: readonly string[]
  /** Bytes as they are unpacked. Throws CHECK_FAILED for damaged ones. */
  readonly read: (name: string) => AsyncIterable<Buffer>
  readonly text: (name: string) => Promise<string>
  readonly close: () => void
}

/** A file that is held in memory is not larger than this; only events are, and they are not held. */
const largestText = 256 * 1024 * 1024
const mostEntries = 10_000

/** Throws FILE_NOT_FOUND, and INTERRUPTED between two pieces of what is read; BAD_FILE for what is no archive, or a cut one. */
export const readZip = async (file: string, signal?: AbortSignal): Promise<ZipReader> => {
  const refused = (error: unknown) =>
    fileFailure(error, file) ??
    appError('BAD_FILE', `${shown(file)} is no bundle, or was cut: ${(error as Error).message}`, { file })
  const zip = await openPromise(file, { autoClose: false, lazyEntries: true }).catch((error: unknown) => {
    throw refused(error)
  })
  const entries = new Map<string, Entry>()
  try {
    if (zip.entryCount > mostEntries) throw new Error(`${zip.entryCount} files`)
    for await (const entry of zip.eachEntry()) {
      if (entries.has(entry.fileName)) throw new Error(`two files are named ${entry.fileName}`)
      entries.set(entry.fileName, entry)
    }
  } catch (error) {
    zip.close()
    throw refused(error)
  }
  const read = async function* (name: string): AsyncGenerator<Buffer> {
    const entry = entries.get(name)
    if (entry === undefined) throw appError('CHECK_FAILED', `${name} is not in the bundle`, { file: name })
    try {
      for await (const bytes of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
        if (signal?.aborted === true) throw appError('INTERRUPTED', 'interrupted while checking')
        yield bytes
      }
    } catch (error) {
      if (isAppError(error)) throw error
      throw appError('CHECK_FAILED', `${name} is damaged: ${(error as Error).message}`, { file: name })
    }
  }
  return {
    names: [...entries.keys()],
    read,
    text: async (name) => {
      const parts: Buffer[] = []
      let size = 0
      for await (const part of read(name)) {
        size += part.length
        if (size > largestText) throw appError('CHECK_FAILED', `${name} is larger than any bundle's`, { file: name })
        parts.push(part)
      }
      return Buffer.concat(parts).toString('utf8')
    },
    close: () => zip.close(),
  }
}

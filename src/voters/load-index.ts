import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { engineVersion } from '../engine.js'
import { type AppError, appError, shown } from '../errors.js'
import { fileFailure } from '../file-failure.js'
import type { VoterIndex } from '../match/voter-index.js'
import { checksum, type Directory, headBytes, indexFormat, magic } from './index-layout.js'
import { directoryLength, indexFromShared, sectionsStart, textAt } from './shared-index.js'

/** An index as views for this thread and as the memory that other threads share. */
export interface LoadedIndex {
  readonly index: VoterIndex
  readonly shared: SharedArrayBuffer
}

/**
 * Reads an index file into one piece of shared memory and checks every section.
 * Left: FILE_NOT_FOUND; BAD_FILE for a file that is cut, damaged, or of another version, which is built anew then.
 */
export const loadIndex = (file: string): Either<AppError, LoadedIndex> => {
  try {
    const shared = readShared(file)
    const directory = directoryOf(shared, file)
    const start = sectionsStart(shared)
    for (const section of directory.sections) {
      const bytes = new Uint8Array(shared, start + section.at, section.length * section.type)
      if (checksum(bytes) !== section.checksum) return left(damaged(file, `section ${section.name} is damaged`))
    }
    return right({ index: indexFromShared(shared), shared })
  } catch (error) {
    const failure = isFailure(error) ? error : fileFailure(error, file)
    if (failure === undefined) throw error
    return left(failure)
  }
}

const isFailure = (error: unknown): error is AppError => (error as { tag?: unknown }).tag === 'AppError'

const damaged = (file: string, why: string): AppError =>
  appError('BAD_FILE', `The index ${shown(file)} can't be used: ${why}`, { file })

/** Most bytes of one read: Linux reads no more than 2 GiB at once. */
const readBytes = 256 << 20

const readShared = (file: string): SharedArrayBuffer => {
  const fd = openSync(file, 'r')
  try {
    const { size } = fstatSync(fd)
    if (size < headBytes) throw damaged(file, 'it is cut')
    const shared = new SharedArrayBuffer(size)
    const bytes = new Uint8Array(shared)
    for (let at = 0; at < size; ) {
      const got = readSync(fd, bytes, at, Math.min(readBytes, size - at), at)
      if (got === 0) throw damaged(file, 'it is cut')
      at += got
    }
    return shared
  } finally {
    closeSync(fd)
  }
}

/** The directory after all checks that need no section. */
const directoryOf = (shared: SharedArrayBuffer, file: string): Directory => {
  const head = new DataView(shared)
  if (textAt(shared, 0, magic.length) !== magic) throw damaged(file, 'it is no index')
  if (head.getUint32(8, true) !== indexFormat) throw damaged(file, 'it has another format')
  const length = directoryLength(shared)
  if (head.getFloat64(24, true) !== shared.byteLength || headBytes + length > shared.byteLength) {
    throw damaged(file, 'it is cut')
  }
  if (checksum(new Uint8Array(shared, headBytes, length)) !== head.getUint32(16, true)) {
    throw damaged(file, 'its directory is damaged')
  }
  const directory = JSON.parse(textAt(shared, headBytes, length)) as Directory
  if (directory.engine !== engineVersion) throw damaged(file, `it was built by version ${directory.engine}`)
  return directory
}

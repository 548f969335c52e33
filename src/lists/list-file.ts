import { type FileHandle, open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { type AppError, appError, isAppError, shown } from '../errors.js'

/** 256 KB: larger chunks read no faster, and a chunk's text stays alive while cells are cut from it. */
const chunkBytes = 262_144

/** Bytes looked at to find out what a file is. */
export const headBytes = chunkBytes

/** What must not change between counting a file's rows and reading them. */
interface FileStamp {
  readonly size: number
  readonly modified: number
  readonly inode: number
}

/** An input file that is read more than once. Everything throws AppErrors: FILE_NOT_FOUND, BAD_FILE, INTERRUPTED. */
export interface ListFile {
  readonly path: string
  readonly name: string
  readonly stamp: FileStamp
  /** The file's bytes from the start. */
  readonly chunks: () => AsyncGenerator<Buffer>
  /** Throws BAD_FILE when the file is no longer the one that was opened. */
  readonly checkUnchanged: () => Promise<void>
}

export const openFile = async (path: string, signal?: AbortSignal): Promise<ListFile> => {
  const stamp = await stampOf(path, 'opened')
  return {
    path,
    name: basename(path),
    stamp,
    chunks: () => readChunks(path, signal),
    checkUnchanged: async () => {
      const { size, modified, inode } = await stampOf(path, 'reading')
      if (size === stamp.size && modified === stamp.modified && inode === stamp.inode) return
      throw appError('BAD_FILE', `${shown(path)} was changed while it was being read; import it again`, { file: path })
    },
  }
}

const stampOf = async (path: string, when: 'opened' | 'reading'): Promise<FileStamp> => {
  try {
    const stats = await stat(path)
    if (!stats.isFile()) {
      const what = stats.isDirectory() ? 'is a folder' : 'is no regular file, and a list is read twice; save it first'
      throw appError('BAD_FILE', `${shown(path)} ${what}`, { file: path })
    }
    return { size: stats.size, modified: stats.mtimeMs, inode: stats.ino }
  } catch (error) {
    throw readFailure(path, error, when)
  }
}

async function* readChunks(path: string, signal?: AbortSignal): AsyncGenerator<Buffer> {
  let handle: FileHandle | undefined
  try {
    handle = await open(path, 'r')
    for (;;) {
      if (signal?.aborted === true)
        throw appError('INTERRUPTED', `Reading ${shown(path)} was interrupted`, { file: path })
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } catch (error) {
    throw readFailure(path, error, 'reading')
  } finally {
    await handle?.close()
  }
}

/** A failed read as what the user can do something about; a bug stays what it is. */
export const readFailure = (path: string, error: unknown, when: 'opened' | 'reading'): unknown => {
  const { code, syscall } = error as { readonly code?: unknown; readonly syscall?: unknown }
  if (isAppError(error) || typeof code !== 'string' || typeof syscall !== 'string') return error
  if (code === 'ENOENT' && when === 'opened') return notFound(path)
  const what = code === 'ENOENT' ? 'disappeared while it was being read' : `can't be read (${code})`
  return appError('BAD_FILE', `${shown(path)} ${what}`, { file: path })
}

const notFound = (path: string): AppError =>
  appError('FILE_NOT_FOUND', `There is no file ${shown(path)}`, { file: path })

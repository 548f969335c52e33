import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type AppError, appError, shown } from './errors.js'

/**
 * Makes a folder, and those above it, unless it is there. One by one: Node's own recursive mkdir tries for ever where a
 * folder that is there answers ENOENT, as /proc does (Node 20). Throws BAD_USAGE, DISK_FULL.
 */
export const makeFolder = async (folder: string, mode = 0o777): Promise<void> => {
  if (existsSync(folder)) return
  await makeFolder(dirname(folder), mode)
  try {
    await mkdir(folder, { mode })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // another command was faster
    if (code !== 'EEXIST') throw cantMake(folder, code) ?? error
  }
}

const cantMake = (folder: string, code: string | undefined): AppError | undefined => {
  if (code === undefined) return undefined
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? appError('DISK_FULL', `The disk is full while making the folder ${shown(folder)}`, { folder })
    : appError('BAD_USAGE', `The folder ${shown(folder)} can't be made (${code})`, { folder })
}

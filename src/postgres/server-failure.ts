import { existsSync, statfsSync } from 'node:fs'
import { type AppError, appError } from '../errors.js'
import { reasonOf } from './server-log.js'

const noSpace = /No space left on device|Disk quota exceeded|ENOSPC|EDQUOT/
const refused = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ELOOP', 'EINVAL'])

const remedy = 'Set DATABASE_URL to use a PostgreSQL of your own'

/** A page of Postgres. A disk with less than that left has no room for the reason in the server's log either. */
const pageBytes = 8_192

const isFull = (folder: string): boolean => {
  if (!existsSync(folder)) return false
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize < pageBytes
}

/** Of what a server's program printed before it gave up: DISK_FULL or SERVER_UNREACHABLE. */
export const serverFailure = (what: string, folder: string, printed: string): AppError => {
  const why = reasonOf(printed) || 'it said nothing'
  if (noSpace.test(printed)) return appError('DISK_FULL', `${what}, the disk of ${folder} is full: ${why}`, { folder })
  if (isFull(folder)) return appError('DISK_FULL', `${what}, the disk of ${folder} is full`, { folder })
  return appError('SERVER_UNREACHABLE', `${what} in ${folder}: ${why}. ${remedy}`, { folder })
}

/** Of an error of the file system or of starting a program; undefined for a bug. */
export const folderFailure = (error: unknown, folder: string): AppError | undefined => {
  const { code, message } = error as { code?: unknown; message?: unknown }
  if (typeof code !== 'string') return undefined
  if (noSpace.test(code)) return appError('DISK_FULL', `The disk of ${folder} is full: ${message}`, { folder })
  if (refused.has(code))
    return appError('BAD_USAGE', `The embedded PostgreSQL can't use ${folder}: ${message}. ${remedy}`, { folder })
  return undefined
}

import { appError } from '../errors.js'

const meanings: Readonly<Record<string, string>> = {
  ENOENT: 'a folder on the way does not exist',
  ENOTDIR: 'a file stands where a folder should be',
  EISDIR: 'a folder stands where a file should be',
  EEXIST: 'a file stands where a folder should be',
  EACCES: 'it may not be written to',
  EPERM: 'it may not be written to',
  EROFS: 'the disk is read-only',
}

/** What writing below `folder` failed with, as an expected failure; a bug stays what it was. */
export const translateFileError = (folder: string, error: unknown): unknown => {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
  if (code === undefined) return error
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return appError('DISK_FULL', `the disk is full: ${folder} is not complete`, { file: folder })
  const meaning = meanings[code]
  return meaning === undefined
    ? error
    : appError('BAD_USAGE', `cannot write to ${folder}: ${meaning}`, { file: folder })
}

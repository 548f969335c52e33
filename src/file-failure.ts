import { type AppError, appError, shown } from './errors.js'

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''

const unusable: Readonly<Record<string, string>> = {
  EISDIR: 'it is a folder',
  ENOTDIR: 'a file stands where its folder should be',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links lead round in a circle',
  EROFS: 'the disk may only be read',
  EBUSY: 'something else holds it',
}

/** What a failed file operation means to the user; undefined for what is nobody's fault but ours. */
export const fileFailure = (error: unknown, file: string): AppError | undefined => {
  const code = codeOf(error)
  if (code === 'ENOENT') return appError('FILE_NOT_FOUND', `There is no file ${shown(file)}`, { file })
  if (code === 'EACCES' || code === 'EPERM') {
    return appError('BAD_FILE', `The file ${shown(file)} may not be opened by this user`, { file })
  }
  const named = unusable[code]
  if (named !== undefined) return appError('BAD_FILE', `The file ${shown(file)} can't be used: ${named}`, { file })
  if (code === 'EIO') return appError('BAD_FILE', `The disk can't read the file ${shown(file)}`, { file })
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return appError('DISK_FULL', `The disk is full while writing ${shown(file)}`, { file })
  }
  return undefined
}

/** Does file work; its expected failures are thrown as AppErrors that name the file. */
export const withFile = async <A>(file: string, work: () => Promise<A>): Promise<A> => {
  try {
    return await work()
  } catch (error) {
    throw fileFailure(error, file) ?? error
  }
}

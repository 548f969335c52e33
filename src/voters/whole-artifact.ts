import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { type AppError, appError, isAppError, shown } from '../errors.js'
import { withFile } from '../file-failure.js'

/** SHA-256 of a file's bytes, in hex: the name of an artifact. Some 1 GB/s. */
export const hashFile = async (file: string): Promise<string> =>
  withFile(file, async () => {
    const hash = createHash('sha256')
    await pipeline(createReadStream(file, { highWaterMark: 4 << 20 }), hash)
    return hash.digest('hex')
  })

/** Whether an artifact is there and has the bytes that it is named by. */
export const isWhole = async (artifact: string, voterFile: string): Promise<boolean> =>
  existsSync(artifact) && (await hashFile(artifact)) === voterFile

export const damagedArtifact = (artifact: string, why: string): AppError =>
  appError('BAD_FILE', `The published voter file ${shown(artifact)} is damaged (${why}); publish it again`, {
    file: artifact,
  })

/** Reads an artifact; what it can't read is thrown as BAD_FILE that says what to do. */
export const reading = async <A>(artifact: string, read: () => Promise<A>): Promise<A> => {
  try {
    return await read()
  } catch (error) {
    throw isAppError(error) && error.code === 'BAD_FILE' ? damagedArtifact(artifact, error.message) : error
  }
}

import { execFileSync } from 'node:child_process'
import { linkSync, readFileSync, readlinkSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** What a running server says of itself in `postmaster.pid` (PostgreSQL source, miscadmin.h, LOCK_FILE_LINE_*). */
export interface Postmaster {
  /** 0 when the file is empty or garbled: just being written, or left so by a power cut or a full disk */
  readonly pid: number
  /** 0 while the line is not yet written */
  readonly port: number
  /** false while it recovers, and again as soon as it was told to stop */
  readonly isReady: boolean
  /** the whole file */
  readonly content: string
}

const isMissing = (error: unknown): boolean => ['ENOENT', 'ESRCH'].includes((error as { code?: string }).code ?? '')

const filePath = (clusterFolder: string): string => join(clusterFolder, 'postmaster.pid')

/** Undefined when no server runs, or did not say so yet. Throws EACCES when the folder is another user's. */
export const readPostmaster = (clusterFolder: string): Postmaster | undefined => {
  try {
    const content = readFileSync(filePath(clusterFolder), 'utf8')
    const lines = content.split('\n')
    const pid = Number(lines[0])
    return {
      pid: Number.isInteger(pid) && pid > 0 ? pid : 0,
      port: Number(lines[3] ?? 0) || 0,
      isReady: lines[7]?.trim() === 'ready',
      content,
    }
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

const commandOf = (pid: number): string => {
  try {
    return execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' })
  } catch {
    // ps exits 1 when there is no such process.
    return ''
  }
}

const worksIn = (pid: number, clusterFolder: string): boolean => {
  const folder = realpathSync(clusterFolder)
  if (process.platform !== 'linux') return commandOf(pid).includes(folder)
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === folder
  } catch (error) {
    if (isMissing(error)) return false
    // Not ours to look at: then it is not ours to call dead either.
    if ((error as { code?: string }).code === 'EACCES') return true
    throw error
  }
}

/** A server writes its pid as soon as it has made the file. */
const writingMs = 2_000

/**
 * Whether the server that left this file is alive. A pid alone says little: after a crash or in a restarted container
 * it may be anybody's. A server works inside its data folder; a zombie works nowhere.
 */
export const isServing = (postmaster: Postmaster, clusterFolder: string): boolean => {
  if (postmaster.pid > 0) return worksIn(postmaster.pid, clusterFolder)
  const stats = statSync(filePath(clusterFolder), { throwIfNoEntry: false })
  return stats !== undefined && Date.now() - stats.mtimeMs < writingMs
}

/**
 * Removes the `postmaster.pid` of a server that is gone: Postgres itself would refuse to start if the pid in it now
 * belongs to another program, or if it is empty. Renamed first and looked at again, so that of two commands doing this
 * at once neither removes the file of the server that the other one has just started.
 */
export const removeStaleFile = (clusterFolder: string, stale: Postmaster): void => {
  const path = filePath(clusterFolder)
  const aside = `${path}.stale-${process.pid}`
  try {
    renameSync(path, aside)
    if (readFileSync(aside, 'utf8') !== stale.content) linkSync(aside, path)
  } catch (error) {
    const { code } = error as { code?: string }
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error
  }
  rmSync(aside, { force: true })
}

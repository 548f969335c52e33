import { execFileSync } from 'node:child_process'
import { linkSync, readFileSync, readlinkSync, realpathSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** What a running server says of itself in `postmaster.pid` (PostgreSQL source, miscadmin.h, LOCK_FILE_LINE_*). */
export interface Postmaster {
  readonly pid: number
  /** 0 while the line is not yet written */
  readonly port: number
  readonly isReady: boolean
}

const isMissing = (error: unknown): boolean => ['ENOENT', 'ESRCH'].includes((error as { code?: string }).code ?? '')

const filePath = (clusterFolder: string): string => join(clusterFolder, 'postmaster.pid')

/** Undefined when no server runs, or did not say so yet. Throws EACCES when the folder is another user's. */
export const readPostmaster = (clusterFolder: string): Postmaster | undefined => {
  try {
    const lines = readFileSync(filePath(clusterFolder), 'utf8').split('\n')
    const pid = Number(lines[0])
    if (!Number.isInteger(pid) || pid <= 0) return undefined
    return { pid, port: Number(lines[3] ?? 0) || 0, isReady: lines[7]?.trim() === 'ready' }
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

/**
 * Whether process `pid` is the server of this cluster. A pid alone says little: after a crash or in a restarted
 * container it may be anybody's. A postmaster works inside its data folder; a zombie works nowhere.
 */
export const isServerOf = (pid: number, clusterFolder: string): boolean => {
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

/**
 * Removes the `postmaster.pid` that a killed server left, when the pid in it now belongs to another program: Postgres
 * would take that for itself. Renamed first and looked at again, so that of two commands doing this at once neither
 * removes the file of the server that the other one has just started.
 */
export const removeStaleFile = (clusterFolder: string, stale: Postmaster): void => {
  const path = filePath(clusterFolder)
  const aside = `${path}.stale-${process.pid}`
  try {
    renameSync(path, aside)
    if (Number.parseInt(readFileSync(aside, 'utf8'), 10) !== stale.pid) linkSync(aside, path)
  } catch (error) {
    const { code } = error as { code?: string }
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error
  }
  rmSync(aside, { force: true })
}

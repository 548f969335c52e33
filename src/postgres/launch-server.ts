import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Place } from './cluster-place.js'
import { type Native, program } from './native-files.js'
import { readPostmaster } from './postmaster-file.js'
import { asUser, programEnvironment } from './run-program.js'
import { logTail, openLog } from './server-log.js'
import { settingArguments } from './server-settings.js'
import type { ServerUser } from './server-user.js'

const pollMs = 10

/** A port of the loopback that is free now. Another program may still take it first; then the server fails to start. */
const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })

export type Launched = { readonly isReady: true } | { readonly isReady: false; readonly printed: string }

/**
 * The server in a session of its own: Ctrl-C in our terminal must not reach it, and it outlives us if we are killed.
 * Its output goes to a file, as a pipe would break with us.
 */
const spawnServer = (
  native: Native,
  place: Place,
  args: readonly string[],
  user: ServerUser | undefined,
  logFd: number,
): Promise<ChildProcess> =>
  new Promise((resolve, reject) => {
    const child = spawn(program(native, 'postgres'), ['-D', place.cluster, ...args], {
      cwd: place.folder,
      env: programEnvironment,
      detached: true,
      stdio: ['ignore', logFd, logFd],
      ...asUser(user),
    })
    child.once('error', reject)
    child.once('spawn', () => resolve(child))
  })

/**
 * Starts a server and waits until it takes connections, however long its recovery lasts, or until it gives up. Of
 * several started on one cluster at once Postgres lets exactly one live (postmaster.pid); the others give up.
 */
export const launchServer = async (
  native: Native,
  place: Place,
  settings: Readonly<Record<string, string>>,
  user: ServerUser | undefined,
): Promise<Launched> => {
  const args = [...settingArguments(settings), '-p', String(await freePort())]
  const { fd, start } = openLog(place.log)
  const child = await spawnServer(native, place, args, user, fd).finally(() => closeSync(fd))
  child.unref()
  while (child.exitCode === null && child.signalCode === null) {
    const postmaster = readPostmaster(place.cluster)
    if (postmaster?.pid === child.pid && postmaster?.isReady) return { isReady: true }
    await sleep(pollMs)
  }
  return { isReady: false, printed: logTail(place.log, start) }
}

import { spawn } from 'node:child_process'
import type { ServerUser } from './server-user.js'

/** The server's programs see none of our environment: PGDATA, PGPORT or PGOPTIONS of ours mean other servers. */
export const programEnvironment: NodeJS.ProcessEnv = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' }

export const asUser = (user: ServerUser | undefined): { readonly uid?: number; readonly gid?: number } =>
  user === undefined ? {} : { uid: user.uid, gid: user.gid }

export interface Finished {
  /** −1: ended by a signal */
  readonly exit: number
  /** stdout and stderr together */
  readonly printed: string
}

/** Runs a program to its end in `cwd`, a folder that `user` can reach. Rejects when it can't be started at all. */
export const runProgram = (
  path: string,
  args: readonly string[],
  cwd: string,
  user: ServerUser | undefined,
): Promise<Finished> =>
  new Promise((resolve, reject) => {
    const child = spawn(path, args, {
      cwd,
      env: programEnvironment,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...asUser(user),
    })
    const printed: Buffer[] = []
    child.stdout.on('data', (bytes: Buffer) => printed.push(bytes))
    child.stderr.on('data', (bytes: Buffer) => printed.push(bytes))
    child.on('error', reject)
    child.on('close', (code) => resolve({ exit: code ?? -1, printed: Buffer.concat(printed).toString('utf8').trim() }))
  })

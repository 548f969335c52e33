import { readFileSync, type Stats, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** Who the server runs as. */
export interface ServerUser {
  readonly uid: number
  readonly gid: number
}

export const isRoot = (): boolean => process.getuid?.() === 0

/**
 * System users that root may lend the server to, best first. initdb insists on an entry in /etc/passwd, so a bare
 * number won't do; adding a user would change the machine for good.
 */
const lendable = ['postgres', 'nobody', '_postgres', 'node', 'daemon']

/** The users of /etc/passwd that the server may run as when we are root, in order of preference. */
export const systemUsers = (): readonly ServerUser[] => {
  const entries = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  return lendable.flatMap((name) => {
    const entry = entries.find((fields) => fields[0] === name)
    const user = { uid: Number(entry?.[2]), gid: Number(entry?.[3]) }
    return Number.isInteger(user.uid) && user.uid > 0 && Number.isInteger(user.gid) ? [user] : []
  })
}

const grants = (stats: Stats, user: ServerUser, bits: number): boolean => {
  const shift = stats.uid === user.uid ? 6 : stats.gid === user.gid ? 3 : 0
  return ((stats.mode >> shift) & bits) === bits
}

/** Whether `user` may pass through every folder above `path`. Looks at mode bits; ACLs are not asked. */
export const isReachable = (path: string, user: ServerUser): boolean => {
  const parent = dirname(path)
  if (parent === path) return true
  return grants(statSync(parent), user, 1) && isReachable(parent, user)
}

/** Whether `user` may run the program at `path`. */
export const isRunnable = (path: string, user: ServerUser): boolean =>
  isReachable(path, user) && grants(statSync(path), user, 5)

import { setTimeout as sleep } from 'node:timers/promises'
import { type AppError, appError, isAppError } from '../errors.js'
import { type Place, readPassword } from './cluster-place.js'
import { superuser } from './initialise-cluster.js'
import { launchServer } from './launch-server.js'
import type { Native } from './native-files.js'
import { isServing, type Postmaster, readPostmaster, removeStaleFile } from './postmaster-file.js'
import { serverFailure } from './server-failure.js'
import { type Lease, leaseDatabase, takeLease } from './server-lease.js'
import type { ServerUser } from './server-user.js'
import { stopIfLast } from './stop-server.js'
import { translateError } from './translate-error.js'

export interface Attached {
  /** with the password; not for logs */
  readonly url: string
  readonly startedByUs: boolean
  /** Gives up our use of the server and stops it when nobody else uses it. Close the pools first. */
  readonly stop: () => Promise<void>
}

export interface Launch {
  readonly native: Native
  readonly place: Place
  /** undefined: as ourselves */
  readonly user: ServerUser | undefined
  readonly settings: Readonly<Record<string, string>>
}

const pauseMs = 20
/** For a server that says it is ready, and for launches that fail for a passing reason. */
const patienceMs = 30_000
/** For a server that is recovering from a crash or writing its last checkpoint. */
const recoveryMs = 600_000

/**
 * Reasons that pass: another command's server was faster, the processes of a killed server still hold its shared
 * memory, somebody else took the free port.
 */
const passing = /lock file|shared memory block|Address already in use|could not bind/

const urlOf = (password: string, port: number): string =>
  `postgres://${superuser}:${password}@127.0.0.1:${port}/${leaseDatabase}?sslmode=disable`

/**
 * A lease, or why there is none. While a server shuts down, its connections end one after the other: ours may be given
 * the lock that the stopping command's has just lost. So the server is asked again afterwards; it writes that it stops
 * before it ends anybody. Throws what isn't expected of a server that comes or goes.
 */
const tryLease = async (place: Place, postmaster: Postmaster, url: string): Promise<Lease | AppError> => {
  try {
    const lease = await takeLease(url)
    if (readPostmaster(place.cluster)?.content === postmaster.content) return lease
    await lease.close()
    return appError('SERVER_UNREACHABLE', `The database server in ${place.cluster} is being stopped`)
  } catch (error) {
    const expected = translateError(error, url)
    if (expected === undefined) throw error
    return expected
  }
}

const runningServer = (place: Place): Postmaster | undefined => {
  const postmaster = readPostmaster(place.cluster)
  if (postmaster === undefined || isServing(postmaster, place.cluster)) return postmaster
  removeStaleFile(place.cluster, postmaster)
  return undefined
}

/**
 * Attaches to the server of a cluster, starting it when there is none. Needs no lock of its own: Postgres lets one
 * server live per cluster, and leases keep it alive. Throws the AppErrors SERVER_UNREACHABLE, DISK_FULL and
 * BAD_FILE (the password is gone).
 */
export const attachOrLaunch = async (launch: Launch): Promise<Attached> => {
  const { native, place, user, settings } = launch
  const begun = Date.now()
  // before anything is started that nobody could attach to and stop again
  const password = readPassword(place)
  let startedByUs = false
  let failure = appError('SERVER_UNREACHABLE', `The database server in ${place.cluster} does not get ready`)
  for (;;) {
    const postmaster = runningServer(place)
    if (postmaster?.isReady) {
      const url = urlOf(password, postmaster.port)
      const lease = await tryLease(place, postmaster, url)
      if (!isAppError(lease)) return { url, startedByUs, stop: stopIfLast(lease, place, postmaster.pid) }
      failure = lease
    } else if (postmaster === undefined) {
      const launched = await launchServer(native, place, settings, user)
      startedByUs = launched.isReady
      if (launched.isReady) continue
      failure = serverFailure('The database server does not start', place.cluster, launched.printed)
      if (failure.code === 'DISK_FULL' || !passing.test(launched.printed)) throw failure
    }
    const isComing = postmaster !== undefined && !postmaster.isReady
    if (Date.now() - begun > (isComing ? recoveryMs : patienceMs)) throw failure
    await sleep(pauseMs)
  }
}

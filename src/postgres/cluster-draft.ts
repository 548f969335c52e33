/**
 * A cluster is made in a draft folder and shown to others in one step when it is whole: a kill half-way leaves a draft
 * and never half a cluster, and of several commands that make one at once the first wins.
 */
import { readdirSync, statSync } from 'node:fs'
import { chmod, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { folderMode, makeSharedFolder, placeName } from './cluster-place.js'
import { isReachable, type ServerUser } from './server-user.js'

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as { code?: string }).code !== 'ESRCH'
  }
}

/** An initdb whose parent was killed goes on for a while. */
const draftMs = 60_000

const isDeadDraft = (parent: string, name: string): boolean => {
  const pid = /^postgres\.draft-(\d+)-/.exec(name)?.[1]
  if (pid === undefined || isAlive(Number(pid))) return false
  const stats = statSync(join(parent, name), { throwIfNoEntry: false })
  return stats !== undefined && Date.now() - stats.mtimeMs > draftMs
}

/** Drafts are named `postgres.draft-<pid>-…`: those of dead processes are what a kill during the first start left. */
export const removeDeadDrafts = async (parent: string): Promise<void> => {
  for (const name of readdirSync(parent).filter((entry) => isDeadDraft(parent, entry)))
    await rm(join(parent, name), { recursive: true, force: true })
}

/** An empty folder in which a cluster is made before `publishDraft` shows it to others. */
export const makeDraft = async (dataFolder: string, user: ServerUser | undefined): Promise<string> => {
  const isHere = user === undefined || isReachable(join(dataFolder, placeName), user)
  const parent = isHere ? dataFolder : await makeSharedFolder()
  if (!isHere) await removeDeadDrafts(parent)
  const draft = await mkdtemp(join(parent, `${placeName}.draft-${process.pid}-`))
  await chmod(draft, folderMode())
  if (!isHere) await writeFile(join(draft, 'data-folder'), `${dataFolder}\n`)
  return draft
}

/**
 * Makes a finished draft the data folder's place, in one step. When another command was first, its cluster counts and
 * the draft is removed.
 */
export const publishDraft = async (dataFolder: string, draft: string): Promise<void> => {
  const path = join(dataFolder, placeName)
  const isHere = draft.startsWith(join(dataFolder, `${placeName}.draft-`))
  const final = isHere ? path : draft.replace(/\.draft-\d+-/, '-')
  try {
    if (!isHere) await rename(draft, final)
    await (isHere ? rename(draft, path) : symlink(final, path))
  } catch (error) {
    if (!['EEXIST', 'ENOTEMPTY', 'ENOTDIR'].includes((error as { code?: string }).code ?? '')) throw error
    await rm(isHere ? draft : final, { recursive: true, force: true })
  }
}

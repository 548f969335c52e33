import { mkdtemp, open, readdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { withFile } from '../file-failure.js'
import { makeFolder } from '../make-folder.js'

const prefix = '.publishing-'

/** A folder for what is not whole yet, beside where it will stand, so that a rename puts it there. */
export const workFolder = async (beside: string): Promise<string> =>
  withFile(beside, async () => {
    await makeFolder(beside)
    return mkdtemp(path.join(beside, `${prefix}${process.pid}-`))
  })

/** Removes the work folders of programs that are no longer there, as after kill -9. */
export const sweepLeftovers = async (folder: string): Promise<void> =>
  withFile(folder, async () => {
    for (const name of await readdir(folder)) {
      const pid = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN
      if (pid > 0 && pid !== process.pid && !isRunning(pid)) {
        await rm(path.join(folder, name), { recursive: true, force: true })
      }
    }
  })

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Waits until a finished file is on disk, then gives it its name: under that name there is never half of it. */
export const durably = async (from: string, to: string): Promise<void> =>
  withFile(to, async () => {
    const handle = await open(from, 'r+')
    try {
      await handle.datasync()
    } finally {
      await handle.close()
    }
    await rename(from, to)
  })

/** The same for a text. */
export const writeDurably = async (text: string, to: string, folder: string): Promise<void> => {
  const draft = path.join(folder, path.basename(to))
  await withFile(to, () => writeFile(draft, text))
  await durably(draft, to)
}

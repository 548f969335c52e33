import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeFolder } from '../../src/make-folder.js'

let parent: string
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'matchbook-folder-'))
})
afterAll(() => rm(parent, { recursive: true, force: true }))

describe('making a folder', () => {
  it('makes those above it too, with the same mode, and does nothing the second time', async () => {
    const folder = join(parent, 'a', 'b')
    await Promise.all([makeFolder(folder, 0o700), makeFolder(folder, 0o700)])
    await makeFolder(folder, 0o711)
    for (const path of [folder, join(parent, 'a')]) expect((await stat(path)).mode & 0o777).toBe(0o700)
  })

  it('below a file says BAD_USAGE', async () => {
    await writeFile(join(parent, 'file'), '')
    const made = makeFolder(join(parent, 'file', 'x'))
    await expect(made).rejects.toMatchObject({ code: 'BAD_USAGE', message: expect.stringContaining('ENOTDIR') })
  })

  it.runIf(process.platform === 'linux')(
    'where nothing can be made says BAD_USAGE and does not try for ever',
    async () => {
      await expect(makeFolder('/proc/x/y')).rejects.toMatchObject({
        code: 'BAD_USAGE',
        message: expect.stringContaining('"/proc/x"'),
      })
    },
  )
})

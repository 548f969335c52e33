import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { orThrow } from '../../../src/errors.js'
import type { Publication, PublishRequest } from '../../../src/voters/publication.js'
import { publishVoterFile } from '../../../src/voters/publish-voter-file.js'

/** A folder that goes when the test does. */
export const tempFolder = (): string => {
  const folder = mkdtempSync(path.join(tmpdir(), 'voters-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export interface Case {
  readonly folder: string
  readonly dataDir: string
  readonly write: (name: string, content: string | Uint8Array) => string
  readonly request: (files: readonly string[], more?: Partial<PublishRequest>) => PublishRequest
}

export const newCase = (): Case => {
  const folder = tempFolder()
  const dataDir = path.join(folder, 'data')
  return {
    folder,
    dataDir,
    write: (name, content) => {
      const file = path.join(folder, name)
      writeFileSync(file, content)
      return file
    },
    request: (files, more = {}) => ({ dataDir, files, state: 'FL', format: 'auto', ...more }),
  }
}

export const publish = (request: PublishRequest): Promise<Publication> => orThrow(publishVoterFile(request))

/** What publishing fails with. */
export const failure = async (request: PublishRequest) => {
  const result = await publishVoterFile(request)()
  if (result._tag === 'Right') throw new Error(`published ${result.right.rows} rows`)
  return result.left
}

const cell = (value: string): string => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)

export const csv = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.map(cell).join(',')}\n`).join('')

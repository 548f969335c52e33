import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { orThrow } from '../errors.js'
import type { FieldMap } from '../lists/parse-map.js'
import type { LoadedIndex } from '../voters/load-index.js'
import { openIndex } from '../voters/open-index.js'
import { publishVoterFile } from '../voters/publish-voter-file.js'
import type { Tell } from './engine.js'

export interface RegisterRequest {
  /** a file, or a folder of files */
  readonly file: string
  readonly map?: FieldMap
  /** two letters */
  readonly state: string
  readonly signal: AbortSignal
}

export interface Register extends LoadedIndex {
  /** rows without an SVID of their own, or that can't be read */
  readonly rejected: number
  /** what the user should know of how the file was read, in sentences */
  readonly notes: readonly string[]
}

/**
 * A voter file's index in memory, made as publishing makes it, in a temporary folder that is gone when this returns. A
 * column that is known or mapped as id stands in for an SVID. Throws what publishing says.
 */
export const readRegister = async (request: RegisterRequest, onProgress: Tell): Promise<Register> => {
  const { file, map, state, signal } = request
  const dataDir = await mkdtemp(path.join(tmpdir(), 'matchbook-evaluate-'))
  try {
    const publication = await orThrow(
      publishVoterFile({
        ...{ dataDir, files: [file], state, format: 'auto', identifier: 'svid_or_id', signal, onProgress },
        ...(map === undefined ? {} : { mapping: map }),
      }),
    )
    const notes = [...publication.notes]
    const loaded = await openIndex(dataDir, publication, (note) => notes.push(note))
    return { ...loaded, rejected: publication.rejected, notes }
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

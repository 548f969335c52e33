import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { orThrow } from '../errors.js'
import type { FieldMap } from '../lists/parse-map.js'
import type { LoadedIndex } from '../voters/load-index.js'
import { openIndex } from '../voters/open-index.js'
import { publishVoterFile } from '../voters/publish-voter-file.js'

/** Only names the folder: which state a file is of says nothing to matching. */
const anyState = 'FL'

/** Reads a voter file into an index, as publishing does, and leaves nothing behind. Throws what publishing says. */
export const readRegister = async (
  file: string,
  mapping: FieldMap | undefined,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (done: number, of: number) => void },
): Promise<LoadedIndex> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'matchbook-evaluate-'))
  try {
    const request = { dataDir: folder, state: anyState, files: [file], format: 'auto', signal, onProgress } as const
    const ref = await orThrow(publishVoterFile(mapping === undefined ? request : { ...request, mapping }))
    return await openIndex(folder, ref, () => undefined)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

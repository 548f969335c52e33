import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import path from 'node:path'
import type { VoterFileRef } from '../../events/matchbook.js'
import { appError, rightOrThrow } from '../errors.js'
import { artifactPath, indexPath, stateDir } from './artifact.js'
import { buildIndex, helperFor } from './build-index.js'
import { type LoadedIndex, loadIndex } from './load-index.js'
import { type DuckDb, literal, openDuckDb } from './open-duckdb.js'
import { countRows } from './read-source.js'
import { damagedArtifact, isWhole } from './whole-artifact.js'
import { workFolder } from './work-folder.js'
import { writeIndex } from './write-index.js'

/**
 * The index of a published voter file. One that is missing, damaged or of another version is built anew from the
 * artifact, and `note` is told. Throws VOTER_FILE_NOT_FOUND when the artifact itself is not there, BAD_FILE when it is
 * damaged.
 */
export const openIndex = async (
  dataDir: string,
  ref: VoterFileRef,
  note: (text: string) => void,
): Promise<LoadedIndex> => {
  const file = indexPath(dataDir, ref)
  const loaded = loadIndex(file)
  if (loaded._tag === 'Right') return loaded.right
  const artifact = artifactPath(dataDir, ref)
  if (!existsSync(artifact)) {
    const message = `The voter file ${ref.voterFile} of ${ref.state} is not in the data folder; publish it again`
    throw appError('VOTER_FILE_NOT_FOUND', message, { state: ref.state, voterFile: ref.voterFile, file: artifact })
  }
  if (!(await isWhole(artifact, ref.voterFile))) throw damagedArtifact(artifact, 'its bytes have another hash')
  note(`building the index of ${ref.state} ${ref.voterFile.slice(0, 12)} anew. ${loaded.left.message}`)
  await rebuildIndex(dataDir, ref)
  return rightOrThrow(loadIndex(file))
}

/** Builds the index of a published voter file from its artifact and puts it in place. */
const rebuildIndex = async (dataDir: string, ref: VoterFileRef): Promise<void> => {
  const folder = await workFolder(stateDir(dataDir, ref.state))
  const artifact = artifactPath(dataDir, ref)
  const spillDir = path.join(folder, 'spill')
  try {
    const { rows, columns } = await shapeOf(artifact, spillDir)
    const helper = helperFor(rows * 100)
    try {
      const { parts } = await buildIndex({ artifact, rows, columns, spillDir }, helper)
      await writeIndex(path.join(folder, 'index'), { ...parts, state: ref.state, voterFile: ref.voterFile })
    } finally {
      await helper?.close()
    }
    await rename(path.join(folder, 'index'), indexPath(dataDir, ref))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const shapeOf = async (artifact: string, spillDir: string) => {
  const db = await openDuckDb({ threads: 1, spillDir, memoryShare: 0.1 })
  try {
    return { rows: await countRows(db, artifact), columns: await columnsOf(db, artifact) }
  } finally {
    db.close()
  }
}

const columnsOf = async (db: DuckDb, artifact: string): Promise<readonly string[]> =>
  (await db.rows(`describe select * from read_parquet(${literal(artifact)})`)).map(([name]) => name!)

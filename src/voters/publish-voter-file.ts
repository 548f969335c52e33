import { existsSync } from 'node:fs'
import { readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { DateText } from '../../events/primitives.js'
import { type AppError, appError, attempt, shown } from '../errors.js'
import { withFile } from '../file-failure.js'
import { makeFolder } from '../make-folder.js'
import { stateCode } from '../normalise/state.js'
import { artifactPath, indexPath, publicationPath, rejectedPath, stateDir } from './artifact.js'
import { helperFor, type IndexHelper } from './build-index.js'
import { refuseInterrupted } from './interruption.js'
import { listSources, type SourceFile } from './list-sources.js'
import { makeArtifact } from './make-artifact.js'
import type { Publication, PublishRequest } from './publication.js'
import { writeRejected } from './rejected-rows.js'
import { type Scan, scanSource } from './scan-source.js'
import { sourceHashOf } from './source-hash.js'
import { isWhole } from './whole-artifact.js'
import { durably, sweepLeftovers, workFolder, writeDurably } from './work-folder.js'
import { writeIndex } from './write-index.js'

/**
 * Publishes a voter file: artifact, index, and the report of rejected rows, each in place only when it is whole and on
 * disk. A source that was published before, read in the same way, is recognised by its hash and changes nothing.
 * Left: FILE_NOT_FOUND, BAD_FILE, BAD_MAPPING, BAD_USAGE, DISK_FULL, INTERRUPTED.
 */
export const publishVoterFile = (request: PublishRequest): TaskEither<AppError, Publication> =>
  attempt(async () => {
    const began = performance.now()
    refuseBadUsage(request)
    const { dataDir, state, signal } = request
    const tell = request.onProgress ?? (() => undefined)
    const sources = await listSources(request.files)
    const folder = stateDir(dataDir, state)
    await makeFolder(folder)
    await sweepLeftovers(folder)
    const bytes = sources.reduce((sum, source) => sum + source.bytes, 0)
    const helper = helperFor(bytes)
    try {
      const scans = []
      for (const source of sources) scans.push(await scanSource(source, signal))
      tell(5, 100)
      refuseInterrupted(signal)
      const sourceHash = sourceHashOf(request, scans)
      const known = await publishedBefore(request, sourceHash)
      if (known !== undefined) return { ...known, seconds: secondsSince(began) }
      const publication = await publishNew(request, sources, scans, sourceHash, helper)
      tell(100, 100)
      return { ...publication, seconds: secondsSince(began) }
    } finally {
      await helper?.close()
    }
  })

const secondsSince = (began: number): number => Math.round(performance.now() - began) / 1000

const refuseBadUsage = ({ state, asOf }: PublishRequest): void => {
  if (state === '' || stateCode(state) !== state) {
    throw appError('BAD_USAGE', `${shown(state)} is not the two letters of a US state or territory, such as FL`, {
      state,
    })
  }
  if (asOf !== undefined && !DateText.is(asOf)) {
    throw appError('BAD_USAGE', `The date ${shown(asOf)} is no date of the form YYYY-MM-DD`, { asOf })
  }
}

/** What was noted of a source, if all it points to still stands: publishing again makes a damaged artifact anew. */
const publishedBefore = async (
  { dataDir, state, asOf }: PublishRequest,
  sourceHash: string,
): Promise<Publication | undefined> => {
  const note = publicationPath(dataDir, state, sourceHash)
  if (!existsSync(note)) return undefined
  const noted = JSON.parse(await withFile(note, () => readFile(note, 'utf8'))) as Publication
  // what was published by an earlier version has no word of these
  const known = { ...{ otherState: 0, notes: [] }, ...noted }
  if (!existsSync(indexPath(dataDir, known))) return undefined
  if (!(await isWhole(artifactPath(dataDir, known), known.voterFile))) return undefined
  const { asOf: _, ...rest } = known
  return asOf === undefined ? known : { ...rest, asOf }
}

const encodingNotes = (sources: readonly SourceFile[], scans: readonly Scan[]): readonly string[] =>
  scans.flatMap(({ encoding, firstBroken }, i) =>
    encoding === 'other'
      ? [
          `${sources[i]!.name} is no valid UTF-8 (byte ${firstBroken}); its lines that are not were read as windows-1252`,
        ]
      : [],
  )

const stateNotes = (state: string, otherState: number): readonly string[] =>
  otherState === 0 ? [] : [`${otherState} rows have their residence in another state than ${state}; they were kept`]

const publishNew = async (
  request: PublishRequest,
  sources: readonly SourceFile[],
  scans: readonly Scan[],
  sourceHash: string,
  helper: IndexHelper | undefined,
): Promise<Publication> => {
  const { dataDir, state, asOf } = request
  const folder = await workFolder(stateDir(dataDir, state))
  try {
    const made = await makeArtifact({ request, sources, scans, folder, helper })
    const { voterFile, format, rows, rejected, masked, otherState, columns } = made
    const ref = { state, voterFile }
    const newIndex = path.join(folder, 'index')
    const indexBytes = await writeIndex(newIndex, { ...made.index, state, voterFile })
    const report = rejectedPath(dataDir, ref, sourceHash)
    if (rejected.length > 0) {
      await writeRejected(path.join(folder, 'rejected.csv'), rejected)
      await durably(path.join(folder, 'rejected.csv'), report)
    }
    await withFile(newIndex, () => rename(newIndex, indexPath(dataDir, ref)))
    await durably(made.artifact, artifactPath(dataDir, ref))
    const publication: Publication = {
      ...{ state, voterFile, sourceHash, sourceName: sources.map(({ name }) => name)[0]!, format },
      ...(asOf === undefined ? {} : { asOf }),
      ...{ rows, rejected: rejected.length, masked, columns, otherState },
      notes: [...encodingNotes(sources, scans), ...stateNotes(state, otherState)],
      ...(rejected.length === 0 ? {} : { rejectedFile: report }),
      ...{ seconds: 0, indexBytesPerVoter: Math.round((indexBytes / rows) * 10) / 10 },
    }
    await writeDurably(JSON.stringify(publication, null, 2), publicationPath(dataDir, state, sourceHash), folder)
    return publication
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

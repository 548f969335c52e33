import { eventIdOf } from '../../events/ids.js'
import { voterFileStream } from '../../events/streams.js'
import { appError, orThrow, shown } from '../errors.js'
import type { Workplace } from '../workplace.js'
import type { Publication } from './publication.js'

/** What is recorded of a voter file. */
export type Published = Pick<
  Publication,
  'state' | 'voterFile' | 'sourceHash' | 'sourceName' | 'format' | 'asOf' | 'rows' | 'rejected' | 'masked' | 'columns'
>

type RecordDeps = Pick<Workplace, 'db' | 'store' | 'recorder' | 'catchUp' | 'meta'>

/** Records a publication; the file that is current already records nothing, one that was current before becomes so again. */
export const recordPublication = async (deps: RecordDeps, publication: Published): Promise<void> => {
  const { state, voterFile } = publication
  const stream = voterFileStream(state)
  const revision = await orThrow(deps.store.revision(stream))
  await deps.catchUp()
  const current = (await listVoterFiles(deps)).find((file) => file.current && file.state === state)
  if (current?.voterFile === voterFile) return
  const { sourceHash, rows, rejected, masked, columns, sourceName, format, asOf } = publication
  const id = eventIdOf(stream, revision + 1, voterFile)
  const data = {
    ...{ state, voterFile, sourceHash, rows, rejected, masked, columns: [...columns], sourceName, format },
    ...(asOf === undefined ? {} : { asOf }),
  }
  await deps.recorder.record(stream, [{ id, type: 'VoterFilePublished', v: 1, meta: deps.meta(id), data }], revision)
}

export interface ListedVoterFile {
  readonly state: string
  readonly voterFile: string
  readonly rows: number
  /** YYYY-MM-DD */
  readonly asOf: string | null
  /** ISO 8601, UTC */
  readonly publishedAt: string
  readonly current: boolean
}

export const listVoterFiles = async ({ db }: Pick<Workplace, 'db'>): Promise<readonly ListedVoterFile[]> => {
  const rows = await orThrow(
    db.query<Omit<ListedVoterFile, 'publishedAt'> & { readonly publishedAt: Date }>(
      `select state, voter_file as "voterFile", rows, as_of as "asOf", published_at as "publishedAt", current
         from matchbook.voter_file order by state, published_position`,
    ),
  )
  return rows.map((row) => ({ ...row, publishedAt: row.publishedAt.toISOString() }))
}

/** Takes a voter file out of use: the one before it becomes current again. Throws VOTER_FILE_NOT_FOUND. */
export const withdrawVoterFile = async (
  deps: RecordDeps,
  hash: string,
): Promise<{ readonly state: string; readonly voterFile: string }> => {
  await deps.catchUp()
  const found = (await listVoterFiles(deps)).filter(({ voterFile }) => hash.length >= 8 && voterFile.startsWith(hash))
  const [file] = found
  if (file === undefined) throw appError('VOTER_FILE_NOT_FOUND', `there is no voter file ${shown(hash)}`, { hash })
  const { state, voterFile } = file
  const stream = voterFileStream(state)
  const revision = await orThrow(deps.store.revision(stream))
  const id = eventIdOf(stream, revision + 1, voterFile, 'withdrawn')
  const data = { state, voterFile }
  await deps.recorder.record(stream, [{ id, type: 'VoterFileWithdrawn', v: 1, meta: deps.meta(id), data }], revision)
  return data
}

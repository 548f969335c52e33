import { availableParallelism } from 'node:os'
import path from 'node:path'
import { stateCode } from '../normalise/state.js'
import { parquetOptions } from './artifact.js'
import { maskedColumn } from './artifact-columns.js'
import { type BuiltIndex, buildIndex } from './build-index.js'
import { badSvidRows, locateRows, nulRows } from './find-rejected.js'
import { refuseInterrupted } from './interruption.js'
import { type DuckDb, literal, openDuckDb } from './open-duckdb.js'
import { type Making, nothingLeft, readSource } from './read-source.js'
import { oncePerRow, type Rejected } from './rejected-rows.js'
import type { SourceFormat } from './source-table.js'
import { hashFile } from './whole-artifact.js'

export interface Made {
  readonly artifact: string
  readonly voterFile: string
  readonly format: SourceFormat
  readonly rows: number
  readonly rejected: readonly Rejected[]
  readonly masked: number
  /** rows whose residence is in another state */
  readonly otherState: number
  readonly columns: readonly string[]
  readonly index: BuiltIndex['parts']
}

/** Of the machine, for the pass that reads and writes everything: nothing is sorted, so it takes far less. */
const memoryShare = 0.4

/** Reads the source, writes the artifact into the folder, builds its index. Throws AppErrors. */
export const makeArtifact = async (making: Making): Promise<Made> => {
  const spillDir = path.join(making.folder, 'spill')
  const db = await openDuckDb({ threads: availableParallelism(), spillDir, memoryShare })
  const interrupt = (): void => db.connection.interrupt()
  making.request.signal?.addEventListener('abort', interrupt)
  try {
    return await make(db, spillDir, making)
  } finally {
    making.request.signal?.removeEventListener('abort', interrupt)
    db.close()
  }
}

const make = async (db: DuckDb, spillDir: string, making: Making): Promise<Made> => {
  const { request, scans, helper, sources } = making
  const { table, files, format, columns, malformed, ...read } = await readSource(db, making)
  request.onProgress?.(50, 100)
  refuseInterrupted(request.signal)
  let { artifact, rows } = read
  let built = await buildIndex({ artifact, rows, columns, spillDir }, helper)
  request.onProgress?.(90, 100)
  refuseInterrupted(request.signal)
  const nul = scans.some(({ hasNul }) => hasNul) ? await nulRows(db, artifact, columns) : []
  const bad = [...(await badSvidRows(db, artifact, built.bad)), ...nul]
  const rejected = oncePerRow([...malformed, ...(await locateRows(db, table, files, malformed, bad))])
  if (bad.length > 0) {
    const left = new Set(bad.map(({ row }) => row))
    rows -= left.size
    if (rows === 0) throw nothingLeft(sources, rejected)
    artifact = await copyWithout(db, artifact, path.join(making.folder, 'clean.parquet'), left)
    built = await buildIndex({ artifact, rows, columns, spillDir }, helper)
  }
  const voterFile = await hashFile(artifact)
  const canMask = format === 'florida' || scans.some(({ hasStar }) => hasStar)
  const masked = canMask ? await countMasked(db, artifact) : 0
  const otherState = columns.includes('state') ? await countOtherStates(db, artifact, request.state) : 0
  return {
    ...{ artifact, voterFile, format, rows, rejected, masked, otherState },
    ...{ columns: userColumns(columns), index: built.parts },
  }
}

const userColumns = (columns: readonly string[]): readonly string[] => columns.filter((name) => name !== maskedColumn)

/** The artifact once more without some rows. Rare: only for sources with rows that have no SVID of their own. */
const copyWithout = async (db: DuckDb, from: string, to: string, rows: ReadonlySet<number>): Promise<string> => {
  await db.run(`create or replace temp table left_out as select unnest([${[...rows].join(', ')}]::bigint[]) as row`)
  await db.run(
    `copy (select * exclude (file_row_number) from read_parquet(${literal(from)}, file_row_number = true)
            where file_row_number not in (select row from left_out)) to ${literal(to)} (${parquetOptions})`,
  )
  return to
}

/** What is no state at all is not counted: it says nothing of where somebody lives. */
const countOtherStates = async (db: DuckDb, artifact: string, published: string): Promise<number> => {
  const rows = await db.rows(`select state, count(*) from read_parquet(${literal(artifact)}) group by state`)
  const others = rows.filter(([state]) => ![published, ''].includes(stateCode(state ?? '')))
  return others.reduce((sum, [, count]) => sum + Number(count), 0)
}

const countMasked = async (db: DuckDb, artifact: string): Promise<number> => {
  const [row] = await db.rows(`select count(*) from read_parquet(${literal(artifact)}) where ${maskedColumn} = 'Y'`)
  return Number(row![0])
}

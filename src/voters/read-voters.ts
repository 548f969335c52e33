import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type AppError, attempt } from '../errors.js'
import { literal, openDuckDb } from './open-duckdb.js'
import { reading } from './whole-artifact.js'

/** A voter's row as the register gave it: field or column → text; absent when the register left it empty. */
export type VoterRow = Readonly<Record<string, string>>

/**
 * The original rows of some voters by SVID; SVIDs that the file does not have are not in the answer.
 * Left: BAD_FILE (a damaged artifact), DISK_FULL.
 */
export const readVoters = (
  artifact: string,
  svids: readonly string[],
): TaskEither<AppError, ReadonlyMap<string, VoterRow>> =>
  attempt(async () => {
    if (svids.length === 0) return new Map()
    const spillDir = await mkdtemp(path.join(tmpdir(), 'matchbook-'))
    const db = await openDuckDb({ threads: 2, spillDir, memoryShare: 0.1 })
    try {
      const wanted = svids.map(literal).join(', ')
      const from = `read_parquet(${literal(artifact)})`
      return await reading(artifact, async () => {
        const names = (await db.rows(`describe select * from ${from}`)).map(([name]) => name!)
        const place = names.indexOf('svid')
        const rows = await db.rows(`select * from ${from} where svid in (${wanted})`)
        return new Map(rows.map((cells) => [cells[place]!, rowOf(names, cells)]))
      })
    } finally {
      db.close()
      await rm(spillDir, { recursive: true, force: true })
    }
  })

const rowOf = (names: readonly string[], cells: readonly string[]): VoterRow =>
  Object.fromEntries(names.flatMap((name, i) => (cells[i] === '' ? [] : [[name, cells[i]!]])))

import path from 'node:path'
import type { VoterFileRef } from '../../events/matchbook.js'

/** Where a state's voter files lie: artifacts, indexes, rejected rows, and what is known of each source. */
export const stateDir = (dataDir: string, state: string): string => path.join(dataDir, 'voters', state)

/**
 * The artifact of a voter file: all rows that have an SVID of their own, in source order, every column as text, fields
 * under their contract names, other columns under their own. Named by the SHA-256 of its bytes: DuckDB writes the same
 * bytes for the same rows, whatever the number of threads (tested), so equal content has one name.
 */
export const artifactPath = (dataDir: string, { state, voterFile }: VoterFileRef): string =>
  path.join(stateDir(dataDir, state), `${voterFile}.parquet`)

export const indexPath = (dataDir: string, { state, voterFile }: VoterFileRef): string =>
  path.join(stateDir(dataDir, state), `${voterFile}.index`)

export const rejectedPath = (dataDir: string, { state, voterFile }: VoterFileRef, sourceHash: string): string =>
  path.join(stateDir(dataDir, state), `${voterFile}.${sourceHash.slice(0, 12)}.rejected.csv`)

/** What publishing a source came to, by the hash of the source: a source seen before need not be read again. */
export const publicationPath = (dataDir: string, state: string, sourceHash: string): string =>
  path.join(stateDir(dataDir, state), `${sourceHash}.source.json`)

/**
 * How DuckDB writes an artifact. Row groups of 40,960 and LZ4 instead of its defaults (122,880, Snappy): writing a million
 * voters takes 1.1 CPU seconds instead of 1.4, reading them back 0.33 instead of 0.42, and the file is 8% smaller.
 */
export const parquetOptions = 'format parquet, row_group_size 40960, compression lz4_raw'

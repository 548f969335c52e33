import { mkdirSync } from 'node:fs'
import os from 'node:os'
import { type DuckDBConnection, type DuckDBDataChunk, DuckDBInstance } from '@duckdb/node-api'
import { appError } from '../errors.js'

export interface DuckDb {
  readonly connection: DuckDBConnection
  /** Runs statements whose result nobody reads. Throws AppErrors. */
  readonly run: (sql: string) => Promise<void>
  /** Few rows as text cells, null as ''. Throws AppErrors. */
  readonly rows: (sql: string) => Promise<readonly (readonly string[])[]>
  /** Every chunk of a result, in order; a chunk is valid only while it is being looked at. Throws AppErrors. */
  readonly stream: (sql: string, each: (chunk: DuckDBDataChunk) => void) => Promise<void>
  readonly close: () => void
}

export interface DuckDbOptions {
  readonly threads: number
  /** where DuckDB may spill what does not fit its share of memory; made when missing */
  readonly spillDir: string
  /** share of the machine's memory, 0 to 1 */
  readonly memoryShare: number
}

/** The memory this process may use: the container's limit where there is one. */
const machineBytes = (): number => {
  const limit = process.constrainedMemory() ?? 0
  return limit > 0 && limit < os.totalmem() ? limit : os.totalmem()
}

/** An in-memory DuckDB that never loads extensions from the network and spills into the data folder. */
export const openDuckDb = async ({ threads, spillDir, memoryShare }: DuckDbOptions): Promise<DuckDb> => {
  mkdirSync(spillDir, { recursive: true })
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(threads),
    memory_limit: `${Math.max(256, Math.floor((machineBytes() * memoryShare) / 2 ** 20))}MiB`,
    temp_directory: spillDir,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    // Order in is order out: row i of the artifact is record i of the source, and equal rows make equal bytes.
    preserve_insertion_order: 'true',
  })
  const connection = await instance.connect()
  return {
    connection,
    run: async (sql) => {
      await translated(connection.run(sql))
    },
    rows: async (sql) => {
      const result = await translated(connection.runAndReadAll(sql))
      return result.getRows().map((row) => row.map((cell) => (cell === null ? '' : String(cell))))
    },
    stream: async (sql, each) => {
      const result = await translated(connection.stream(sql))
      for (;;) {
        const chunk = await translated(result.fetchChunk())
        if (chunk === null || chunk.rowCount === 0) return
        each(chunk)
      }
    },
    close: () => {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

/** DuckDB's errors as the catalogue's, where they are expected; anything else stays a bug. */
const translated = async <A>(work: Promise<A>): Promise<A> => {
  try {
    return await work
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    if (/no space left|max_temp_directory_size/i.test(text)) throw appError('DISK_FULL', `The disk is full: ${text}`)
    if (/INTERRUPT/.test(text)) throw appError('INTERRUPTED', 'Publishing was interrupted; run it again.')
    if (/^(IO|Invalid Input|Conversion|Invalid|Catalog|Serialization) Error/.test(text)) {
      throw appError('BAD_FILE', `The file can't be read: ${firstLine(text)}`)
    }
    throw error
  }
}

const firstLine = (text: string): string => text.split('\n', 1)[0]!

/** A text as an SQL literal, a name as an SQL identifier: for statements that take no parameters (COPY, table functions). */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`

import type { FieldMap } from '../lists/parse-map.js'

export interface PublishRequest {
  readonly dataDir: string
  /** files or folders */
  readonly files: readonly string[]
  /** two letters */
  readonly state: string
  readonly format: 'auto' | 'florida' | 'table'
  /** table of a DuckDB file */
  readonly table?: string
  /** field → header, or headers joined by + */
  readonly mapping?: FieldMap
  /** which column names a voter; the SVID's alone unless given */
  readonly identifier?: 'svid' | 'svid_or_id'
  /** YYYY-MM-DD */
  readonly asOf?: string
  /** steps of a hundred */
  readonly onProgress?: (done: number, total: number) => void
  readonly signal?: AbortSignal
}

export interface Publication {
  readonly state: string
  /** SHA-256 of the artifact's bytes */
  readonly voterFile: string
  /** SHA-256 over the source's bytes and everything that says how they are read */
  readonly sourceHash: string
  readonly sourceName: string
  readonly format: 'florida' | 'table'
  readonly asOf?: string
  readonly rows: number
  readonly rejected: number
  readonly masked: number
  readonly columns: readonly string[]
  /** rows whose residence is in another state than the file is published for; they stay */
  readonly otherState: number
  /** what the user should know of how the file was read, in sentences */
  readonly notes: readonly string[]
  readonly rejectedFile?: string
  readonly seconds: number
  readonly indexBytesPerVoter: number
}

import { open, readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { appError, shown } from '../errors.js'
import { withFile } from '../file-failure.js'

export type SourceKind = 'text' | 'parquet' | 'duckdb'

export interface SourceFile {
  readonly path: string
  /** file name; the whole path where two files have one name */
  readonly name: string
  readonly bytes: number
  readonly kind: SourceKind
  /** where the program put a readable copy, else the file itself */
  readonly readPath: string
}

/**
 * The files of a voter file: folders give the files in them, hidden ones left out; sorted by name, so that the order of
 * arguments changes nothing. Throws FILE_NOT_FOUND, BAD_FILE (empty, of a kind that can't be read, of several kinds).
 */
export const listSources = async (files: readonly string[]): Promise<readonly SourceFile[]> => {
  const paths: string[] = []
  for (const file of files) paths.push(...(await expand(file)))
  const unique = [...new Set(paths.map((file) => path.resolve(file)))]
  unique.sort((a, b) => compareText(path.basename(a), path.basename(b)) || compareText(a, b))
  if (unique.length === 0) throw appError('BAD_FILE', `There is no file in ${files.map(shown).join(', ')}`)
  const sources: SourceFile[] = []
  for (const file of unique) sources.push(await describe(file))
  const kinds = new Set(sources.map(({ kind }) => kind))
  if (kinds.size > 1) {
    throw appError('BAD_FILE', `The files are of several kinds: ${[...kinds].join(', ')}; publish one kind at a time`)
  }
  const names = sources.map(({ name }) => name)
  return sources.map((one) =>
    names.indexOf(one.name) === names.lastIndexOf(one.name) ? one : { ...one, name: one.path },
  )
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const expand = async (file: string): Promise<readonly string[]> => {
  const found = await withFile(file, () => stat(file))
  if (!found.isDirectory()) return [file]
  const entries = await withFile(file, () => readdir(file, { withFileTypes: true }))
  const paths = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => path.join(file, entry.name))
  // a county without a voter is an empty file among others
  const sizes = await Promise.all(paths.map(async (one) => (await withFile(one, () => stat(one))).size))
  const filled = paths.filter((_, i) => sizes[i]! > 0)
  return filled.length > 0 ? filled : paths
}

const describe = async (file: string): Promise<SourceFile> =>
  withFile(file, async () => {
    const handle = await open(file, 'r')
    try {
      const { size } = await handle.stat()
      const head = Buffer.alloc(Math.min(size, 1 << 16))
      await handle.read(head, 0, head.length, 0)
      if (size === 0) throw appError('BAD_FILE', `The file ${shown(file)} is empty`, { file })
      return { path: file, name: path.basename(file), bytes: size, kind: kindOf(file, head), readPath: file }
    } finally {
      await handle.close()
    }
  })

const archives: readonly (readonly [magic: string, name: string])[] = [
  ['1f8b', 'a gzip archive'],
  ['504b0304', 'a ZIP archive or a workbook'],
  ['28b52ffd', 'a zstd archive'],
  ['d0cf11e0', 'an old workbook'],
  ['25504446', 'a PDF'],
]

const kindOf = (file: string, head: Buffer): SourceKind => {
  if (head.toString('latin1', 0, 4) === 'PAR1') return 'parquet'
  if (head.toString('latin1', 8, 12) === 'DUCK') return 'duckdb'
  const hex = head.toString('hex', 0, 4)
  const archive = archives.find(([magic]) => hex.startsWith(magic))
  if (archive !== undefined) {
    throw appError('BAD_FILE', `The file ${shown(file)} is ${archive[1]}; unpack it or save it as CSV`, { file })
  }
  const isUtf16 = hex.startsWith('fffe') || hex.startsWith('feff')
  if (!isUtf16 && isBinary(head)) {
    throw appError('BAD_FILE', `The file ${shown(file)} is neither text, Parquet nor DuckDB`, { file })
  }
  return 'text'
}

/** Text has next to no control characters; a stray NUL is a matter of its row. */
const isBinary = (head: Buffer): boolean => {
  let controls = 0
  for (const byte of head) if (byte < 9 || (byte > 13 && byte < 32 && byte !== 26 && byte !== 27)) controls++
  return controls * 50 > head.length
}

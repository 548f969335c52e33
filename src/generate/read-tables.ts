import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { type AppError, appError, shown } from '../errors.js'
import type { ZipRow } from './places.js'
import { decades, type FirstNameRow, type Names, namesOf, type Sex, type SurnameRow } from './read-names.js'

/** The large tables: who may be called what, and where people live. */
export interface Tables {
  readonly names: Names
  readonly zips: readonly ZipRow[]
}

type Cells = readonly string[]

const fail = (path: string, row: number, field: string, value: string): AppError =>
  appError('BAD_VALUE', `${path}, row ${row}: ${field} cannot be ${shown(value)}`, { file: path, row, field })

/** A table's rows in the order of `columns`. The tables are ASCII without quoting: anything else in one is an error. */
const readTable = async (path: string, columns: readonly string[]): Promise<Either<AppError, Cells[]>> => {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => error)
  if (typeof text !== 'string')
    return left(
      appError('FILE_NOT_FOUND', `cannot read the table ${path} (${text.code ?? text.message})`, { file: path }),
    )
  const lines = text.split(/\r?\n/).filter((line) => line !== '')
  const header = (lines[0] ?? '').split(',')
  const places = columns.map((column) => header.indexOf(column))
  const missing = places.indexOf(-1)
  if (missing !== -1)
    return left(
      appError('BAD_FILE', `${path} has no column ${columns[missing]!}`, { file: path, field: columns[missing]! }),
    )
  const rows: Cells[] = []
  for (const [i, line] of lines.slice(1).entries()) {
    const cells = line.split(',')
    if (cells.length !== header.length || /["\t]|[^ -~]/.test(line)) return left(fail(path, i + 2, 'the row', line))
    rows.push(places.map((place) => cells[place]!))
  }
  return right(rows)
}

/** Decodes each row, and answers the first that can't be with its row number. */
const decodeRows = <T>(path: string, rows: Cells[], decode: (cells: Cells) => T | string): Either<AppError, T[]> => {
  const decoded: T[] = []
  for (const [i, cells] of rows.entries()) {
    const row = decode(cells)
    if (typeof row === 'string') return left(fail(path, i + 2, row, cells.join(',')))
    decoded.push(row)
  }
  return right(decoded)
}

const countOf = (text: string | undefined): number => (/^\d+$/.test(text ?? '') ? Number(text) : Number.NaN)

const decodeFirst = ([name, sex, decade, count]: Cells): FirstNameRow | string => {
  const at = (countOf(decade) - 1920) / 10
  if (!name) return 'first_name'
  if (sex !== 'F' && sex !== 'M') return 'sex'
  if (!Number.isInteger(at) || at < 0 || at >= decades) return 'birth_decade'
  return Number.isNaN(countOf(count)) ? 'count' : { name, sex, decade: at, count: countOf(count) }
}

/** Where the census says nothing of a surname's Spanish-speaking bearers. */
const unknownShare = 0.05

const apostrophes =
  /^O(BRIEN|CONNOR|CONNELL|DONNELL|HARA|KEEFE|LEARY|MALLEY|NEAL|NEIL|NEILL|REILLY|ROURKE|SULLIVAN|TOOLE)$/

const decodeSurname = ([name, count, share]: Cells): SurnameRow | string => {
  const hispanicShare = share === '' ? unknownShare : Number(share)
  if (!name) return 'surname'
  if (Number.isNaN(countOf(count))) return 'count'
  if (!(hispanicShare >= 0 && hispanicShare <= 1)) return 'hispanic_share'
  return { name: name.replace(apostrophes, "O'$1"), count: countOf(count), hispanicShare }
}

const decodeZip = ([zip, city, people]: Cells): ZipRow | string => {
  if (!/^\d{5}$/.test(zip ?? '')) return 'zip'
  if (!city) return 'city'
  return Number.isNaN(countOf(people)) ? 'population' : { zip: zip!, city, people: countOf(people) }
}

const hasAllFirstNames = (rows: readonly FirstNameRow[]): boolean =>
  (['F', 'M'] as Sex[]).every((sex) =>
    Array.from({ length: decades }, (_, decade) => decade).every((decade) =>
      rows.some((row) => row.sex === sex && row.decade === decade && row.count > 0),
    ),
  )

/** One table read and decoded. */
const load = async <T>(
  path: string,
  columns: readonly string[],
  decode: (cells: Cells) => T | string,
): Promise<Either<AppError, T[]>> => {
  const rows = await readTable(path, columns)
  return isLeft(rows) ? rows : decodeRows(path, rows.right, decode)
}

/**
 * Reads `first_names.csv` (first_name, sex, birth_decade, count), `surnames.csv` (surname, count, hispanic_share) and
 * `zips.csv` (zip, city, population) of a folder. Fails naming file, row and field.
 */
export const readTables = async (folder: string): Promise<Either<AppError, Tables>> => {
  const firstPath = join(folder, 'first_names.csv')
  const lastPath = join(folder, 'surnames.csv')
  const zipPath = join(folder, 'zips.csv')
  const firsts = await load(firstPath, ['first_name', 'sex', 'birth_decade', 'count'], decodeFirst)
  if (isLeft(firsts)) return firsts
  if (!hasAllFirstNames(firsts.right))
    return left(
      appError('BAD_FILE', `${firstPath} lacks names of a sex and decade from 1920 to 2000`, { file: firstPath }),
    )
  const lasts = await load(lastPath, ['surname', 'count', 'hispanic_share'], decodeSurname)
  if (isLeft(lasts)) return lasts
  if (!lasts.right.some((row) => row.hispanicShare > 0.5) || !lasts.right.some((row) => row.hispanicShare < 0.5))
    return left(
      appError('BAD_FILE', `${lastPath} needs surnames on both sides of hispanic_share 0.5`, { file: lastPath }),
    )
  const zips = await load(zipPath, ['zip', 'city', 'population'], decodeZip)
  if (isLeft(zips)) return zips
  if (!zips.right.some((row) => row.people > 0))
    return left(appError('BAD_FILE', `${zipPath} has no ZIP with people`, { file: zipPath }))
  return right({ names: namesOf(firsts.right, lasts.right), zips: zips.right })
}

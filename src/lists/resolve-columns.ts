import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { ContactField } from '../../events/contact.js'
import { type AppError, appError, shown } from '../errors.js'
import { findParts, knownHeader, partsOfAddress } from './known-headers.js'
import type { FieldMap } from './parse-map.js'

/** How the columns of a list become fields: what the reader of its rows goes by. */
export interface Columns {
  /** one name per column, none twice */
  readonly headers: readonly string[]
  /** field → header, or several headers joined by `+` */
  readonly mapping: FieldMap
  /** field → the columns whose cells make it up */
  readonly sources: ReadonlyMap<string, readonly number[]>
  /** columns that no field takes */
  readonly unmapped: readonly number[]
}

/**
 * Names a list's columns and finds the fields in them: those that `map` says, then the known headers for the fields and
 * columns that are left. Of two known headers for one field the more specific takes it.
 * Left: BAD_MAPPING (a column that isn't there; no column known at all), BAD_FILE (a mapped column there twice).
 */
export const resolveColumns = (
  file: string,
  cells: readonly string[],
  map: FieldMap = {},
): Either<AppError, Columns> => {
  const given = cells.map((cell) => cell.replace(/\s+/g, ' ').trim())
  const headers = uniqueHeaders(given)
  const sources = new Map<string, readonly number[]>()
  const mapping: Record<string, string> = {}
  const taken = new Set<number>()
  const take = (field: string, columns: readonly number[]): void => {
    sources.set(field, columns)
    mapping[field] = columns.map((column) => headers[column]).join('+')
    for (const column of columns) taken.add(column)
  }
  for (const [field, header] of Object.entries(map)) {
    const columns = columnsNamed(header, given)
    if (columns === undefined) return left(missingColumn(file, field, header, given))
    take(field, columns)
  }
  const known = knownColumns(given, taken)
  if (!sources.has('address1') && !known.has('address1')) {
    for (const [field, columns] of addressParts(given, taken)) if (!sources.has(field)) take(field, columns)
  }
  for (const [field, column] of known) if (!sources.has(field) && !taken.has(column)) take(field, [column])
  const twice = [...taken].find((column) => given.indexOf(given[column]!) !== given.lastIndexOf(given[column]!))
  if (twice !== undefined) return left(twoColumns(file, given[twice]!, given))
  if (sources.size === 0) return left(nothingKnown(file, given))
  return right({ headers, mapping, sources, unmapped: headers.flatMap((_, i) => (taken.has(i) ? [] : [i])) })
}

/** An empty header is named after its column; a second column of one name gets `_2`. `__proto__` can be no key. */
const uniqueHeaders = (given: readonly string[]): readonly string[] => {
  const seen = new Set<string>()
  return given.map((header, i) => {
    const name = header === '' || header === '__proto__' ? `column ${i + 1}` : header
    let unique = name
    for (let n = 2; seen.has(unique); n++) unique = `${name}_${n}`
    seen.add(unique)
    return unique
  })
}

/** The column of this very name, else of this name in another case, else the columns of names joined by `+`. */
const columnsNamed = (header: string, given: readonly string[]): readonly number[] | undefined => {
  const one = columnNamed(header, given)
  if (one >= 0) return [one]
  const several = header.split('+').map((part) => columnNamed(part, given))
  return several.includes(-1) ? undefined : several
}

const columnNamed = (header: string, given: readonly string[]): number => {
  const name = header.replace(/\s+/g, ' ').trim()
  const exact = given.indexOf(name)
  return exact >= 0 ? exact : given.findIndex((other) => other.toLowerCase() === name.toLowerCase())
}

const knownColumns = (given: readonly string[], taken: ReadonlySet<number>): ReadonlyMap<ContactField, number> => {
  const best = new Map<ContactField, { readonly column: number; readonly rank: number }>()
  given.forEach((header, column) => {
    const known = taken.has(column) ? undefined : knownHeader(header)
    if (known === undefined || known.rank >= (best.get(known.field)?.rank ?? Number.POSITIVE_INFINITY)) return
    best.set(known.field, { column, rank: known.rank })
  })
  return new Map([...best].map(([field, { column }]) => [field, column]))
}

const addressParts = (
  given: readonly string[],
  taken: ReadonlySet<number>,
): readonly (readonly [field: string, columns: readonly number[]])[] =>
  Object.entries(partsOfAddress).flatMap(([field, { parts, needed }]) => {
    const columns = findParts(given, parts, needed).filter((column) => !taken.has(column))
    return columns.length === 0 ? [] : [[field, columns] as const]
  })

const listed = (given: readonly string[]): string =>
  `${given.slice(0, 100).map(shown).join(', ')}${given.length > 100 ? ` and ${given.length - 100} more` : ''}`

const missingColumn = (file: string, field: string, header: string, given: readonly string[]): AppError =>
  appError('BAD_MAPPING', `${shown(file)} has no column ${shown(header)} for ${field}. Its columns: ${listed(given)}`, {
    file,
    field,
    column: header,
  })

const twoColumns = (file: string, header: string, given: readonly string[]): AppError => {
  const places = given.flatMap((other, i) => (other === header ? [i + 1] : [])).join(' and ')
  return appError('BAD_FILE', `${shown(file)} has two columns ${shown(header)}: ${places}. Rename one of them`, {
    file,
    column: header,
  })
}

const nothingKnown = (file: string, given: readonly string[]): AppError => {
  const alone = `${shown(file)} has one column only, ${shown(given[0])}, and that is no known header`
  const none = `${shown(file)} has no header that is known; say which is which with --map field=Header,…`
  return given.length === 1
    ? appError('BAD_FILE', `${alone}. Between columns stand , ; tab or |`, { file })
    : appError('BAD_MAPPING', `${none} Its columns: ${listed(given)}`, { file })
}

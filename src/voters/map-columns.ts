import { contactFields } from '../../events/contact.js'
import { appError, shown } from '../errors.js'
import type { FieldMap } from '../lists/parse-map.js'
import type { SourceColumn } from './source-table.js'
import { voterHeaders } from './voter-fields.js'

/** Field (or `extra.NAME`) → the columns that make it up, by place. */
export type ColumnMap = ReadonlyMap<string, readonly number[]>

/**
 * Finds the fields in a register's columns: those that `map` says, then known headers for what is left. Of two known
 * headers for one field the more specific takes it. Throws BAD_MAPPING: a column that isn't there, one taken twice, two
 * headers that say the same, no column for svid (with `svid_or_id`: nor for id, which then stands in).
 */
export const mapColumns = (
  columns: readonly SourceColumn[],
  map: FieldMap,
  file: string,
  identifier: 'svid' | 'svid_or_id' = 'svid',
): ColumnMap => {
  const headers = columns.map(({ header }) => header)
  const found = new Map<string, readonly number[]>()
  const taken = new Map<number, string>()
  for (const [field, header] of Object.entries(map)) {
    const places = placesOf(header, headers)
    if (places === undefined) throw missing(file, field, header, headers)
    for (const place of places) {
      const other = taken.get(place)
      if (other !== undefined && places.length === 1) throw takenTwice(file, headers[place]!, other, field)
      taken.set(place, field)
    }
    found.set(field, places)
  }
  for (const [field, place] of known(headers, taken, file)) if (!found.has(field)) found.set(field, [place])
  const id = found.get('id')
  if (identifier === 'svid_or_id' && id !== undefined && !found.has('svid')) {
    found.delete('id')
    found.set('svid', id)
  }
  if (!found.has('svid')) throw noSvid(file, headers)
  return found
}

const placesOf = (header: string, headers: readonly string[]): readonly number[] | undefined => {
  const whole = placeOf(header, headers)
  if (whole >= 0) return [whole]
  const parts = header.split('+').map((part) => placeOf(part.trim(), headers))
  return parts.includes(-1) ? undefined : parts
}

const placeOf = (header: string, headers: readonly string[]): number => {
  const exact = headers.indexOf(header)
  return exact >= 0 ? exact : headers.findIndex((other) => other.toLowerCase() === header.trim().toLowerCase())
}

const known = (
  headers: readonly string[],
  taken: ReadonlyMap<number, string>,
  file: string,
): ReadonlyMap<string, number> => {
  const best = new Map<string, { readonly place: number; readonly rank: number }>()
  headers.forEach((header, place) => {
    if (taken.has(place)) return
    for (const { field, rank } of voterHeaders(header)) {
      const other = best.get(field)
      if (other?.rank === rank && !isTaken(taken, field)) throw sayTheSame(file, field, headers[other.place]!, header)
      if (other === undefined || rank < other.rank) best.set(field, { place, rank })
    }
  })
  // A header may stand for two fields (a vendor's id for svid when the state's is not there): the first to need it has it.
  const places = new Set<number>()
  const chosen = new Map<string, number>()
  for (const field of ['svid', ...contactFields]) {
    const one = best.get(field)
    if (one === undefined || places.has(one.place) || chosen.has(field)) continue
    places.add(one.place)
    chosen.set(field, one.place)
  }
  return chosen
}

const isTaken = (taken: ReadonlyMap<number, string>, field: string): boolean => [...taken.values()].includes(field)

const listed = (headers: readonly string[]): string =>
  `${headers.slice(0, 100).map(shown).join(', ')}${headers.length > 100 ? ` and ${headers.length - 100} more` : ''}`

const missing = (file: string, field: string, header: string, headers: readonly string[]) =>
  appError('BAD_MAPPING', `${file} has no column ${shown(header)} for ${field}. Its columns: ${listed(headers)}`, {
    file,
    field,
    column: header,
  })

const takenTwice = (file: string, header: string, field: string, other: string) =>
  appError('BAD_MAPPING', `The map gives column ${shown(header)} of ${file} to two fields: ${field} and ${other}`, {
    file,
    column: header,
  })

const sayTheSame = (file: string, field: string, one: string, other: string) =>
  appError(
    'BAD_MAPPING',
    `${file} has two columns for ${field}: ${shown(one)} and ${shown(other)}; say which with --map ${field}=…`,
    { file, field, column: other },
  )

const noSvid = (file: string, headers: readonly string[]) =>
  appError(
    'BAD_MAPPING',
    `${file} has no column that is known for svid; say which with --map svid=… Its columns: ${listed(headers)}`,
    { file, field: 'svid' },
  )

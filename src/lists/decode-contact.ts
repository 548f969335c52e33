import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { type Contact, contactFields } from '../../events/contact.js'
import { type AppError, appError, shown } from '../errors.js'
import { rowDecoder } from './decode-row.js'
import { knownHeader } from './known-headers.js'
import { isExtraField } from './parse-map.js'
import { type Columns, resolveColumns } from './resolve-columns.js'

/**
 * One contact, its values by field or by a header that lists are known to have, as an import would decode it from a row.
 * `today` (YYYY-MM-DD) says what two-digit years mean. A contact with nothing to identify a person by, which an import
 * rejects, is an empty one: it matches nobody.
 * Left: BAD_MAPPING (no field, an unknown one, one twice), BAD_VALUE (a malformed value); both name the field.
 */
export const decodeContact = (values: Readonly<Record<string, unknown>>, today: string): Either<AppError, Contact> => {
  const columns = columnsOf(Object.keys(values).map((name) => name.replace(/\s+/g, ' ').trim()))
  if (columns._tag === 'Left') return columns
  const cells: string[] = []
  for (const [field, value] of Object.entries(values)) {
    const cell = cellOf(value)
    if (cell === undefined) return left(badValue(field, `The contact's ${field} is no text but ${shown(value)}`))
    cells.push(cell)
  }
  const { contact } = rowDecoder(columns.right, { today })({ row: 1, cells })
  if (contact._tag === 'Right') return contact
  const { code, field = '', reason } = contact.left
  return code === 'NO_IDENTITY' ? right({}) : left(badValue(field, reason))
}

const badValue = (field: string, message: string): AppError => appError('BAD_VALUE', message, { field })

const cellOf = (value: unknown): string | undefined => {
  if (value === null) return ''
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

const columnsOf = (names: readonly string[]): Either<AppError, Columns> => {
  if (names.length === 0) return left(appError('BAD_MAPPING', 'The contact has no field at all'))
  const twice = names.find((name, i) => names.indexOf(name) < i)
  if (twice !== undefined) return left(notTaken(twice, `The contact gives ${shown(twice)} twice`))
  const extras = names.filter(isExtraField).map((name) => [name, name])
  const columns = resolveColumns('the contact', names, Object.fromEntries(extras))
  // without a single known field there are no columns
  const unmapped = columns._tag === 'Left' ? names : columns.right.unmapped.map((column) => names[column]!)
  const [name] = unmapped
  if (name === undefined) return columns
  const field = knownHeader(name)?.field
  const unknown = `The contact has no field ${shown(name)}. Fields: ${contactFields.join(', ')}, extra.NAME`
  return left(
    notTaken(name, field === undefined ? unknown : `The contact gives its ${field} twice: ${shown(name)} too`),
  )
}

const notTaken = (field: string, message: string): AppError => appError('BAD_MAPPING', message, { field })

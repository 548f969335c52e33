import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { type Contact, type ContactField, contactFields } from '../../events/contact.js'
import { shown } from '../errors.js'
import { dateDigits } from '../normalise/date.js'
import { stateCode } from '../normalise/state.js'
import { cellText, isNothing, isSignOfNothing } from './cell-text.js'
import { completed, type Draft, keep } from './complete-contact.js'
import { aside, fieldRules, kindOf, malformed, type RowContext } from './field-rules.js'
import type { SourceRow } from './list-source.js'
import type { Columns } from './resolve-columns.js'
import { splitAddress } from './split-address.js'

export interface Rejection {
  readonly code: 'BAD_ROW' | 'BAD_VALUE' | 'NO_IDENTITY'
  readonly field?: string
  /** a whole sentence with the offending value in it */
  readonly reason: string
}

export interface ListRow {
  /** number of the data row, from 1; the header row and blank lines are not counted */
  readonly row: number
  /** header → cell as it stood in the file */
  readonly original: Readonly<Record<string, string>>
  readonly contact: Either<Rejection, Contact>
}

export interface DecodeSettings {
  /** state of the rows that give none */
  readonly defaultState?: string
  /** YYYY-MM-DD */
  readonly today: string
  /**
   * 'reject' unless given. 'aside': a malformed value goes to the custom fields, a birth date that can't be one
   * stays where its digits can be told, and neither these nor having nothing to identify a person by rejects the row
   */
  readonly malformed?: 'reject' | 'aside'
}

interface Step {
  readonly field: ContactField
  readonly columns: readonly number[]
  readonly header: string
  readonly rule: (typeof fieldRules)[ContactField]
  readonly isNothing: (value: string) => boolean
}

const nameFields = new Set<ContactField>(['full_name', 'first_name', 'middle_name', 'last_name'])

/**
 * The decoder of a list's rows: a pure function of row, columns and settings. A malformed value rejects the row, so that
 * nothing is lost in silence; what is only of no use as its field (a suffix `MD`, a phone without area code, the tag of
 * an e-mail address) is kept with the custom fields.
 */
export const rowDecoder = (columns: Columns, settings: DecodeSettings): ((row: SourceRow) => ListRow) => {
  const { headers } = columns
  const order = inKeyOrder(headers)
  const unmapped = order.filter((column) => columns.unmapped.includes(column))
  const whole = columnOfWholeAddress(columns)
  const steps = stepsOf(columns, whole)
  const extras = [...columns.sources].flatMap(([field, from]) =>
    field.startsWith('extra.') ? [[field.slice('extra.'.length), from] as const] : [],
  )
  const contactOf = ({ cells, flaw }: SourceRow): Either<Rejection, Contact> => {
    if (flaw !== undefined) return left({ code: 'BAD_ROW', reason: `${flaw.kind}: ${shown(flaw.text)}` })
    const surplus = cells.length > headers.length ? cells.slice(headers.length).find(hasText) : undefined
    if (surplus !== undefined) return left(tooManyCells(headers.length, cells.length, surplus))
    const draft: Draft = {}
    const context = { today: settings.today, foreignState: '' }
    const address: Partial<Record<string, string>> = whole < 0 ? nowhere : (splitAddress(cells[whole] ?? '') ?? nowhere)
    for (const step of steps) {
      const value = address[step.field] ?? joined(cells, step.columns)
      const rejection = value === '' || step.isNothing(value) ? undefined : fill(draft, step, value, context)
      if (rejection === undefined) continue
      if (settings.malformed !== 'aside') return left(rejection)
      putAside(draft, step, value)
    }
    for (const column of unmapped) keep(draft, headers[column]!, cellText(cells[column] ?? ''))
    for (const [name, from] of extras) addExtra(draft, name, joined(cells, from))
    const contact = completed(draft, settings.defaultState)
    return settings.malformed === 'aside' ? right(contact) : identified(contact)
  }
  return (row) => ({ row: row.row, original: originalOf(headers, order, row), contact: contactOf(row) })
}

const nowhere = {}
const hasText = (cell: string): boolean => cell.trim() !== ''

/** The fields in the contract's order, in which the state comes before the ZIP that it decides about. */
const stepsOf = ({ sources, mapping }: Columns, whole: number): readonly Step[] =>
  contactFields.flatMap((field) => {
    const columns = sources.get(field) ?? (whole >= 0 && partsOfWhole.has(field) ? [] : undefined)
    if (columns === undefined) return []
    const header = mapping[field] ?? mapping['address1'] ?? ''
    const nothing = nameFields.has(field) ? isSignOfNothing : isNothing
    return [{ field, columns, header, rule: fieldRules[field], isNothing: nothing }]
  })

const partsOfWhole = new Set<ContactField>(['address2', 'city', 'state', 'zip'])

/** The column whose cells may hold a whole address: a first address line in a list without city, state and ZIP; else −1. */
const columnOfWholeAddress = ({ sources }: Columns): number => {
  const [column, ...more] = sources.get('address1') ?? []
  const isApart = sources.has('city') || sources.has('state') || sources.has('zip')
  return column === undefined || more.length > 0 || isApart ? -1 : column
}

const joined = (cells: readonly string[], columns: readonly number[]): string => {
  if (columns.length === 1) return cellText(cells[columns[0]!] ?? '')
  return columns
    .map((column) => cellText(cells[column] ?? ''))
    .filter((text) => text !== '')
    .join(' ')
}

/** Puts a value into the draft; answers why the row is rejected when the value is malformed. */
const fill = (draft: Draft, step: Step, value: string, context: RowContext): Rejection | undefined => {
  const { field, header } = step
  const ruling = step.rule(value, context)
  if (ruling === malformed) {
    const reason = `Column ${shown(header)}: ${shown(value)} is not ${kindOf[field] ?? `a ${field}`}`
    return { code: 'BAD_VALUE', field, reason }
  }
  if (ruling === aside) keep(draft, header, value)
  else if (field === 'birth_date' && ruling.length === 4) draft.birth_year = ruling
  else if (ruling !== '') {
    draft[field] = ruling
    if (field === 'state' && stateCode(ruling) === '') context.foreignState = ruling
    if (field === 'email' && ruling !== value.toLowerCase()) keep(draft, header, value)
  }
  return undefined
}

const putAside = (draft: Draft, { field, header }: Step, value: string): void => {
  const digits = field === 'birth_date' ? dateDigits(value) : ''
  if (digits === '') keep(draft, header, value)
  else draft.birth_date = digits
}

const addExtra = (draft: Draft, name: string, value: string): void => {
  if (value !== '' && !isNothing(value)) (draft.extra ??= {})[name] = value
}

const identified = (draft: Draft): Either<Rejection, Contact> => {
  const { first_name, last_name, svid, phone, email } = draft
  const isSomebody = first_name ?? last_name ?? svid ?? phone ?? email
  if (isSomebody !== undefined) return right(draft)
  const reason = 'There is nothing to identify a person by: no name, no SVID, no phone, no e-mail address'
  return left({ code: 'NO_IDENTITY', reason })
}

const tooManyCells = (columns: number, cells: number, surplus: string): Rejection => ({
  code: 'BAD_ROW',
  reason: `The row has ${cells} cells for ${columns} columns; ${shown(surplus)} stands in none of them`,
})

/** Nothing dropped: cells beyond the header are kept as `column 17`, a row that can't be cut into cells as its text. */
const originalOf = (
  headers: readonly string[],
  order: readonly number[],
  { cells, flaw }: SourceRow,
): Readonly<Record<string, string>> => {
  if (flaw !== undefined) return { 'whole row': flaw.text }
  const original: Record<string, string> = {}
  for (const column of order) if (column < cells.length) original[headers[column]!] = cells[column]!
  for (let i = headers.length; i < cells.length; i++) original[`column ${i + 1}`] = cells[i]!
  return original
}

/** Columns in the order in which canonical JSON has their headers: see canonicalJson. */
const inKeyOrder = (headers: readonly string[]): readonly number[] =>
  headers.map((_, column) => column).sort((a, b) => (headers[a]! < headers[b]! ? -1 : 1))

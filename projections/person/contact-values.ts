import type { Contact, ContactField } from '../../events/contact.js'
import type { Row } from '../row-set.js'

const given = (contact: Contact, field: ContactField): string | null => {
  const value = contact[field]
  return value === undefined || value === '' ? null : value
}

const plainFields = {
  first_name: 'first_name',
  middle_name: 'middle_name',
  last_name: 'last_name',
  suffix: 'suffix',
  sex: 'sex',
  cell_phone: 'phone',
  email: 'email',
} as const satisfies Readonly<Record<string, ContactField>>

const addressFields = ['address1', 'address2', 'city', 'state', 'zip'] as const

/** A date of the calendar from year 1 on, as Postgres's date takes it. */
const isCalendarDate = (text: string): boolean => {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || text.startsWith('0000')) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

/**
 * The person's columns after one more contact: its values win where it gives any. An address is taken as a whole from a
 * contact that gives a street or a ZIP, so that nobody ends up in one town with another's street.
 */
export const withContact = (before: Row, contact: Contact): Row => {
  const row: Record<string, Row[string]> = { ...before }
  for (const [column, field] of Object.entries(plainFields)) {
    const value = given(contact, field)
    if (value !== null) row[column] = value
  }
  const birthDate = given(contact, 'birth_date')
  const birthYear = given(contact, 'birth_year')
  if (birthDate !== null && isCalendarDate(birthDate)) {
    row['birth_date'] = birthDate
    row['birth_year'] = Number(birthDate.slice(0, 4))
  }
  if (birthYear !== null && /^\d{4}$/.test(birthYear)) row['birth_year'] = Number(birthYear)
  const whole = given(contact, 'address1') !== null || given(contact, 'zip') !== null
  const partial = (row['address1'] ?? null) === null && (row['zip'] ?? null) === null
  for (const field of addressFields) {
    const value = given(contact, field)
    if (whole || (partial && value !== null)) row[field] = value
  }
  return row
}

/** The fields that lists add: as the list names them, and `extra.NAME` for those that are compared. */
export function* customValues(contact: Contact): Generator<readonly [field: string, value: string]> {
  for (const [name, value] of Object.entries(contact.custom ?? {})) if (value !== '') yield [name, value]
  for (const [name, value] of Object.entries(contact.extra ?? {})) {
    if (value !== '') yield [`extra.${name}`, value]
  }
}

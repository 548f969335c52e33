import type { Contact, ContactField } from '../../events/contact.js'
import type { PersonRow } from './person-row.js'

const given = (contact: Contact, field: ContactField): string | null => {
  const value = contact[field]
  return value === undefined || value === '' ? null : value
}

const day = /^(\d{4})-(\d\d)-(\d\d)$/

/** A date of the calendar from year 1 on, as Postgres's date takes it. */
const isCalendarDate = (text: string): boolean => {
  const parts = day.exec(text)
  if (parts === null || parts[1] === '0000') return false
  const [year, month, date] = [Number(parts[1]), Number(parts[2]), Number(parts[3])]
  // safe for every month, which spares most dates the calendar
  if (month >= 1 && month <= 12 && date >= 1 && date <= 28) return true
  const found = new Date(Date.UTC(2000, month - 1, date))
  found.setUTCFullYear(year, month - 1, date)
  return month >= 1 && month <= 12 && date >= 1 && found.getUTCDate() === date && found.getUTCMonth() === month - 1
}

const takeBirth = (row: PersonRow, contact: Contact): void => {
  const date = given(contact, 'birth_date')
  const year = given(contact, 'birth_year')
  if (date !== null && isCalendarDate(date)) {
    row.birth_date = date
    row.birth_year = Number(date.slice(0, 4))
  }
  if (year !== null && /^\d{4}$/.test(year)) row.birth_year = Number(year)
}

/**
 * An address is taken as a whole from a contact that gives a street or a ZIP, so that nobody ends up in one town with
 * another's street; without either, place by place, as long as nothing better is known.
 */
const takeAddress = (row: PersonRow, contact: Contact): void => {
  const isWhole = given(contact, 'address1') !== null || given(contact, 'zip') !== null
  if (!isWhole && (row.address1 !== null || row.zip !== null)) return
  row.address1 = given(contact, 'address1')
  row.zip = given(contact, 'zip')
  row.address2 = given(contact, 'address2') ?? (isWhole ? null : row.address2)
  row.city = given(contact, 'city') ?? (isWhole ? null : row.city)
  row.state = given(contact, 'state') ?? (isWhole ? null : row.state)
}

/** Brings one more contact into the person's columns: its values win where it gives any. */
export const takeContact = (row: PersonRow, contact: Contact): void => {
  row.first_name = given(contact, 'first_name') ?? row.first_name
  row.middle_name = given(contact, 'middle_name') ?? row.middle_name
  row.last_name = given(contact, 'last_name') ?? row.last_name
  row.suffix = given(contact, 'suffix') ?? row.suffix
  row.sex = given(contact, 'sex') ?? row.sex
  row.cell_phone = given(contact, 'phone') ?? row.cell_phone
  row.email = given(contact, 'email') ?? row.email
  takeBirth(row, contact)
  takeAddress(row, contact)
}

import type { Contact } from './contact.js'
import type { Cell } from './write-workbook.js'

/** The columns of a VAN export. */
export const volunteerHeader = [
  'VANID',
  'LastName',
  'FirstName',
  'MiddleName',
  'Suffix',
  'Sex',
  'DOB',
  'Address',
  'City',
  'State',
  'Zip5',
  'Preferred Phone',
  'PreferredEmail',
  'Activist Code',
]

export const vanId = (row: number): number => 104_000_000 + row * 13

/** A volunteer as a row under `volunteerHeader`; ids and plain ZIPs are numbers, as spreadsheets like them. */
export const volunteerCells = (contact: Contact, row: number): Cell[] => [
  vanId(row),
  contact.last,
  contact.first,
  contact.middle,
  contact.suffix,
  contact.sex,
  contact.birthDate,
  contact.address2 === '' ? contact.address1 : `${contact.address1} ${contact.address2}`,
  contact.city,
  contact.state,
  /^\d{5}$/.test(contact.zip) ? Number(contact.zip) : contact.zip,
  contact.phone,
  contact.mail,
  row % 4 === 0 ? 'Volunteer Leader' : 'Volunteer Prospect',
]

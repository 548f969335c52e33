import type { Contact } from './contact.js'
import { hashOf } from './random.js'

/** The columns of ActBlue's export that matter here, with a birth date that the campaign asked for. */
export const donorHeader = [
  'Receipt ID',
  'Date',
  'Amount',
  'Donor First Name',
  'Donor Last Name',
  'Donor Addr1',
  'Donor Addr2',
  'Donor City',
  'Donor State',
  'Donor ZIP',
  'Donor Country',
  'Donor Occupation',
  'Donor Employer',
  'Donor Email',
  'Donor Phone',
  'Date of Birth',
]

const occupations = ['Retired', 'Teacher', 'Nurse', 'Not Employed', 'Owner, bakery', 'Engineer', 'Farmer', 'Sales', '']
const amounts = ['5.00', '10.00', '15.00', '25.00', '27.00', '50.00', '100.00', '250.00']

/** Names as their bearers write them, with the accents that English keyboards lose. */
const accents: Readonly<Record<string, string>> = {
  JOSE: 'José',
  MARIA: 'María',
  JESUS: 'Jesús',
  RENE: 'René',
  RENEE: 'Renée',
  CHLOE: 'Chloé',
  ANDRES: 'Andrés',
  SOFIA: 'Sofía',
  GARCIA: 'García',
  RODRIGUEZ: 'Rodríguez',
  HERNANDEZ: 'Hernández',
  MARTINEZ: 'Martínez',
  GONZALEZ: 'González',
  LOPEZ: 'López',
  PEREZ: 'Pérez',
  SANCHEZ: 'Sánchez',
  DIAZ: 'Díaz',
  NUNEZ: 'Núñez',
  PENA: 'Peña',
  MUNOZ: 'Muñoz',
  ORTIZ: 'Ortíz',
}

const accented = (name: string): string => accents[name.toUpperCase()] ?? name

export const receiptId = (entry: number): string => `AB${200_000_000 + entry * 7 + 3}`

/** A donor as a row under `donorHeader`. The form has no field for a suffix: it follows the last name. */
export const donorCells = (contact: Contact, entry: number): string[] => {
  const h = hashOf(entry, 11)
  const last = accented(contact.last)
  return [
    receiptId(entry),
    `2024-0${1 + (h % 9)}-1${(h >>> 4) % 10}`,
    amounts[(h >>> 8) % amounts.length]!,
    accented(contact.first),
    contact.suffix === '' ? last : `${last} ${contact.suffix}`,
    contact.address1,
    contact.address2,
    contact.city,
    contact.state,
    contact.zip,
    'United States',
    occupations[(h >>> 12) % occupations.length]!,
    '',
    contact.mail,
    contact.phone,
    contact.birthDate,
  ]
}

/** Rows that no list should have, each from a sound one: what is wrong, and how it is spoilt. */
export const spoilings: readonly (readonly [string, (cells: string[]) => string[]])[] = [
  ['birth date 31 February', (cells) => cells.with(15, '02/31/1970')],
  ['ZIP of letters', (cells) => cells.with(9, 'ABCDE')],
  ['no name', (cells) => cells.with(3, '').with(4, '')],
  ['short row', (cells) => cells.slice(0, 3)],
  ['long row', (cells) => [...cells, 'one', 'more']],
  ['phone of letters', (cells) => cells.with(14, 'call me')],
]

export const csvLine = (cells: readonly string[]): string =>
  `${cells.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`

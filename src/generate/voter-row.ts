import type { BirthDate } from './adult.js'
import type { Individual } from './individual.js'
import { hashOf } from './random.js'
import type { Registration } from './register-voter.js'
import { streetLine } from './streets.js'

/** The columns of `voters.csv`. The house number stands apart, as some states give it; `zip4` is filled for one in eight. */
export const voterColumns =
  'svid,first_name,middle_name,last_name,suffix,sex,birth_date,house_number,address1,address2,city,county,state,zip,zip4,phone,email'

const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`)

export const isoDate = ({ year, month, day }: BirthDate): string => `${year}-${two(month)}-${two(day)}`
const usDate = ({ year, month, day }: BirthDate): string => `${two(month)}/${two(day)}/${year}`

const unitLine = ({ living: { home } }: Individual): string =>
  home.unit === '' ? '' : `${home.unitType}${home.unitType === '#' ? '' : ' '}${home.unit}`

/** A voter as a line of `voters.csv`; no value holds a comma or a quote. */
export const tableRow = (person: Individual, v: Registration): string => {
  const { place, number, street } = person.living.home
  return `${v.svid},${v.first},${v.middle},${v.last},${v.suffix},${v.sex},${isoDate(v.born)},${number},${streetLine(street)},${unitLine(person)},${place.city},${place.county},FL,${place.zip},${v.zip4},${v.phone},${v.mail}\n`
}

/** The same line for somebody whose record is protected. */
export const maskedTableRow = (person: Individual, svid: string): string =>
  `${svid},*,*,*,*,*,*,*,*,*,*,${person.living.home.place.county},*,*,*,*,*\n`

const parties = ['REP', 'DEM', 'NPA', 'REP', 'DEM', 'NPA', 'REP', 'DEM', 'REP', 'IND']
const races = [5, 5, 5, 5, 3, 5, 3, 5, 2, 9]

/** The columns 23 to 34 of the extract: what the register says that no contact list would. */
const standing = (person: Individual, svid: string): string => {
  const h = hashOf(Number(svid), 7)
  const age = 2024 - person.adult.born.year
  const since = 2024 - (h % Math.max(1, age - 18 + 1))
  const precinct = hashOf(Number(person.living.home.place.zip), 5) % 90
  return `${two(1 + (h % 12))}/${two(1 + ((h >>> 4) % 28))}/${since}\t${parties[(h >>> 8) % 10]}\t${precinct}\t\t\t\t${(h >>> 12) % 20 === 0 ? 'INA' : 'ACT'}\t${1 + (precinct % 28)}\t${1 + ((precinct * 7) % 120)}\t${1 + ((precinct * 3) % 40)}\t${1 + (precinct % 5)}\t${1 + (precinct % 5)}`
}

/**
 * A voter as a line of Florida's extract: 38 columns, tab-separated, no header, no quoting, as the Division of Elections
 * describes them. ZIP+4 is written as nine digits without a hyphen.
 */
export const floridaRow = (person: Individual, v: Registration): string => {
  const { place, number, street } = person.living.home
  const race = person.adult.hispanic ? 4 : races[hashOf(Number(v.svid), 3) % 10]
  return `${place.county}\t${v.svid}\t${v.last}\t${v.suffix}\t${v.first}\t${v.middle}\tN\t${number} ${streetLine(street)}\t${unitLine(person)}\t${place.city}\tFL\t${place.zip}${v.zip4}\t\t\t\t\t\t\t\t${v.sex === '' ? 'U' : v.sex}\t${race}\t${usDate(v.born)}\t${standing(person, v.svid)}\t${v.phone.slice(0, 3)}\t${v.phone.slice(3)}\t\t${v.mail}\n`
}

const stars = (n: number): string => Array.from({ length: n }, () => '*').join('\t')

/** A protected voter: county, id and the exemption are all that is shown. */
export const maskedFloridaRow = (person: Individual, svid: string): string =>
  `${person.living.home.place.county}\t${svid}\t${stars(4)}\tY\t${stars(31)}\n`

import type { Note } from './contact-kinds.js'
import { misscan, mistype } from './damage-text.js'
import { drawHome, type Home } from './home.js'
import type { ListSource } from './list-sources.js'
import type { Place, Places } from './places.js'
import type { Random } from './random.js'
import { streetLine } from './streets.js'
import { cityWords, directionWords, streetTypes } from './tables/street-words.js'

export interface ContactPlace {
  readonly address1: string
  readonly address2: string
  readonly city: string
  readonly state: string
  readonly zip: string
}

const fullTypes: ReadonlyMap<string, string> = new Map(streetTypes.map(([short, full]) => [short, full]))

/** Most moves are short: half stay in the city, a fifth in the county. */
const moveFrom = (place: Place, places: Places, random: Random): Home => {
  const at = random.unit()
  if (at < 0.5) return drawHome(places.drawInCity(place.city, random), random)
  if (at < 0.7) return drawHome(places.drawInCounty(place.county, random), random)
  return drawHome(places.draw(random), random)
}

/** A direction as written, spelled out or left away. */
const drawDirection = (direction: string, random: Random): string => {
  if (direction === '') return ''
  const at = random.unit()
  return at < 0.05 ? '' : at < 0.14 ? directionWords[direction]! : direction
}

const drawType = (type: string, random: Random): string => {
  const at = random.unit()
  return at < 0.05 ? '' : at < 0.29 ? (fullTypes.get(type) ?? type) : type
}

const writeStreet = ({ number, street }: Home, random: Random): string => {
  const predirectional = drawDirection(street.predirectional, random)
  const name = /^\d+(ST|ND|RD|TH)$/.test(street.name) && random.chance(0.12) ? street.name.slice(0, -2) : street.name
  const type = drawType(street.type, random)
  const postdirectional = drawDirection(street.postdirectional, random)
  return `${number} ${streetLine({ ...street, predirectional, name, type, postdirectional })}`
}

/** The unit with its designator, another one, or none. */
const writeUnit = ({ unitType, unit }: Home, random: Random): string => {
  const at = random.unit()
  if (at < 0.5) return unitType === '#' ? `#${unit}` : `${unitType} ${unit}`
  if (at < 0.7) return `#${unit}`
  if (at < 0.8) return unit
  if (at < 0.9) return unitType === 'LOT' ? `LOT ${unit}` : `APT ${unit}`
  return unitType === 'LOT' ? `LOT #${unit}` : `UNIT ${unit}`
}

const damageStreet = (line: string, source: ListSource, random: Random, note: Note): string => {
  if (random.chance(0.018)) {
    note('street_off')
    return mistype(line, random)
  }
  if (!source.scanned || !random.chance(0.06)) return line
  note('ocr')
  return misscan(line, random)
}

const drawLines = (home: Home, source: ListSource, random: Random, note: Note): [string, string] => {
  if (random.chance(0.02)) {
    note('po_box')
    return [`PO BOX ${random.between(10, 9999)}`, '']
  }
  const street = damageStreet(writeStreet(home, random), source, random, note)
  if (home.unit === '') return [street, '']
  if (random.chance(0.22)) {
    note('unit_lost')
    return [street, '']
  }
  const unit = writeUnit(home, random)
  return random.chance(0.4) && !/^[A-Z0-9]+$/.test(unit) ? [`${street} ${unit}`, ''] : [street, unit]
}

const writeCity = (place: Place, places: Places, random: Random, note: Note): string => {
  if (random.chance(0.03)) {
    const near = places.drawInCounty(place.county, random).city
    if (near !== place.city) note('city_variant')
    return near
  }
  const [head, ...rest] = place.city.split(' ')
  const short = cityWords[head!]
  return short !== undefined && rest.length > 0 && random.chance(head === 'SAINT' ? 0.6 : 0.12)
    ? [short, ...rest].join(' ')
    : place.city
}

const writeZip = (place: Place, places: Places, random: Random, note: Note): string => {
  const at = random.unit()
  if (at > 0.022) return place.zip
  const other = at < 0.01 ? mistypeDigit(place.zip, random) : places.drawInCity(place.city, random).zip
  if (other !== place.zip) note('zip_off')
  return other
}

const mistypeDigit = (digits: string, random: Random): string => {
  const i = random.below(digits.length)
  return digits.slice(0, i) + String((Number(digits[i]) + random.between(1, 9)) % 10) + digits.slice(i + 1)
}

/** The address as a list has it: where the person lives now, or before or after the register's address. */
export const placeContact = (
  home: Home,
  source: ListSource,
  places: Places,
  random: Random,
  note: Note,
): ContactPlace => {
  const hasMoved = random.chance(0.12)
  if (hasMoved) note('moved')
  const there = hasMoved ? moveFrom(home.place, places, random) : home
  const gives = {
    address: random.chance(source.address),
    city: random.chance(source.city),
    zip: random.chance(source.zip),
  }
  if (!gives.address) note('missing_address')
  if (!gives.city) note('missing_city')
  if (!gives.zip) note('missing_zip')
  const [address1, address2] = gives.address ? drawLines(there, source, random, note) : ['', '']
  const city = gives.city ? writeCity(there.place, places, random, note) : ''
  const zip = gives.zip ? writeZip(there.place, places, random, note) : ''
  return { address1, address2, city, state: gives.city || gives.zip ? 'FL' : '', zip }
}

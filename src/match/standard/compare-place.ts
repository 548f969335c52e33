import type { VoterIndex } from '../voter-index.js'
import type { EncodedContact } from './encode-contact.js'
import { addressCodes as address, areaCodes as area, areaLevels } from './levels.js'
import { Memo } from './memo.js'
import { Names, similar } from './names.js'
import { isOneEdit } from './similarity.js'

const areas = areaLevels.length

export interface PlaceComparer {
  readonly take: (contact: EncodedContact) => void
  /** Address and area in one level. */
  readonly level: (street: number, number: number, zip: number, city: number) => number
}

/** Levels of places by vocabulary ids, for the contact that was taken last. */
export const placeComparer = ({ vocabularies: v }: VoterIndex): PlaceComparer => {
  const streets = new Names(v.street)
  const cities = new Names(v.city)
  const numbers = new Memo()
  const zips = new Memo()
  let streetId = 0
  let numberId = 0
  let zipId = 0
  let cityId = 0
  let numberBytes: Uint8Array = new Uint8Array(0)
  let zipBytes: Uint8Array = new Uint8Array(0)

  const isNearNumber = (number: number): boolean => {
    if (number === 0 || numberBytes.length === 0) return true
    const known = numbers.get(number)
    if (known >= 0) return known === 1
    const { bytes, offsets } = v.number
    const edit = isOneEdit(numberBytes, 0, numberBytes.length, bytes, offsets[number - 1]!, offsets[number]!)
    return numbers.set(number, edit ? 1 : 0) === 1
  }

  const addressLevel = (street: number, number: number): number => {
    if (street === 0 || streetId === 0) return address.missing
    if (street === streetId) {
      if (number === numberId) return address.equal
      return isNearNumber(number) ? address.near : address.street
    }
    const isNear = number === numberId && number !== 0 && streets.similarity(street) !== similar.different
    return isNear ? address.near : address.different
  }

  /** Of two ZIPs that differ. */
  const zipLevel = (id: number): number => {
    const known = zips.get(id)
    if (known >= 0) return known
    const { bytes, offsets } = v.zip
    const from = offsets[id - 1]!
    const to = offsets[id]!
    if (isOneEdit(zipBytes, 0, zipBytes.length, bytes, from, to)) return zips.set(id, area.zip_near)
    let head = 0
    while (head < 3 && from + head < to && bytes[from + head] === zipBytes[head]) head++
    return zips.set(id, head === 3 ? area.zip3 : area.different)
  }

  /** Cities spelt alike count as one: in a ZIP there are few. */
  const isCity = (city: number): boolean => city === cityId || cities.similarity(city) !== similar.different

  const areaLevel = (zip: number, city: number): number => {
    const hasCities = city !== 0 && cityId !== 0
    if (zip === 0 || zipId === 0) {
      if (!hasCities) return area.missing
      return city === cityId ? area.city_zip_missing : area.different
    }
    if (zip === zipId) {
      if (!hasCities) return area.zip
      return isCity(city) ? area.zip_city : area.zip_other_city
    }
    const close = zipLevel(zip)
    if (close === area.zip_near) return hasCities && isCity(city) ? area.zip_near_city : area.zip_near
    return hasCities && city === cityId ? area.city : close
  }

  return {
    take: ({ ids, streetName, cityName, numberBytes: number, zipBytes: zip }) => {
      streetId = ids.street
      numberId = ids.number
      zipId = ids.zip
      cityId = ids.city
      numberBytes = number
      zipBytes = zip
      streets.take(streetName)
      cities.take(cityName)
      numbers.clear()
      zips.clear()
    },
    level: (street, number, zip, city) => addressLevel(street, number) * areas + areaLevel(zip, city),
  }
}

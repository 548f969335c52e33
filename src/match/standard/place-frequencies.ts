import { pairHash } from '../key-hash.js'
import { eachRow, recordWidth, type VoterIndex } from '../voter-index.js'
import type { EncodedContact } from './encode-contact.js'
import { addressCodes, addressLevels, areaCodes as area, areaLevels, fieldAt, fields } from './levels.js'
import { leastOthers, valueShare } from './value-share.js'
import type { LogTables } from './weights.js'

/** Voters near an address, counted as many: those of a street's neighbouring numbers, or of streets spelt alike. */
const nearVoters = 20
/** Voters along a street within one ZIP. */
const streetVoters = 60

const areas = areaLevels.length
const street = addressCodes.street * areas
const near = addressCodes.near * areas
const equal = addressCodes.equal * areas
const different = addressCodes.different * areas

/** ln of what is learnt of areas, of one class of contacts. */
interface LearntAreas {
  readonly zip3: number
  readonly zipNear: number
  /** alone, and given the city */
  readonly zipNearCity: number
  readonly zipNearInCity: number
  /** given the ZIP: how often who shares the ZIP shares the city too, and how often who shares it has another city */
  readonly otherCityInZip: number
  readonly cityInZip: number
}

const learntAreas = (u: Float64Array, fieldClass: number): LearntAreas => {
  const log = (level: keyof typeof area): number => u[fieldClass * addressLevels.length * areas + area[level]]!
  const together = (...logs: readonly number[]): number => Math.log(logs.reduce((sum, one) => sum + Math.exp(one), 0))
  const inZip = together(log('zip_other_city'), log('zip_city'))
  const inCity = together(log('city'), log('zip_near_city'), log('zip_city'))
  return {
    zip3: log('zip3'),
    zipNear: log('zip_near'),
    zipNearCity: log('zip_near_city'),
    zipNearInCity: log('zip_near_city') - inCity,
    otherCityInZip: log('zip_other_city') - inZip,
    cityInZip: log('zip_city') - inZip,
  }
}

export interface PlaceFrequencies {
  /** Other weights from now on. */
  readonly use: (tables: LogTables, strangers: number) => void
  /** Writes ln u of each level of the place, from `logU[at]` on; answers the voters at the contact's address. */
  readonly take: (contact: EncodedContact, logU: Float64Array, at: number) => number
}

/** ln u of places: how likely a voter who has nothing to do with a contact lives as near. In logarithms all through. */
export const placeFrequencies = (index: VoterIndex): PlaceFrequencies => {
  const { voters, vocabularies: v, keys, records } = index
  let classes: readonly LearntAreas[] = []
  const logVoters = Math.log(voters)
  let logStrangers = 0
  const areaLogs = new Float64Array(areas)
  const counted = { here: 0, elsewhere: 0 }

  const takeAreas = ({ ids, classes: given }: EncodedContact): void => {
    const learnt = classes[given[fieldAt.place]!]!
    const zip = Math.log(valueShare(index, v.zip, ids.zip))
    const city = Math.log(valueShare(index, v.city, ids.city))
    areaLogs[area.zip3] = learnt.zip3
    areaLogs[area.city] = city
    areaLogs[area.zip_near] = learnt.zipNear
    areaLogs[area.zip_near_city] = ids.city > 0 ? city + learnt.zipNearInCity : learnt.zipNearCity
    areaLogs[area.city_zip_missing] = city
    areaLogs[area.zip_other_city] = zip + learnt.otherCityInZip
    areaLogs[area.zip] = zip
    areaLogs[area.zip_city] = zip + learnt.cityInZip
  }

  /** Voters at the contact's number and street, in its ZIP (any when it gives none) and in others. */
  const countAddress = ({ number, street: streetId, zip }: EncodedContact['ids']): void => {
    counted.here = 0
    counted.elsewhere = 0
    if (streetId <= 0 || number < 0) return
    eachRow(keys.number_street, pairHash(number, streetId), (row) => {
      const record = row * recordWidth
      if (records[record + 4] !== streetId || records[record + 5] !== number) return
      if (zip === 0 || records[record + 6] === zip) counted.here++
      else counted.elsewhere++
    })
  }

  return {
    use: (tables, strangers) => {
      classes = fields[fieldAt.place]!.classes.map((_, c) => learntAreas(tables.u[fieldAt.place]!, c))
      logStrangers = Math.log(strangers)
    },
    take: (contact, logU, at) => {
      const { ids } = contact
      takeAreas(contact)
      countAddress(ids)
      const onStreet = ids.street > 0 ? Math.max(1, v.street.counts[ids.street]!) : 1
      const inZip = Math.min(onStreet, streetVoters)
      const along = Math.log(onStreet) - logVoters
      const alongInZip = Math.log(inZip) - logVoters
      const nearby = Math.log(Math.min(nearVoters, onStreet)) - logVoters
      const nearbyInZip = Math.log(Math.min(nearVoters, inZip)) - logVoters
      const here = Math.log(Math.max(leastOthers, counted.here)) - logVoters
      const elsewhere = Math.log(Math.max(leastOthers, counted.elsewhere)) - logVoters
      for (let r = 0; r < areas; r++) {
        const log = areaLogs[r]!
        const isInZip = r >= area.zip_other_city
        logU[at + r] = log
        logU[at + different + r] = log
        logU[at + street + r] = Math.min(log, isInZip ? alongInZip : along)
        logU[at + near + r] = Math.min(log, isInZip ? nearbyInZip : nearby)
        logU[at + equal + r] = Math.min(log, isInZip || ids.zip === 0 ? here : elsewhere) + logStrangers
      }
      return ids.street === 0 ? 0 : Math.max(leastOthers, counted.here)
    },
  }
}

import { pairHash } from '../key-hash.js'
import { isOfHash, recordWidth, rowOf, type Vocabulary, type VoterIndex } from '../voter-index.js'
import type { EncodedContact } from './encode-contact.js'
import {
  addressLevels,
  allFields,
  areaLevels,
  codesOf,
  emailOfTheName,
  extraEqual,
  fieldAt,
  fields,
  levelStarts,
} from './levels.js'
import type { LogTables, Weights } from './weights.js'

/**
 * ln u of a contact's pairs: how likely it is that a voter who has nothing to do with the contact reaches a level. Where
 * values are equal the register itself says how many have that value; elsewhere the ruleset's shares stand.
 */
export interface Frequencies {
  /** Writes ln u of every level to `logU`, field after field as `levelStarts` has them. */
  readonly take: (contact: EncodedContact, logU: Float64Array) => void
  /** voters at the address of the contact that was taken last, 0: none given */
  atAddress: number
}

const first = codesOf('first_name')
const last = codesOf('last_name')
const middle = codesOf('middle_name')
const phone = codesOf('phone')
const email = codesOf('email')
const areas = areaLevels.length
type AreaLevel = (typeof areaLevels)[number]
const zipOtherCity = areaLevels.indexOf('zip_other_city')
const street = addressLevels.indexOf('street')
const near = addressLevels.indexOf('near')
const equal = addressLevels.indexOf('equal')

/**
 * A voter who has a value may be the very person: how many others have it is what counts. Subtracting most of one, not
 * all, leaves a value that one voter has less rare than one that nobody has.
 */
const itself = 0.7
const leastOthers = 0.3

/** Voters near an address, counted as many: those of a street's neighbouring numbers, or of streets spelt alike. */
const nearVoters = 20
/** Voters along a street within one ZIP. */
const streetVoters = 60

/** Levels at which the register says how many have the very value, so that `weigh` asks for no u of the ruleset. */
const byRegister: Readonly<Record<string, readonly string[]>> = {
  first_name: ['email', 'nickname', 'equal', 'swapped'],
  last_name: ['email', 'equal'],
  middle_name: ['equal'],
  suffix: [],
  sex: [],
  birth_date: [],
  phone: ['equal'],
  email: ['equal'],
}

/** Whether the register stands in for u at a level of a class; what is said of an extra holds for all. */
export const isByRegister = (field: string, level: string, ofClass: string): boolean => {
  // of a place, u is learnt for areas by themselves alone
  if (field === 'place') return !level.startsWith('missing/')
  return (byRegister[field] ?? ['equal']).includes(level) && ofClass !== 'of_the_name'
}

export const frequencies = (index: VoterIndex, tables: LogTables, { extras, strangers }: Weights): Frequencies => {
  const { voters, vocabularies: v, keys, records } = index
  const starts = levelStarts(extras)
  const placeAt = starts[fieldAt.place]!
  const levelCounts = allFields(extras).map(({ levels }) => levels.length)
  const place = new Float64Array(addressLevels.length * areas)
  const share = (vocabulary: Vocabulary, id: number): number =>
    id <= 0 ? 1 : Math.max(leastOthers, vocabulary.counts[id]! - itself) / Math.max(1, voters - vocabulary.counts[0]!)
  const shares = (vocabulary: Vocabulary, ids: Int32Array): number => {
    let sum = 0
    for (const id of ids) sum += share(vocabulary, id)
    return sum === 0 ? 1 : sum
  }
  const takePlace = ({ ids, classes }: EncodedContact, place: Float64Array): void => {
    const zip = share(v.zip, ids.zip)
    const city = share(v.city, ids.city)
    const row = classes[fieldAt.place]! * addressLevels.length * areas
    const learnt = (level: AreaLevel): number => Math.exp(tables.u[fieldAt.place]![row + areaLevels.indexOf(level)]!)
    // how often who shares the ZIP shares the city too is learnt, and how often who shares the city has a ZIP like it
    const inZip = learnt('zip_other_city') + learnt('zip_city')
    const inCity = learnt('city') + learnt('zip_near_city') + learnt('zip_city')
    const area = Object.values({
      missing: 1,
      different: 1,
      zip3: learnt('zip3'),
      city,
      zip_near: learnt('zip_near'),
      zip_near_city: ids.city > 0 ? (city * learnt('zip_near_city')) / inCity : learnt('zip_near_city'),
      city_zip_missing: city,
      zip_other_city: (zip * learnt('zip_other_city')) / inZip,
      zip,
      zip_city: (zip * learnt('zip_city')) / inZip,
    } satisfies Record<AreaLevel, number>)
    const onStreet = ids.street > 0 ? v.street.counts[ids.street]! : 1
    let here = 0
    let elsewhere = 0
    if (ids.street > 0 && ids.number >= 0) {
      const key = keys.number_street
      const hash = pairHash(ids.number, ids.street)
      const end = key.starts[(hash & key.mask) + 1]!
      for (let i = key.starts[hash & key.mask]!; i < end; i++) {
        if (!isOfHash(key.entries[i]!, hash, key.rowBits)) continue
        const record = rowOf(key.entries[i]!, key.rowBits) * recordWidth
        if (records[record + 4] !== ids.street || records[record + 5] !== ids.number) continue
        if (ids.zip === 0 || records[record + 6] === ids.zip) here++
        else elsewhere++
      }
    }
    self.atAddress = ids.street === 0 ? 0 : Math.max(leastOthers, here)
    for (let r = 0; r < areas; r++) {
      const isInZip = r >= zipOtherCity
      const isHere = isInZip || ids.zip === 0
      place[r] = Math.log(area[r]!)
      place[areas + r] = Math.log(area[r]!)
      const alongStreet = Math.max(1, isInZip ? Math.min(onStreet, streetVoters) : onStreet)
      place[street * areas + r] = Math.log(Math.min(area[r]!, alongStreet / voters))
      place[near * areas + r] = Math.log(Math.min(area[r]!, Math.min(nearVoters, alongStreet) / voters))
      place[equal * areas + r] = Math.log(
        Math.min(area[r]!, Math.max(leastOthers, isHere ? here : elsewhere) / voters) * strangers,
      )
    }
  }

  const self: Frequencies = {
    atAddress: 0,
    take: (contact, logU) => {
      const { ids, nicknames, inEmail, classes } = contact
      for (let f = 0; f < starts.length - 1; f++) {
        const row = classes[f]! * levelCounts[f]!
        for (let l = 0; l < levelCounts[f]!; l++) logU[starts[f]! + l] = tables.u[f]![row + l]!
      }
      // how often two of one name have one address of that name is learnt: it says little of which of them it is
      for (let l = 0; l < levelCounts[fieldAt.email]!; l++) {
        logU[emailOfTheName(starts) + l] = tables.u[fieldAt.email]![levelCounts[fieldAt.email]! + l]!
      }
      const firstAt = starts[fieldAt.first_name]!
      logU[firstAt + first.equal] = Math.log(share(v.first, ids.first))
      logU[firstAt + first.nickname] = Math.log(shares(v.first, nicknames))
      logU[firstAt + first.email] = Math.log(shares(v.first, inEmail.firsts))
      logU[firstAt + first.swapped] = Math.log(share(v.last, contact.firstAsLast) * share(v.first, contact.lastAsFirst))
      const lastAt = starts[fieldAt.last_name]!
      logU[lastAt + last.equal] = Math.log(share(v.last, ids.last))
      logU[lastAt + last.email] = Math.log(shares(v.last, inEmail.lasts))
      logU[starts[fieldAt.middle_name]! + middle.equal] = Math.log(share(v.middle, ids.middle))
      logU[starts[fieldAt.phone]! + phone.equal] = Math.log(share(v.phone, ids.phone))
      logU[starts[fieldAt.email]! + email.equal] = Math.log(share(v.email, ids.email))
      for (let e = 0; e < extras.length; e++) {
        const extra = index.extras[extras[e]!]
        const log = extra === undefined ? 0 : Math.log(share(extra.vocabulary, contact.extras[e]!))
        logU[starts[fields.length + e]! + extraEqual] = log
      }
      takePlace(contact, place)
      logU.set(place, placeAt)
    },
  }
  return self
}

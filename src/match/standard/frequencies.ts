import { pairHash } from '../key-hash.js'
import type { Vocabulary, VoterIndex } from '../voter-index.js'
import type { EncodedContact } from './encode-contact.js'
import { addressLevels, areaLevels, codesOf, fieldAt, fields } from './levels.js'
import type { LogTables, Weights } from './weights.js'

/**
 * ln u of a pair: how likely it is that a voter who has nothing to do with the contact reaches these levels. Where values
 * are equal the register itself says how many have that value; elsewhere the ruleset's shares stand.
 */
export interface Frequencies {
  readonly take: (contact: EncodedContact) => void
  /** Writes ln u of each field to `logU`, from its levels and from the codes, which are the levels with classes counted in. */
  readonly weigh: (levels: Uint8Array, codes: Uint16Array, logU: Float64Array) => void
  /** voters at the address of the contact that was taken last, 0: none given */
  atAddress: number
}

const first = codesOf('first_name')
const last = codesOf('last_name')
const middle = codesOf('middle_name')
const phone = codesOf('phone')
const email = codesOf('email')
const areas = areaLevels.length
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
  const { voters, vocabularies: v, columns: c, keys } = index
  const width = fields.length + extras.length
  const share = (vocabulary: Vocabulary, id: number): number =>
    id <= 0 ? 1 : Math.max(leastOthers, vocabulary.counts[id]! - itself) / Math.max(1, voters - vocabulary.counts[0]!)
  const shares = (vocabulary: Vocabulary, ids: Int32Array): number => {
    let sum = 0
    for (const id of ids) sum += share(vocabulary, id)
    return sum === 0 ? 1 : sum
  }
  const log = {
    firstEqual: 0,
    nickname: 0,
    swapped: 0,
    firstInEmail: 0,
    lastInEmail: 0,
    lastEqual: 0,
    middleEqual: 0,
    phone: 0,
    email: 0,
    place: new Float64Array(addressLevels.length * areas),
    extras: new Float64Array(extras.length),
  }

  const takePlace = ({ ids, placeClass }: EncodedContact): void => {
    const { place } = log
    const zip = share(v.zip, ids.zip)
    const city = share(v.city, ids.city)
    const row = placeClass * addressLevels.length * areas
    const learnt = (r: number): number => Math.exp(tables.u[fieldAt.place]![row + r]!)
    const area = [1, 1, learnt(2), city, learnt(4), city, zip]
    const onStreet = ids.street > 0 ? v.street.counts[ids.street]! : 1
    let here = 0
    let elsewhere = 0
    if (ids.street > 0 && ids.number >= 0) {
      const key = keys.number_street
      const bucket = pairHash(ids.number, ids.street) & key.mask
      const end = key.starts[bucket + 1]!
      for (let i = key.starts[bucket]!; i < end; i++) {
        const row = key.rows[i]!
        if (c.street[row] !== ids.street || c.number[row] !== ids.number) continue
        if (ids.zip === 0 || c.zip[row] === ids.zip) here++
        else elsewhere++
      }
    }
    self.atAddress = ids.street === 0 ? 0 : Math.max(leastOthers, here)
    for (let r = 0; r < areas; r++) {
      const isHere = r === areas - 1 || ids.zip === 0
      place[r] = Math.log(area[r]!)
      place[areas + r] = Math.log(area[r]!)
      const alongStreet = r === areas - 1 ? Math.min(onStreet, streetVoters) : onStreet
      place[street * areas + r] = Math.log(Math.min(area[r]!, Math.max(1, alongStreet) / voters))
      place[near * areas + r] = Math.log(Math.min(area[r]!, nearVoters / voters))
      place[equal * areas + r] = Math.log(
        Math.min(area[r]!, Math.max(leastOthers, isHere ? here : elsewhere) / voters) * strangers,
      )
    }
  }

  const self: Frequencies = {
    atAddress: 0,
    take: (contact) => {
      const { ids, nicknames } = contact
      log.firstEqual = Math.log(share(v.first, ids.first))
      log.nickname = Math.log(shares(v.first, nicknames))
      log.firstInEmail = Math.log(shares(v.first, contact.inEmail.firsts))
      log.lastInEmail = Math.log(shares(v.last, contact.inEmail.lasts))
      log.swapped = Math.log(share(v.last, contact.firstAsLast) * share(v.first, contact.lastAsFirst))
      log.lastEqual = Math.log(share(v.last, ids.last))
      log.middleEqual = Math.log(share(v.middle, ids.middle))
      log.phone = Math.log(share(v.phone, ids.phone))
      log.email = Math.log(share(v.email, ids.email))
      for (let e = 0; e < extras.length; e++) {
        const extra = index.extras[extras[e]!]
        log.extras[e] = extra === undefined ? 0 : Math.log(share(extra.vocabulary, contact.extras[e]!))
      }
      takePlace(contact)
    },
    weigh: (levels, codes, logU) => {
      for (let f = 0; f < width; f++) logU[f] = tables.u[f]![codes[f]!]!
      const firstLevel = levels[fieldAt.first_name]!
      if (firstLevel === first.equal) logU[fieldAt.first_name] = log.firstEqual
      else if (firstLevel === first.nickname) logU[fieldAt.first_name] = log.nickname
      else if (firstLevel === first.swapped) logU[fieldAt.first_name] = log.swapped
      else if (firstLevel === first.email) logU[fieldAt.first_name] = log.firstInEmail
      const lastLevel = levels[fieldAt.last_name]!
      if (lastLevel === last.equal) logU[fieldAt.last_name] = log.lastEqual
      else if (lastLevel === last.email) logU[fieldAt.last_name] = log.lastInEmail
      if (levels[fieldAt.middle_name] === middle.equal) logU[fieldAt.middle_name] = log.middleEqual
      logU[fieldAt.place] = log.place[levels[fieldAt.place]!]!
      if (levels[fieldAt.phone] === phone.equal) logU[fieldAt.phone] = log.phone
      // how often two of one name have one address of that name is learnt: it says little of which of them it is
      if (codes[fieldAt.email] === email.equal) logU[fieldAt.email] = log.email
      for (let x = 0; x < extras.length; x++) {
        if (levels[fields.length + x] === 2) logU[fields.length + x] = log.extras[x]!
      }
    },
  }
  return self
}

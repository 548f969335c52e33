import { allFields, type FieldLevels } from './levels.js'

/** Probabilities of each level by class; level 0 (missing) has none and stands at 1. */
export interface FieldWeights {
  /** of the person's own row */
  readonly m: readonly (readonly number[])[]
  /** of the row of somebody else of the same household */
  readonly q: readonly (readonly number[])[]
  /** of anybody's row, where the value itself doesn't say how frequent it is */
  readonly u: readonly (readonly number[])[]
}

export interface Weights {
  /** share of the contacts that are in the file */
  readonly inFile: number
  /** share of the contacts with somebody else of their household in the file */
  readonly household: number
  /** strangers at a contact's address, as a share of the voters there: who lived there before, or lives there since */
  readonly strangers: number
  readonly extras: readonly string[]
  readonly fields: Readonly<Record<string, FieldWeights>>
}

/** Weights as flat tables of logarithms, by class × levels + level. */
export interface LogTables {
  readonly m: readonly Float64Array[]
  readonly q: readonly Float64Array[]
  readonly u: readonly Float64Array[]
}

const smallest = 1e-9

export const logTables = ({ extras, fields: weights }: Weights): LogTables => {
  const all = allFields(extras)
  const table = (part: 'm' | 'q' | 'u'): readonly Float64Array[] =>
    all.map(({ name, levels, classes }) => {
      const logs = new Float64Array(classes.length * levels.length)
      const rows = weights[name]![part]
      for (let c = 0; c < classes.length; c++) {
        for (let l = 1; l < levels.length; l++) {
          logs[c * levels.length + l] = Math.log(Math.max(smallest, rows[c]![l]!))
        }
      }
      return logs
    })
  return { m: table('m'), q: table('q'), u: table('u') }
}

type Shares = Readonly<Record<string, number>>

/** What is assumed before anything is learnt: shares of the levels, scaled to one. */
const assumed: Readonly<Record<string, { readonly m: Shares; readonly q: Shares; readonly u: Shares }>> = {
  first_name: {
    m: {
      different: 4,
      cross: 0.2,
      head: 0.5,
      middle: 2,
      email: 0.5,
      jw87: 0.5,
      jw92: 1,
      initial: 1,
      one_edit: 3,
      nickname: 6,
      equal: 84,
      swapped: 0.5,
    },
    q: {
      different: 93,
      cross: 0.05,
      head: 1,
      middle: 1,
      email: 0.2,
      jw87: 2,
      jw92: 1,
      initial: 1,
      one_edit: 0.5,
      nickname: 1,
      equal: 1.5,
      swapped: 0.01,
    },
    u: {
      different: 97,
      cross: 0.05,
      head: 0.5,
      middle: 0.3,
      email: 0.01,
      jw87: 0.6,
      jw92: 0.3,
      initial: 1,
      one_edit: 0.3,
      nickname: 0.5,
      equal: 0.5,
      swapped: 0.001,
    },
  },
  last_name: {
    m: { different: 5, cross: 0.2, email: 1, sounds_alike: 0.3, jw87: 0.3, jw92: 0.5, part: 1, one_edit: 3, equal: 90 },
    q: {
      different: 25,
      cross: 0.05,
      email: 0.3,
      sounds_alike: 0.3,
      jw87: 0.3,
      jw92: 0.5,
      part: 1,
      one_edit: 2,
      equal: 71,
    },
    u: {
      different: 99,
      cross: 0.05,
      email: 0.01,
      sounds_alike: 0.2,
      jw87: 0.3,
      jw92: 0.2,
      part: 0.1,
      one_edit: 0.1,
      equal: 0.1,
    },
  },
  middle_name: {
    m: { different: 5, initial: 40, equal: 55 },
    q: { different: 90, initial: 6, equal: 4 },
    u: { different: 91, initial: 6, equal: 3 },
  },
  suffix: {
    m: { different: 0.05, voter_only: 50, contact_only: 4, equal: 46 },
    q: { different: 5, voter_only: 80, contact_only: 10, equal: 5 },
    u: { different: 2, voter_only: 47, contact_only: 49, equal: 2 },
  },
  sex: { m: { different: 1, equal: 99 }, q: { different: 65, equal: 35 }, u: { different: 50, equal: 50 } },
  birth_date: {
    m: { different: 1, near_year: 1, same_year: 1, swapped: 0.5, one_digit: 2.5, year: 10, equal: 84 },
    q: { different: 92, near_year: 5, same_year: 2, swapped: 0.01, one_digit: 0.3, year: 0.3, equal: 0.3 },
    u: { different: 95, near_year: 4, same_year: 1, swapped: 0.001, one_digit: 0.05, year: 1, equal: 0.005 },
  },
  phone: {
    m: { different: 40, near: 2, equal: 58 },
    q: { different: 70, near: 1, equal: 29 },
    u: { different: 99.99, near: 0.0005, equal: 0.0001 },
  },
  email: {
    m: { different: 35, user: 5, equal: 60 },
    q: { different: 97, user: 1, equal: 2 },
    u: { different: 99.9, user: 0.01, equal: 0.0001 },
  },
}

const assumedExtra = {
  m: { different: 25, equal: 75 },
  q: { different: 80, equal: 20 },
  u: { different: 90, equal: 10 },
}

const assumedAddress = {
  m: { different: 29, street: 1, near: 4, equal: 66 },
  q: { different: 1, street: 0.3, near: 1, equal: 98 },
} as const
const assumedArea = {
  m: {
    different: 8,
    zip3: 2,
    city: 5,
    zip_near: 1,
    zip_near_city: 1,
    city_zip_missing: 14,
    zip_other_city: 4,
    zip: 70,
    zip_city: 66,
  },
  q: {
    different: 2,
    zip3: 0.5,
    city: 1,
    zip_near: 0.5,
    zip_near_city: 0.5,
    city_zip_missing: 16,
    zip_other_city: 4,
    zip: 80,
    zip_city: 76,
  },
} as const

/** An address and an area that each say nothing stand at 1. */
const placeShare = (level: string, part: 'm' | 'q'): number => {
  const [address, area] = level.split('/') as [string, string]
  const a = (assumedAddress[part] as Shares)[address] ?? 100
  const r = (assumedArea[part] as Shares)[area] ?? 100
  // who is elsewhere rarely has the same address
  return a * r * (address !== 'missing' && address !== 'different' && area === 'different' ? 0.1 : 1)
}

/** Scales the levels from 1 on to a sum of one. */
export const scaled = (levels: readonly number[]): readonly number[] => {
  const sum = levels.reduce((total, share, level) => (level === 0 ? total : total + share), 0)
  return levels.map((share, level) => (level === 0 ? 1 : share / sum))
}

const rowOf = (field: FieldLevels, part: 'm' | 'q' | 'u'): readonly number[] => {
  if (field.name === 'place') {
    return scaled(field.levels.map((level) => (part === 'u' ? 1 : placeShare(level, part))))
  }
  const shares: Shares = (assumed[field.name] ?? assumedExtra)[part]
  return scaled(field.levels.map((level) => shares[level] ?? 0))
}

/** Weights to start learning from. */
export const assumedWeights = (extras: readonly string[]): Weights => ({
  inFile: 0.7,
  household: 0.5,
  strangers: 1,
  extras,
  fields: Object.fromEntries(
    allFields(extras).map((field) => {
      const rows = (part: 'm' | 'q' | 'u') => field.classes.map(() => rowOf(field, part))
      return [field.name, { m: rows('m'), q: rows('q'), u: rows('u') }]
    }),
  ),
})

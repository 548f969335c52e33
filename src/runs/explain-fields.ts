import type { Contact } from '../../events/contact.js'
import { comparedFields, compareFields, levelNames } from '../match/compare-fields.js'
import { contactIds } from '../match/contact-ids.js'
import type { PreparedContact } from '../match/prepared.js'
import type { Ruleset } from '../match/ruleset.js'
import { explainWeights, type WeighedField, type WeighedLevels } from '../match/standard/explain-weights.js'
import { textOf, type VoterIndex } from '../match/voter-index.js'

export interface ExplainedField {
  readonly field: string
  /** every value that the contacts gave */
  readonly contact: readonly string[]
  readonly voter: string
  readonly level: string
  /** bits that the level adds, log2 m/u; null for a missing value, and under tiers, which have fixed scores */
  readonly weight: number | null
}

export interface ExplainedFields {
  readonly fields: readonly ExplainedField[]
  readonly prior: number | null
  /** what sends this pair to review whatever it scores */
  readonly vetoes: readonly string[]
}

/** A contact as given and in the form that is compared. */
export interface GivenContact {
  readonly contact: Contact
  readonly prepared: PreparedContact
}

export interface ExplainedVoter {
  readonly index: VoterIndex
  readonly row: number
  /** the voter's values by contact field; what is shown, not what is compared */
  readonly values: Readonly<Record<string, string>>
}

/** The level that each field of a pair reaches, what it weighs, and both sides' values. */
export const explainFields = (
  given: readonly GivenContact[],
  { index, row, values }: ExplainedVoter,
  ruleset: Ruleset,
): ExplainedFields => {
  const prepared = given.map((one) => one.prepared)
  const { fields, prior } = weighed(ruleset, index, row, prepared)
  const valuesOfEach = given.map(({ contact }) => valuesOf(contact))
  return {
    fields: fields.map(({ name: field, level, weight }) => ({
      field,
      contact: [...new Set(valuesOfEach.map((of) => fieldText(of, field)).filter((value) => value !== ''))],
      voter: fieldText(values, field),
      level,
      weight,
    })),
    prior,
    vetoes: ruleset.kind === 'tiers' ? [] : ruleset.vetoes.flatMap((veto) => held(veto, fields)),
  }
}

/** The level of each field, and what it weighs, under a ruleset. */
export const weighed = (
  ruleset: Ruleset,
  index: VoterIndex,
  row: number,
  contacts: readonly PreparedContact[],
): WeighedLevels =>
  ruleset.kind === 'tiers' ? tierLevels(index, row, contacts) : explainWeights(index, contacts, row, ruleset)

/** The best level of each field over the contacts. */
const tierLevels = (index: VoterIndex, row: number, contacts: readonly PreparedContact[]): WeighedLevels => {
  const levels = new Uint8Array(comparedFields.length)
  for (const contact of contacts) {
    const sameSvid = contact.svid !== '' && contact.svid === textOf(index.svids, row + 1) ? 1 : 0
    compareFields(index, contact, contactIds(index, contact), row, levels, 0, sameSvid)
  }
  const fields = comparedFields.map((name, f) => ({ name, level: levelNames[levels[f]!]!, weight: null }))
  return { fields, prior: null }
}

/** A veto in words when all its fields reach their levels. */
const held = (veto: Readonly<Record<string, string>>, fields: readonly WeighedField[]): readonly string[] => {
  const parts = Object.entries(veto)
  const isHeld = parts.every(([name, level]) => fields.some((field) => field.name === name && field.level === level))
  return isHeld ? [parts.map(([name, level]) => `${name} ${level}`).join(' and ')] : []
}

type Values = Readonly<Record<string, unknown>>

const valuesOf = ({ extra = {}, ...contact }: Contact): Values => ({
  ...contact,
  ...Object.fromEntries(Object.entries(extra).map(([name, value]) => [`extra.${name}`, value])),
})

const partsOf: Readonly<Record<string, readonly string[]>> = {
  address: ['house_number', 'address1', 'address2'],
  birth_date: ['birth_date', 'birth_year'],
  place: ['house_number', 'address1', 'address2', 'city', 'zip'],
}

/** What a person or voter has in a compared field, as given. */
export const fieldText = (values: Values, field: string): string =>
  (partsOf[field] ?? [field])
    .map((name) => values[name])
    .filter((value) => typeof value === 'string' && value !== '')
    .join(' ')

import type { Contact } from '../../events/contact.js'
import type { Candidate } from '../../events/matchbook.js'
import type { PersonPage } from '../../projections/person/show-person.js'
import { appError } from '../errors.js'
import { comparedFields, compareFields, levelNames } from '../match/compare-fields.js'
import { contactIds } from '../match/find-candidates.js'
import type { Ruleset } from '../match/ruleset.js'
import { explainWeights, type WeighedLevels } from '../match/standard/explain-weights.js'
import { textOf, type VoterIndex } from '../match/voter-index.js'
import { rowOfSvid, voterVersion } from '../match/voter-version.js'
import { type HumanWords, humanWords } from './human-words.js'
import { prepareContact } from './prepare-person.js'

export interface ExplainedField {
  readonly field: string
  /** every value that the person's contacts gave */
  readonly contact: readonly string[]
  readonly voter: string
  readonly level: string
  /** bits that the level adds, log2 m/u; null for a missing value, and under tiers, which have fixed scores */
  readonly weight: number | null
}

export interface Explanation extends HumanWords {
  readonly personId: string
  readonly pid: string
  readonly voter: string
  readonly fields: readonly ExplainedField[]
  readonly prior: number | null
  readonly score: number | null
  readonly matchType: string | null
  readonly runnerUp: { readonly voter: string; readonly score: number } | null
  readonly vetoes: readonly string[]
  /** by which the rules decided last; null: they have not yet */
  readonly threshold: number | null
  readonly thresholdInForce: number
  readonly outcome: string | null
  readonly reason: string | null
  /** score, match type and runner-up are from before this; the levels are of now */
  readonly reopened: PersonPage['reopened']
}

interface Pair {
  readonly index: VoterIndex
  readonly svid: string
  /** the voter's row of the artifact */
  readonly voterRow: Readonly<Record<string, string>>
  /** of humans' verdicts, by position */
  readonly notes: ReadonlyMap<number, string>
  readonly thresholdInForce: number
  /** the rules that decided, or those in force */
  readonly ruleset: Ruleset
}

const contactFieldsOf: Readonly<Record<string, readonly (keyof Contact)[]>> = {
  address: ['house_number', 'address1', 'address2'],
  birth_date: ['birth_date', 'birth_year'],
  place: ['house_number', 'address1', 'address2', 'city', 'zip'],
}

export const fieldText = (values: Readonly<Record<string, unknown>>, field: string): string =>
  (contactFieldsOf[field] ?? [field as keyof Contact])
    .map((name) => values[name])
    .filter((value) => typeof value === 'string' && value !== '')
    .join(' ')

const contactsOf = (page: PersonPage): readonly Contact[] =>
  (page.contacts as readonly { readonly contact?: Contact }[]).flatMap(({ contact }) =>
    contact === undefined ? [] : [contact],
  )

/** The level of each field, and what it weighs, under a ruleset. */
export const weighed = (
  ruleset: Ruleset,
  index: VoterIndex,
  row: number,
  contacts: readonly Contact[],
): WeighedLevels => {
  if (ruleset.kind === 'fellegi_sunter') return explainWeights(index, contacts.map(prepareContact), row, ruleset)
  const levels = tierLevels(index, row, contacts)
  const fields = comparedFields.map((name, f) => ({ name, level: levelNames[levels[f]!]!, weight: null }))
  return { fields, prior: null }
}

/** The best level of each field over the person's contacts, by code. */
const tierLevels = (index: VoterIndex, row: number, contacts: readonly Contact[]): Uint8Array => {
  const levels = new Uint8Array(comparedFields.length)
  for (const contact of contacts) {
    const prepared = prepareContact(contact)
    const sameSvid = prepared.svid !== '' && prepared.svid === textOf(index.svids, row + 1) ? 1 : 0
    compareFields(index, prepared, contactIds(index, prepared), row, levels, 0, sameSvid)
  }
  return levels
}

/**
 * Why a person is, or is not, a voter: both sides' values as given, the level each field reached, how the person stands,
 * and what humans have said of it. Throws VOTER_NOT_FOUND.
 */
export const explainPair = (page: PersonPage, pair: Pair): Explanation => {
  const { index, svid, voterRow, notes, thresholdInForce, ruleset } = pair
  const row = rowOfSvid(index, svid)
  if (row < 0) throw appError('VOTER_NOT_FOUND', `no voter ${index.state}:${svid} in the current voter file`, { svid })
  const contacts = contactsOf(page)
  const { fields, prior } = weighed(ruleset, index, row, contacts)
  const candidates = page.candidates as readonly Candidate[]
  const own = candidates.find((one) => one.state === index.state && one.svid === svid)
  const other = candidates.find((one) => one !== own)
  const standing = page.standing ?? {}
  const texts = (key: string): string | null => (typeof standing[key] === 'string' ? (standing[key] as string) : null)
  return {
    personId: String(page.person['id']),
    pid: page.pid.pid,
    voter: `${index.state}:${svid}`,
    fields: fields.map(({ name: field, level, weight }) => ({
      field,
      contact: [...new Set(contacts.map((contact) => fieldText(contact, field)).filter((value) => value !== ''))],
      voter: fieldText(voterRow, field),
      level,
      weight,
    })),
    prior,
    score: own?.score ?? null,
    matchType: own?.matchType ?? null,
    runnerUp: other === undefined ? null : { voter: `${other.state}:${other.svid}`, score: other.score },
    vetoes: [],
    threshold: typeof standing['threshold'] === 'number' ? standing['threshold'] : null,
    thresholdInForce,
    outcome: texts('outcome'),
    reason: texts('reason'),
    reopened: page.reopened,
    ...humanWords(page, { state: index.state, svid, voterVersion: voterVersion(index, row) }, notes),
  }
}

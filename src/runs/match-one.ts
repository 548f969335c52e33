import type { Contact } from '../../events/contact.js'
import type { Decision } from '../../events/matchbook.js'
import { textOf, type VoterIndex } from '../match/voter-index.js'
import { buildDecision } from './build-decision.js'
import { type ExplainedFields, explainFields } from './explain-fields.js'
import { matchPrepared } from './match-job.js'
import { prepareContacts } from './prepare-person.js'
import type { RulesInForce } from './rules-of-run.js'

/** Why the best candidate is, or is not, the contact's voter. */
interface ExplainedBest extends ExplainedFields {
  readonly voter: string
  readonly score: number
  readonly matchType: string
  readonly runnerUp: { readonly voter: string; readonly score: number } | null
}

export interface MatchedContact extends Decision {
  /** what was understood of the contact */
  readonly contact: Contact
  readonly threshold: number
  /** hash of the ruleset */
  readonly ruleset: string
  /** null: no voter comes near */
  readonly explanation: ExplainedBest | null
}

/**
 * What a run would decide for one contact as a person of its own, with the explanation of the best candidate. Nothing is
 * read or written but memory: whether another person holds the voter is not asked. The voter's values are those of the
 * index, normalised: reading the register's own row takes longer than all the rest.
 */
export const matchOne = (contact: Contact, rules: RulesInForce): MatchedContact => {
  const { ruleset, rulesetHash, threshold, indexes } = rules
  const voterIndexes = indexes.map(({ index }) => index)
  const person = prepareContacts([contact])
  const chunk = matchPrepared([person], voterIndexes, rules)
  const decision = buildDecision({ chunk, place: 0 }, voterIndexes, ruleset)
  const [best, next] = decision.candidates
  const answer = { ...decision, contact, threshold, ruleset: rulesetHash }
  if (best === undefined) return { ...answer, explanation: null }
  const index = voterIndexes[chunk.file[0]!]!
  const row = chunk.row[0]!
  const given = person.contacts.map((prepared) => ({ contact, prepared }))
  const explanation = {
    voter: `${best.state}:${best.svid}`,
    score: best.score,
    matchType: best.matchType,
    ...explainFields(given, { index, row, values: indexedValues(index, row) }, ruleset),
    runnerUp: next === undefined ? null : { voter: `${next.state}:${next.svid}`, score: next.score },
  }
  return { ...answer, explanation }
}

/** A voter's values as the index has them, by contact field. */
const indexedValues = (index: VoterIndex, row: number): Readonly<Record<string, string>> => {
  const { columns: c, vocabularies: v, birthDate, extras } = index
  const born = String(birthDate[row]).replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3')
  const values: Record<string, string> = {
    svid: textOf(index.svids, row + 1),
    first_name: textOf(v.first, c.first[row]!),
    middle_name: textOf(v.middle, c.middle[row]!),
    last_name: textOf(v.last, c.last[row]!),
    suffix: textOf(v.suffix, c.suffix[row]!),
    sex: textOf(v.sex, c.sex[row]!),
    birth_date: born === '0' ? '' : born.replace('-00-00', ''),
    house_number: textOf(v.number, c.number[row]!),
    address1: textOf(v.street, c.street[row]!),
    address2: textOf(v.unit, c.unit[row]!),
    city: textOf(v.city, c.city[row]!),
    zip: textOf(v.zip, c.zip[row]!),
    phone: textOf(v.phone, c.phone[row]!),
    email: textOf(v.email, c.email[row]!),
  }
  for (const [name, { column, vocabulary }] of Object.entries(extras)) {
    values[`extra.${name}`] = textOf(vocabulary, column[row]!)
  }
  return values
}

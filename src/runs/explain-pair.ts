import type { Contact } from '../../events/contact.js'
import type { Candidate } from '../../events/matchbook.js'
import type { PersonPage } from '../../projections/person/show-person.js'
import { appError } from '../errors.js'
import type { Ruleset } from '../match/ruleset.js'
import type { VoterIndex } from '../match/voter-index.js'
import { rowOfSvid, voterVersion } from '../match/voter-version.js'
import { type ExplainedFields, explainFields } from './explain-fields.js'
import { type HumanWords, humanWords } from './human-words.js'
import { prepareContact } from './prepare-person.js'

export interface Explanation extends HumanWords, ExplainedFields {
  readonly personId: string
  readonly pid: string
  readonly voter: string
  readonly score: number | null
  readonly matchType: string | null
  readonly runnerUp: { readonly voter: string; readonly score: number } | null
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

const contactsOf = (page: PersonPage): readonly Contact[] =>
  (page.contacts as readonly { readonly contact?: Contact }[]).flatMap(({ contact }) =>
    contact === undefined ? [] : [contact],
  )

/**
 * Why a person is, or is not, a voter: both sides' values as given, the level each field reached, how the person stands,
 * and what humans have said of it. Throws VOTER_NOT_FOUND.
 */
export const explainPair = (page: PersonPage, pair: Pair): Explanation => {
  const { index, svid, voterRow, notes, thresholdInForce, ruleset } = pair
  const row = rowOfSvid(index, svid)
  if (row < 0) throw appError('VOTER_NOT_FOUND', `no voter ${index.state}:${svid} in the current voter file`, { svid })
  const contacts = contactsOf(page)
  const given = contacts.map((contact) => ({ contact, prepared: prepareContact(contact) }))
  const candidates = page.candidates as readonly Candidate[]
  const own = candidates.find((one) => one.state === index.state && one.svid === svid)
  const other = candidates.find((one) => one !== own)
  const standing = page.standing ?? {}
  const texts = (key: string): string | null => (typeof standing[key] === 'string' ? (standing[key] as string) : null)
  return {
    personId: String(page.person['id']),
    pid: page.pid.pid,
    voter: `${index.state}:${svid}`,
    ...explainFields(given, { index, row, values: voterRow }, ruleset),
    score: own?.score ?? null,
    matchType: own?.matchType ?? null,
    runnerUp: other === undefined ? null : { voter: `${other.state}:${other.svid}`, score: other.score },
    threshold: typeof standing['threshold'] === 'number' ? standing['threshold'] : null,
    thresholdInForce,
    outcome: texts('outcome'),
    reason: texts('reason'),
    reopened: page.reopened,
    ...humanWords(page, { state: index.state, svid, voterVersion: voterVersion(index, row) }, notes),
  }
}

import * as t from 'io-ts'
import { failingPaths } from '../../events/encode.js'
import { appError } from '../errors.js'
import type { ExcludedPair } from '../match/prepared.js'
import type { RawPerson } from '../runs/prepare-person.js'

/** What the persons of a job are matched by: one voter file, one ruleset, by value and by name. */
const JobRules = t.type({
  state: t.string,
  voterFile: t.string,
  threshold: t.number,
  rulesetHash: t.string,
  ruleset: t.unknown,
})
export type JobRules = t.TypeOf<typeof JobRules>

/** A person as it stands in a job: a line of text. */
export const personLine = ({ contacts, excluded }: RawPerson): string =>
  `${contacts}\t${excluded.length === 0 ? '' : JSON.stringify(excluded.map(pairOf))}`

const pairOf = ({ state, svid, voterVersion }: ExcludedPair): ExcludedPair => ({ state, svid, voterVersion })

/** The value of a job's message: a line of JSON that says the rules, then a line a person, as they come from `personLine`. */
export const encodeJob = (rules: string, persons: readonly string[]): Buffer =>
  Buffer.from(`${rules}\n${persons.join('\n')}`)

export const encodeRules = (rules: JobRules): string => JSON.stringify(rules)

/** Throws BAD_VALUE. */
export const decodeJob = (value: Buffer): { readonly rules: JobRules; readonly persons: readonly RawPerson[] } => {
  const [first = '', ...lines] = value.toString().split('\n')
  const rules = JobRules.decode(parsed(first))
  if (rules._tag === 'Left') throw appError('BAD_VALUE', `a job of matching is malformed: ${failingPaths(rules.left)}`)
  return { rules: rules.right, persons: lines.map(personOf) }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const none: readonly ExcludedPair[] = []

const personOf = (line: string): RawPerson => {
  const [contacts = '', excluded = ''] = line.split('\t')
  return { contacts, excluded: excluded === '' ? none : (JSON.parse(excluded) as readonly ExcludedPair[]) }
}

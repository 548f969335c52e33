import type { Command } from 'commander'
import type { Candidate } from '../../../events/matchbook.js'
import { findPerson } from '../../../projections/person/find-person.js'
import { type PersonPage, showPerson } from '../../../projections/person/show-person.js'
import type { Commands } from '../context.js'
import { reopenedText } from '../reopened-text.js'
import { tableText } from '../table-text.js'
import { verdictText } from '../verdict-text.js'

const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value))

const nameOf = (person: PersonPage['person']): string =>
  ['first_name', 'middle_name', 'last_name', 'suffix']
    .map((field) => text(person[field]))
    .filter((part) => part !== '')
    .join(' ')

const standingText = ({ standing, verdict }: PersonPage): string => {
  if (standing === null || standing['outcome'] === null) return 'not decided yet'
  const { outcome, reason, state, svid, match_type: type, score } = standing
  const voter =
    svid === null || svid === undefined ? '' : ` ${text(state)}:${text(svid)} (${text(type)}, ${text(score)})`
  const why = verdict?.kind === reason ? '' : ` (${text(reason)})`
  return `${text(outcome)}${why}${voter}${verdict === null ? '' : `, ${verdictText(verdict)}`}`
}

const candidatesText = (candidates: readonly Candidate[]): string =>
  tableText(
    ['voter', 'tier', 'score', 'agrees', 'differs'],
    candidates.map(({ state, svid, matchType, score, levels }) => {
      const fields = Object.entries(levels)
      const agreeing = fields.filter(([, level]) => level !== 'different' && level !== 'missing')
      return [
        `${state}:${svid}`,
        matchType,
        score,
        agreeing.map(([field, level]) => (level === 'equal' ? field : `${field} (${level})`)).join(', '),
        fields.flatMap(([field, level]) => (level === 'different' ? [field] : [])).join(', '),
      ]
    }),
  )

export const personText = (page: PersonPage): string => {
  const { person, pid } = page
  const address = ['address1', 'address2', 'city', 'state', 'zip'].map((field) => text(person[field])).filter(Boolean)
  const lines = [
    `${pid?.pid}  ${nameOf(person)}${pid?.canonical_pid === pid?.pid ? '' : `  (same person as ${pid?.canonical_pid})`}`,
    ...(address.length === 0 ? [] : [address.join(', ')]),
    [text(person['cell_phone']), text(person['email']), text(person['birth_date'])].filter(Boolean).join('  '),
    standingText(page),
    ...page.rejected.map((pair) => `${pair.state}:${pair.svid} was ${verdictText(pair)}`),
    page.reopened === null
      ? ''
      : `tiers, scores and levels are ${reopenedText(page.reopened.why)}; explain compares anew`,
  ].filter((line) => line !== '')
  if (page.candidates.length > 0) lines.push('', candidatesText(page.candidates as readonly Candidate[]))
  return lines.join('\n')
}

export const addPerson = (program: Command, { withContext }: Commands): void => {
  program
    .command('person')
    .description('what is known of a person, and which voter it is')
    .argument('<ref>', 'PID, UUID or FL:123456789')
    .action((ref: string) =>
      withContext(async (context) => {
        await context.catchUp()
        const { id } = await findPerson(context.db, context.tenant, ref)
        const page = await showPerson(context.db, context.tenant, id)
        context.output.result(page, personText(page))
      }),
    )
}

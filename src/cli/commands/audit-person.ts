import type { Command } from 'commander'
import { findPerson } from '../../../projections/person/find-person.js'
import { type Happening, type PersonAsOf, parseMoment, personAsOf, refuseFuture } from '../../audit/as-of.js'
import { personHistory } from '../../audit/person-history.js'
import { orThrow } from '../../errors.js'
import type { Commands, Context } from '../context.js'
import { tableText } from '../table-text.js'
import { timeText } from '../time-text.js'
import { verdictText } from '../verdict-text.js'

const historyText = (history: readonly Happening[]): string =>
  tableText(
    ['position', 'when', 'event', 'who', 'outcome', 'reason', 'voter', 'score', 'rules', 'note'],
    history.map((one) => [
      one.position,
      timeText(one.recordedAt),
      one.type,
      one.actor,
      one.outcome ?? '',
      one.reason ?? '',
      one.voter ?? '',
      one.score ?? '',
      one.ruleset === null ? '' : `${one.ruleset.slice(0, 12)} at ${one.threshold}`,
      one.note ?? '',
    ]),
  )

const personText = (page: PersonAsOf): string => {
  const { asOf, person, standing, verdict, rejected, candidates, history } = page
  const when = asOf === null ? 'now' : 'position' in asOf ? `at position ${asOf.position}` : `on ${asOf.time}`
  const name = [person.first_name, person.middle_name, person.last_name, person.suffix].filter(Boolean).join(' ')
  const address = [person.address1, person.address2, person.city, person.state, person.zip].filter(Boolean).join(', ')
  const voter = standing?.svid === undefined ? '' : ` ${standing.state}:${standing.svid} (${standing.score})`
  return [
    `${person.pid}  ${name}, ${when}`,
    ...(address === '' ? [] : [address]),
    standing === null ? 'not decided yet' : `${standing.outcome} (${standing.reason})${voter}`,
    ...(verdict === null ? [] : [verdictText(verdict)]),
    ...rejected.map((pair) => `${pair.state}:${pair.svid} was ${verdictText(pair)}`),
    ...(candidates.length === 0
      ? []
      : [
          '',
          tableText(
            ['voter', 'score'],
            candidates.map(({ state, svid, score }) => [`${state}:${svid}`, score]),
          ),
        ]),
    '',
    historyText(history),
  ].join('\n')
}

const auditPerson = async (context: Context, ref: string, asOf: string | undefined): Promise<PersonAsOf> => {
  const moment = asOf === undefined ? null : parseMoment(asOf)
  await context.catchUp()
  if (moment !== null) refuseFuture(moment, await orThrow(context.store.head()), new Date())
  const { id } = await findPerson(context.db, context.tenant, ref)
  return personAsOf(await personHistory(context, id), moment)
}

export const addAuditPerson = (audit: Command, { withContext }: Commands): void => {
  audit
    .command('person')
    .description('everything that happened to a person, and how it stood at some time')
    .argument('<ref>', 'PID, UUID or FL:123456789')
    .option('--as-of <moment>', 'position of an event, or a time: 2026-11-03, 2026-11-03T12:00:00Z')
    .action((ref: string, { asOf }: { readonly asOf?: string }) =>
      withContext(async (context) => {
        const page = await auditPerson(context, ref, asOf)
        context.output.result(page, personText(page))
      }),
    )
}

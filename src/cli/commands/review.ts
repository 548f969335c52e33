import type { Command } from 'commander'
import { findPerson, parseVoterRef } from '../../../projections/person/find-person.js'
import { type PersonPage, showPerson } from '../../../projections/person/show-person.js'
import type { Reopened } from '../../decide/entry.js'
import { appError, orThrow, shown } from '../../errors.js'
import { rulesInForce } from '../../rules/rules-in-force.js'
import { recordVerdict, type VerdictRequest } from '../../runs/record-verdict.js'
import type { Commands } from '../context.js'
import { limitOf } from '../number-option.js'
import { reopenedText } from '../reopened-text.js'
import { tableText } from '../table-text.js'
import { personText } from './person.js'

interface VerdictFlags {
  readonly note?: string
  readonly as?: string
}

interface ReviewRow {
  readonly pid: string
  readonly personId: string
  readonly name: string
  readonly reason: string
  readonly candidate: string | null
  readonly score: number | null
  readonly since: string
  /** why a verdict was reopened, null: there was none; candidate and score are from before that */
  readonly reopened: Reopened['why'] | null
}

/** Who answers for a verdict is recorded with it: nobody is not somebody. */
const userOf = ({ as }: VerdictFlags): string => {
  if (as === undefined) return process.env['USER']?.trim() || 'operator'
  const user = as.trim()
  if (user === '') throw appError('BAD_USAGE', `--as: ${shown(as)} names nobody`, { as })
  return user
}

const wantVoter = (text: string): { state: string; svid: string } => {
  const voter = parseVoterRef(text)
  if (voter !== undefined) return voter
  throw appError('BAD_USAGE', `${shown(text)} is not a voter; write STATE:SVID, such as FL:123456789`, { voter: text })
}

/** A verdict that takes a voter away lets the rules decide again, and they may give the person another one at once. */
const relinkedText = ({ pid, link }: PersonPage, before: PersonPage['link']): readonly string[] => {
  if (link === null || before === null || link['verified_by'] !== null) return []
  const [now, earlier] = [link, before].map(({ state, svid }) => `${state}:${svid}`)
  return now === earlier ? [] : [`${pid.pid} is now linked to ${now} instead of ${earlier}: the rules decided again`]
}

const addVerdict = (
  program: Command,
  { withContext }: Commands,
  kind: VerdictRequest['kind'],
  description: string,
  withVoter: 'with voter' | 'without voter',
): void => {
  const command = program.command(kind).description(description).argument('<ref>', 'PID, UUID or FL:123456789')
  if (withVoter === 'with voter') command.argument('<voter>', 'STATE:SVID')
  command.option('--note <text>', 'why').option('--as <user>', 'who says so')
  command.action((ref: string, ...rest: unknown[]) =>
    withContext(async (context) => {
      const voter = withVoter === 'with voter' ? wantVoter(String(rest[0])) : undefined
      const flags = rest[withVoter === 'with voter' ? 1 : 0] as VerdictFlags
      const user = userOf(flags)
      await context.catchUp()
      const { id } = await findPerson(context.db, context.tenant, ref)
      const { link: before } = await showPerson(context.db, context.tenant, id)
      const rules = await rulesInForce(context, context.loadIndex)
      await recordVerdict(context, rules, {
        kind,
        personId: id,
        user,
        ...(voter === undefined ? {} : { voter }),
        ...(flags.note === undefined ? {} : { note: flags.note }),
      })
      const page = await showPerson(context.db, context.tenant, id)
      context.output.result(page, [...relinkedText(page, before), personText(page)].join('\n'))
    }),
  )
}

const addReviewList = (program: Command, { withContext }: Commands): void => {
  const review = program.command('review').description('persons that wait for a human')
  review
    .command('list')
    .option('--limit <n>', 'rows at most', '50')
    .action((flags: { readonly limit: string }) =>
      withContext(async (context) => {
        const limit = limitOf(flags.limit)
        await context.catchUp()
        const rows = await orThrow(
          context.db.query<ReviewRow & Record<string, unknown>>(
            `select p.pid, r.person_id as "personId", concat_ws(' ', p.first_name, p.last_name) as name, r.reason,
                    r.state || ':' || r.svid as candidate, r.score, r.since,
                    b.entry -> 'reopened' ->> 'why' as reopened
               from matchbook.review r join matchbook.person p on p.tenant = r.tenant and p.id = r.person_id
               join matchbook.book b on b.tenant = r.tenant and b.person_id = r.person_id
              where r.tenant = $1 order by r.score desc nulls last, p.position limit $2`,
            [context.tenant, limit],
          ),
        )
        const lines = rows.map((row) => [
          ...[row.pid, row.name, row.reason, row.candidate ?? '', row.score ?? ''],
          row.reopened === null ? '' : reopenedText(row.reopened),
        ])
        context.output.result(rows, tableText(['pid', 'person', 'why', 'best candidate', 'score', ''], lines))
      }),
    )
}

export const addReview = (program: Command, commands: Commands): void => {
  addReviewList(program, commands)
  addVerdict(program, commands, 'verify', "the person's link, or its best candidate, is right", 'without voter')
  addVerdict(program, commands, 'reject', 'the person is not this voter', 'with voter')
  addVerdict(program, commands, 'link', 'the person is this voter', 'with voter')
  addVerdict(program, commands, 'unlink', "take the person's link away", 'without voter')
  addVerdict(program, commands, 'undo', 'take back the newest verdict on the person', 'without voter')
}

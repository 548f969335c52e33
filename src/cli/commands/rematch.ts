import type { Command } from 'commander'
import { appError, orThrow } from '../../errors.js'
import { applyPlan } from '../../rematch/apply-plan.js'
import { rulesMoved } from '../../rematch/bound.js'
import { makePlan } from '../../rematch/make-plan.js'
import type { Head, Summary } from '../../rematch/plan.js'
import { listPlans, openPlan, summaryOf } from '../../rematch/plan-file.js'
import type { RuleChange } from '../../rematch/plan-rules.js'
import { listRulesets } from '../../rules/rulesets.js'
import type { Commands, Context } from '../context.js'
import { threadsOption } from '../number-option.js'
import { type PlanNames, planText } from '../rematch-text.js'
import { tableText } from '../table-text.js'
import { workersOption } from './match.js'

interface Flags {
  readonly threshold?: string
  readonly ruleset?: string
  readonly voterFile?: string
  readonly apply?: string
  readonly threads?: number
  readonly workers?: boolean
}

const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

/** Names of the persons and rulesets that a plan speaks of, from the tables. */
const namesOf = async (context: Context, { examples }: Summary): Promise<PlanNames> => {
  const { db, tenant } = context
  const shown = Object.values(examples).flat()
  const ids = shown.flatMap(({ personId, why }) => [personId, ...(why.match(uuid) ?? [])])
  const rows = await orThrow(
    db.query<{ id: string; pid: string; name: string }>(
      `select id, pid, concat_ws(' ', first_name, last_name) as name from matchbook.person
        where tenant = $1 and id = any($2::uuid[])`,
      [tenant, ids],
    ),
  )
  const persons = new Map(rows.map((row) => [row.id, row]))
  const rulesets = new Map((await listRulesets(context)).map(({ hash, name }) => [hash, name]))
  return {
    person: (id) => persons.get(id)?.name ?? id,
    ruleset: (hash) => `${rulesets.get(hash) ?? ''} (${hash.slice(0, 12)})`.trim(),
    named: (text) =>
      text.replace(uuid, (id) => {
        const person = persons.get(id)
        return person === undefined ? id : `${person.pid} ${person.name}`.trim()
      }),
  }
}

interface Shown {
  readonly plan: string
  readonly file: string
  readonly head: Head
  readonly summary: Summary
}

const showPlan = async (context: Context, { plan, file, head, summary }: Shown, more: object): Promise<void> => {
  const { kind: _, verdicts, ...rest } = summary
  const { from, to, bound } = head
  context.output.result(
    { plan, file, from, to, bound, ...rest, verdicts, keptVerdicts: verdicts.kept, ...more },
    planText(plan, head, summary, await namesOf(context, summary)),
  )
}

const nextText = ({ plan: name, head: { from, to }, summary: { changed } }: Shown): string => {
  if (changed === 0 && rulesMoved(to, from).length === 0) return 'nothing would change: there is nothing to apply'
  const what = changed === 0 ? 'no person would change, only the rules in force' : 'nothing has changed yet'
  return `${what}; to do so: matchbook rematch --apply ${name.slice(0, 12)}`
}

const plan = async (context: Context, { threads, workers, ...change }: Omit<Flags, 'apply'>): Promise<void> => {
  const began = performance.now()
  const progress = context.output.progress('planning')
  const planned = await makePlan(context, change, context.loadIndex, {
    dataDir: context.config.dataDir,
    signal: context.signal,
    onProgress: progress.update,
    openMatcher: context.openMatcher(workers),
    ...(threads === undefined ? {} : { threads }),
  }).finally(progress.stop)
  const seconds = (performance.now() - began) / 1000
  await showPlan(context, planned, { path: planned.path, seconds })
  context.output.note(nextText(planned))
}

const apply = async (context: Context, ref: string, { threads, workers }: Flags): Promise<void> => {
  const began = performance.now()
  const opened = await openPlan(context.config.dataDir, context.tenant, ref)
  const summary = await summaryOf(opened.file)
  const progress = context.output.progress('applying')
  const applied = await applyPlan(context, opened, context.loadIndex, {
    signal: context.signal,
    onProgress: progress.update,
    openMatcher: context.openMatcher(workers),
    ...(threads === undefined ? {} : { threads }),
  }).finally(progress.stop)
  const seconds = (performance.now() - began) / 1000
  const { persons, changes, verdicts } = summary
  const did = applied.alreadyApplied
    ? 'was applied before: nothing was changed'
    : `is applied${applied.resumed ? ', from where it was cut off' : ''}: ${applied.recorded} decisions changed`
  context.output.result(
    { plan: opened.plan, persons, changes, keptVerdicts: verdicts.kept, ...applied, seconds },
    [
      `plan ${opened.plan.slice(0, 12)} ${did}`,
      `${verdicts.kept} verdicts kept, ${verdicts.reopened} of them reopened`,
      `run ${applied.run}`,
      `digest ${applied.digest}`,
    ].join('\n'),
  )
}

const hasChange = ({ threshold, ruleset, voterFile }: RuleChange): boolean =>
  threshold !== undefined || ruleset !== undefined || voterFile !== undefined

export const addRematch = (program: Command, { withContext }: Commands): void => {
  const rematch = program
    .command('rematch')
    .description('plan what other rules would change; --apply does it')
    .option('--threshold <t>', 'from 0 to 1')
    .option('--ruleset <ref>', 'hash, its first 8 characters or more, or name')
    .option('--voter-file <hash>', 'a published voter file, in the place of its state’s current one')
    .option('--apply <plan>', 'a plan’s name, its first 8 characters or more, or its file')
    .addOption(threadsOption())
    .addOption(workersOption())
    .action(({ apply: ref, ...flags }: Flags) =>
      withContext((context) =>
        context.withTenant(() => {
          if (ref === undefined) return plan(context, flags)
          if (!hasChange(flags)) return apply(context, ref, flags)
          throw appError(
            'BAD_USAGE',
            '--apply takes a plan as it is: leave out --threshold, --ruleset and --voter-file',
          )
        }),
      ),
    )
  rematch
    .command('list')
    .description("the tenant's plans")
    .action(() =>
      withContext(async (context) => {
        const { plans, unusable } = await listPlans(context.config.dataDir, context.tenant)
        for (const why of unusable) context.output.note(why)
        const rows = plans.map(({ plan: name, head, summary }) => ({
          plan: name,
          to: head.to,
          changed: summary.changed,
        }))
        context.output.result(
          rows,
          tableText(
            ['plan', 'threshold', 'ruleset', 'changed'],
            rows.map(({ plan: name, to, changed }) => [
              name.slice(0, 12),
              to.threshold,
              to.ruleset.slice(0, 12),
              changed,
            ]),
          ),
        )
      }),
    )
  rematch
    .command('show')
    .description('a plan again')
    .argument('<plan>')
    .action((ref: string) =>
      withContext(async (context) => {
        const opened = await openPlan(context.config.dataDir, context.tenant, ref)
        await showPlan(context, { ...opened, summary: await summaryOf(opened.file) }, {})
      }),
    )
}

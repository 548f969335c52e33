import type { Command } from 'commander'
import { findPerson } from '../../../projections/person/find-person.js'
import { personHistory } from '../../audit/person-history.js'
import { isDecided, type Reproduced, type Reproduction, reproduce } from '../../audit/reproduce.js'
import { appError, orThrow, shown } from '../../errors.js'
import { findRuleset } from '../../rules/rulesets.js'
import type { Commands, Context } from '../context.js'
import { tableText } from '../table-text.js'

interface ReproduceFlags {
  readonly run?: string
  readonly all?: true
}

const wanted = async (context: Context, ref: string | undefined, flags: ReproduceFlags): Promise<Reproduced> => {
  const given = [ref, flags.run, flags.all].filter((one) => one !== undefined)
  if (given.length !== 1) throw appError('BAD_USAGE', 'name a person, or --run RUN, or --all: one of them')
  if (flags.all !== undefined) return { kind: 'all' }
  if (flags.run !== undefined) return { kind: 'run', runId: await runOf(context, flags.run) }
  const { id } = await findPerson(context.db, context.tenant, ref!)
  const { ledger } = await personHistory(context, id)
  return { kind: 'person', decisions: ledger.filter(isDecided) }
}

const runOf = async ({ db, tenant }: Context, run: string): Promise<string> => {
  const [found] = await orThrow(
    db.query<{ id: string }>(`select run_id::text as id from matchbook.run where tenant = $1 and run_id::text = $2`, [
      tenant,
      run.toLowerCase(),
    ]),
  )
  if (found === undefined) throw appError('RUN_NOT_FOUND', `tenant ${tenant} has no run ${shown(run)}`, { run })
  return found.id
}

const text = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value))

const reproductionText = ({ decisions, same, differing, engines, engine, differences }: Reproduction): string => {
  const others = Object.entries(engines).filter(([version]) => version !== engine)
  return [
    `${decisions} decisions decided again: ${same} the same, ${differing} differ`,
    ...others.map(([version, count]) => `${count} of them were made by engine ${version}; this is engine ${engine}`),
    ...(differing === 0
      ? []
      : [
          '',
          tableText(
            ['position', 'person', 'field', 'recorded', 'decided now'],
            differences.flatMap(({ position, personId, fields }) =>
              fields.map((field) => [position, personId, field.path, text(field.recorded), text(field.reproduced)]),
            ),
          ),
        ]),
  ].join('\n')
}

export const addReproduce = (audit: Command, { withContext }: Commands): void => {
  audit
    .command('reproduce')
    .description('decide again from what was recorded, and compare; exit 6 when anything differs')
    .argument('[ref]', 'PID, UUID or FL:123456789')
    .option('--run <run>', 'the decisions of one run')
    .option('--all', 'every decision')
    .action((ref: string | undefined, flags: ReproduceFlags) =>
      withContext(async (context) => {
        await context.catchUp()
        const progress = context.output.progress('deciding again')
        const { db, store, tenant, loadIndex, signal } = context
        const result = await reproduce(
          {
            ...{ db, store, tenant, loadIndex, signal, onProgress: progress.update },
            rulesetOf: async (hash) => (await findRuleset(context, hash)).ruleset,
          },
          await wanted(context, ref, flags),
        ).finally(progress.stop)
        context.output.result(result, reproductionText(result))
        if (result.differing > 0) {
          throw appError(
            'CHECK_FAILED',
            `${result.differing} of ${result.decisions} decisions are not decided so again`,
            {
              differing: result.differing,
            },
          )
        }
      }),
    )
}

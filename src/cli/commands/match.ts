import { type Command, Option } from 'commander'
import { rulesInForce } from '../../rules/rules-in-force.js'
import type { RunKind } from '../../runs/run.js'
import { type RunResult, runMatch } from '../../runs/run-match.js'
import type { Commands, Context } from '../context.js'
import { threadsOption } from '../number-option.js'
import { matchContact } from './match-contact.js'

interface MatchFlags {
  readonly all?: boolean
  readonly threads?: number
  /** match on the workers of Kafka */
  readonly workers?: boolean
  readonly contact?: string
}

/** Runs a pass of deciding with a progress line; shared by `match`, `import` and the demo. */
export const matchPersons = async (
  context: Context,
  kind: RunKind,
  { threads, workers }: MatchFlags = {},
): Promise<RunResult> => {
  const openMatcher = context.openMatcher(workers)
  const rules = await rulesInForce(context, context.loadIndex)
  const progress = context.output.progress('matching')
  try {
    const actor = kind === 'import' ? 'import' : 'system'
    return await runMatch({ ...context, meta: (id) => context.metaOf(actor, id) }, rules, {
      kind,
      signal: context.signal,
      onProgress: progress.update,
      openMatcher,
      ...(threads === undefined ? {} : { threads }),
    })
  } finally {
    progress.stop()
  }
}

const runText = ({
  run,
  persons,
  linked,
  duplicate,
  review,
  unmatched,
  recorded,
  pinned,
  digest,
}: RunResult): string => {
  if (run === null) return 'nobody to decide'
  const outcomes = `${linked} linked, ${duplicate} duplicate, ${review} to review, ${unmatched} unmatched`
  return [
    `${persons} persons: ${outcomes}; ${recorded} decisions changed`,
    ...(pinned === 0 ? [] : [`besides, ${pinned} stand by a human's verdict and were not decided again`]),
    `run ${run}`,
    `digest ${digest}`,
  ].join('\n')
}

const matchAll = (context: Context, { all, ...flags }: MatchFlags): Promise<void> =>
  context.withTenant(async () => {
    const began = performance.now()
    const result = await matchPersons(context, all === true ? 'match_all' : 'match', flags)
    const seconds = (performance.now() - began) / 1000
    context.output.result({ ...result, seconds }, runText(result))
  })

const contactOption = new Option(
  '--contact <contact>',
  'decide one contact and record nothing: field=value,… or a JSON object; - for one a line of stdin',
).conflicts(['all', 'threads', 'workers'])

export const workersOption = (): Option =>
  new Option('--workers', 'match on the workers of Kafka; MATCHBOOK_WORKERS=kafka')

export const addMatch = (program: Command, { withContext }: Commands): void => {
  program
    .command('match')
    .description('decide the persons that were not decided yet, or all, or one contact without recording it')
    .option('--all', 'decide everybody again under the rules in force')
    .addOption(threadsOption())
    .addOption(workersOption())
    .addOption(contactOption)
    .action((flags: MatchFlags) =>
      withContext((context) =>
        flags.contact === undefined ? matchAll(context, flags) : matchContact(context, flags.contact),
      ),
    )
}

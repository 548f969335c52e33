import type { Command } from 'commander'
import { isAppError } from '../../errors.js'
import { diffRulesets } from '../../rules/diff-rulesets.js'
import { readRuleset } from '../../rules/read-ruleset.js'
import {
  findRuleset,
  listRulesets,
  type NamedRuleset,
  pickRuleset,
  publishOwnRuleset,
  rulesetHash,
} from '../../rules/rulesets.js'
import { getSetting } from '../../rules/settings.js'
import { trainRuleset } from '../../rules/train-ruleset.js'
import type { Commands, Context } from '../context.js'
import { rulesetDiffText } from '../ruleset-diff-text.js'
import { stateOf } from '../state-option.js'
import { tableText } from '../table-text.js'

interface TrainFlags {
  readonly save?: string
  readonly state?: string
}

/** A ruleset of the tenant by hash or name, else one in a file. */
const findOrRead = async (context: Context, ref: string): Promise<NamedRuleset> => {
  try {
    return await findRuleset(context, ref)
  } catch (notFound) {
    if (!isAppError(notFound) || notFound.code !== 'RULESET_NOT_FOUND') throw notFound
    const ruleset = await readRuleset(ref)
    return { name: ruleset.name, hash: rulesetHash(ruleset), ruleset }
  }
}

const inForceText = (name: string): string =>
  `not in force yet: matchbook settings set match.ruleset ${/^[\w.-]+$/.test(name) ? name : JSON.stringify(name)}`

const train = async (context: Context, { save, state }: TrainFlags): Promise<void> => {
  const began = performance.now()
  const progress = context.output.progress('learning')
  const trained = await trainRuleset(context, {
    ...{ loadIndex: context.loadIndex, signal: context.signal, onProgress: progress.update },
    ...(save === undefined ? {} : { save }),
    ...(state === undefined ? {} : { state: stateOf(state) }),
  }).finally(progress.stop)
  const seconds = Math.round(performance.now() - began) / 1000
  for (const text of trained.notes) context.output.note(text)
  const { persons, contacts, voters, pairs, rounds } = trained
  const text = [
    `${trained.name} ${trained.hash}`,
    `learnt on ${contacts} contacts of ${persons} persons and ${voters} voters, ${trained.state} ${trained.voterFile}`,
    `${pairs} pairs, ${rounds} rounds, ${seconds.toFixed(1)} s`,
    inForceText(trained.name),
  ]
  context.output.result({ ...trained, seconds }, text.join('\n'))
}

export const addRules = (program: Command, { withContext }: Commands): void => {
  const rules = program.command('rules').description('the rulesets that decisions are made under')
  rules.command('list').action(() =>
    withContext(async (context) => {
      await context.catchUp()
      const all = await listRulesets(context)
      const chosen = pickRuleset(all, String((await getSetting(context, 'match.ruleset')).value))
      const rows = all.map((one) => ({ ...one, inForce: one === chosen }))
      context.output.result(
        rows,
        tableText(
          ['name', 'hash', ''],
          rows.map(({ name, hash, inForce }) => [name, hash, inForce ? 'in force' : '']),
        ),
      )
    }),
  )
  rules
    .command('show')
    .argument('<hash>', 'hash, its first 8 characters or more, or name')
    .action((ref: string) =>
      withContext(async (context) => {
        const found = await findRuleset(context, ref)
        context.output.result(found, `${found.name} ${found.hash}\n${JSON.stringify(found.ruleset, null, 2)}`)
      }),
    )
  rules
    .command('publish')
    .description('check a ruleset and keep it by its hash; puts nothing in force')
    .argument('<file>', 'JSON, as rules show --json has it under ruleset')
    .action((file: string) =>
      withContext(async (context) => {
        const published = await publishOwnRuleset(context, await readRuleset(file))
        const { name, hash } = published
        context.output.result(published, `${name} ${hash}\n${inForceText(name)}`)
      }),
    )
  rules
    .command('train')
    .description('learn weights on all persons and the current voter file, as a new ruleset; puts nothing in force')
    .option('--save <name>', 'name of the new ruleset')
    .option('--state <code>', 'voter file to learn from, where there are several')
    .action((flags: TrainFlags) => withContext((context) => train(context, flags)))
  rules
    .command('diff')
    .description('say what the second ruleset does differently from the first')
    .argument('<a>', 'hash, name or JSON file')
    .argument('<b>', 'the same')
    .action((refA: string, refB: string) =>
      withContext(async (context) => {
        const [a, b] = [await findOrRead(context, refA), await findOrRead(context, refB)]
        const diff = diffRulesets(a.ruleset, b.ruleset)
        const named = ({ name, hash }: NamedRuleset) => ({ name, hash })
        const text = rulesetDiffText(`${a.name} ${a.hash}`, `${b.name} ${b.hash}`, diff)
        context.output.result({ a: named(a), b: named(b), ...diff }, text)
      }),
    )
}

import type { Command } from 'commander'
import { findRuleset, listRulesets } from '../../rules/rulesets.js'
import type { Commands } from '../context.js'
import { tableText } from '../table-text.js'

export const addRules = (program: Command, { withContext }: Commands): void => {
  const rules = program.command('rules').description('the rulesets that decisions are made under')
  rules.command('list').action(() =>
    withContext(async (context) => {
      const all = await listRulesets(context)
      const rows = all.map(({ name, hash }) => ({ name, hash }))
      context.output.result(
        rows,
        tableText(
          ['name', 'hash'],
          rows.map(({ name, hash }) => [name, hash]),
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
}

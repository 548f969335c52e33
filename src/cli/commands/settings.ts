import type { Command } from 'commander'
import { findRuleset } from '../../rules/rulesets.js'
import { getSetting, listSettings, type Setting, setSetting } from '../../rules/settings.js'
import type { Commands } from '../context.js'
import { tableText } from '../table-text.js'

const text = (settings: readonly Setting[]): string =>
  tableText(
    ['setting', 'value', 'since'],
    settings.map(({ key, value, since }) => [key, String(value), since === null ? 'default' : `event ${since}`]),
  )

export const addSettings = (program: Command, { withContext }: Commands): void => {
  const settings = program.command('settings').description("the tenant's settings and since when they hold")
  settings.command('list').action(() =>
    withContext(async (context) => {
      const all = await listSettings(context)
      context.output.result(all, text(all))
    }),
  )
  settings
    .command('get')
    .argument('<key>')
    .action((key: string) =>
      withContext(async (context) => {
        const setting = await getSetting(context, key)
        context.output.result(setting, text([setting]))
      }),
    )
  settings
    .command('set')
    .argument('<key>')
    .argument('<value>')
    .action((key: string, value: string) =>
      withContext(async (context) => {
        if (key === 'match.ruleset') await findRuleset(context, value)
        const setting = await setSetting(context, key, value)
        context.output.result(setting, text([setting]))
      }),
    )
}

import type { Command } from 'commander'
import { findRuleset } from '../../rules/rulesets.js'
import { getSetting, listSettings, type Setting, setSetting, settingHistory } from '../../rules/settings.js'
import type { Commands } from '../context.js'
import { tableText } from '../table-text.js'
import { timeText } from '../time-text.js'

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
  settings
    .command('history')
    .description('every value that it was given, when, and by whom')
    .argument('<key>')
    .action((key: string) =>
      withContext(async (context) => {
        const past = await settingHistory(context, key)
        const rows = past.map(({ value, since, at, by }) => [String(value), `event ${since}`, timeText(at), by])
        context.output.result(past, tableText(['value', 'since', 'when', 'who'], rows))
      }),
    )
}

import type { Command } from 'commander'
import { type Checked, check, type Rebuilt, rebuild } from '../../../projections/rebuild.js'
import { appError } from '../../errors.js'
import type { Commands } from '../context.js'
import { tableText } from '../table-text.js'

interface ReplayFlags {
  readonly table?: string
  readonly check?: boolean
}

export const addReplay = (program: Command, { withContext }: Commands): void => {
  program
    .command('replay')
    .description('rebuild the tables from the events, beside the old ones')
    .option('--table <name>', 'only this table (and those folded with it)')
    .option('--check', 'rebuild and compare, change nothing; exit 6 when a table differs')
    .action((flags: ReplayFlags) =>
      withContext(async (context) => {
        const progress = context.output.progress('replaying')
        const options = {
          db: context.db,
          store: context.store,
          onProgress: progress.update,
          ...(flags.table === undefined ? {} : { tables: [flags.table] }),
        }
        const work: Promise<Rebuilt | Checked> = flags.check === true ? check(options) : rebuild(options)
        const result = await work.finally(progress.stop)
        const rows = result.tables.map(({ table, rows: count, digest }) => [table, count, digest] as const)
        const text = `${result.events} events in ${result.seconds.toFixed(1)} s\n${tableText(['table', 'rows', 'digest'], rows)}`
        context.output.result(result, text)
        const differing = 'differences' in result ? result.differences : []
        if (differing.length > 0) {
          const names = differing.map(({ table }) => table).join(', ')
          throw appError('CHECK_FAILED', `these tables differ from what their events say: ${names}`, { tables: names })
        }
      }),
    )
}

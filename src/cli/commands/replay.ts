import type { Command } from 'commander'
import type { Difference } from '../../../projections/compare-tables.js'
import { digestNow, type TableDigest } from '../../../projections/digest.js'
import { check, type RebuildOptions, rebuild } from '../../../projections/rebuild.js'
import { appError, orThrow } from '../../errors.js'
import type { Commands } from '../context.js'
import { tableText } from '../table-text.js'

interface ReplayFlags {
  readonly table?: string
  readonly check?: boolean
}

interface Replayed {
  readonly events: number
  readonly seconds: number
  readonly tables: readonly TableDigest[]
  readonly differences?: readonly Difference[]
}

/** The digests are taken from the tables that now serve, which nobody has to wait for. */
const rebuildAndDigest = async (options: RebuildOptions): Promise<Replayed> => {
  const { tables, ...rebuilt } = await rebuild(options)
  return { ...rebuilt, tables: await orThrow(digestNow(options.db, tables)) }
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
          signal: context.signal,
          onProgress: progress.update,
          ...(flags.table === undefined ? {} : { tables: [flags.table] }),
        }
        const work: Promise<Replayed> = flags.check === true ? check(options) : rebuildAndDigest(options)
        const result = await work.finally(progress.stop)
        const rows = result.tables.map(({ table, rows: count, digest }) => [table, count, digest] as const)
        const text = `${result.events} events in ${result.seconds.toFixed(1)} s\n${tableText(['table', 'rows', 'digest'], rows)}`
        context.output.result(result, text)
        const differing = result.differences ?? []
        if (differing.length > 0) {
          const names = differing.map(({ table }) => table).join(', ')
          throw appError('CHECK_FAILED', `these tables differ from what their events say: ${names}`, { tables: names })
        }
      }),
    )
}

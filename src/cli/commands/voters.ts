import type { Command } from 'commander'
import { orThrow } from '../../errors.js'
import { readMap } from '../../lists/parse-map.js'
import type { Publication, PublishRequest } from '../../voters/publication.js'
import { publishVoterFile } from '../../voters/publish-voter-file.js'
import { listVoterFiles, recordPublication, withdrawVoterFile } from '../../voters/record-publication.js'
import type { Commands, Context } from '../context.js'
import { stateOf } from '../state-option.js'
import { tableText } from '../table-text.js'
import { timeText } from '../time-text.js'

interface PublishFlags {
  readonly state: string
  readonly format: 'auto' | 'florida' | 'table'
  readonly table?: string
  readonly map?: string
  readonly asOf?: string
}

/** Publishes a voter file and records it; shared with the demo. */
export const publishFile = async (context: Context, files: readonly string[], flags: PublishFlags) => {
  const mapping = flags.map === undefined ? undefined : await orThrow(readMap(flags.map))
  const progress = context.output.progress('publishing')
  const request: PublishRequest = {
    dataDir: context.config.dataDir,
    files,
    state: stateOf(flags.state),
    format: flags.format,
    signal: context.signal,
    onProgress: progress.update,
    ...(flags.table === undefined ? {} : { table: flags.table }),
    ...(mapping === undefined ? {} : { mapping }),
    ...(flags.asOf === undefined ? {} : { asOf: flags.asOf }),
  }
  const publication = await orThrow(publishVoterFile(request)).finally(progress.stop)
  await recordPublication(context, publication)
  const asOf = await recordedDate(context, publication)
  const notes = [...publication.notes, ...dateNotes(publication, flags.asOf, asOf)]
  for (const note of notes) context.output.note(note)
  const { asOf: _, ...rest } = publication
  return { ...rest, notes, ...(asOf === undefined ? {} : { asOf }) }
}

const recordedDate = async (context: Context, { state, voterFile }: Publication): Promise<string | undefined> => {
  await context.catchUp()
  const listed = (await listVoterFiles(context)).find((file) => file.state === state && file.voterFile === voterFile)
  return listed?.asOf ?? undefined
}

/** A file that is current already keeps the date it was published with. */
const dateNotes = (
  { state, voterFile }: Publication,
  wanted: string | undefined,
  recorded: string | undefined,
): readonly string[] => {
  if (wanted === undefined || wanted === recorded) return []
  const kept = recorded === undefined ? 'without a date' : `as of ${recorded}`
  return [
    `voter file ${voterFile.slice(0, 12)} of ${state} is current already, ${kept}: --as-of ${wanted} changes nothing; withdraw the file first to publish it with that date`,
  ]
}

export const addVoters = (program: Command, { withContext }: Commands): void => {
  const voters = program.command('voters').description('voter files')
  voters
    .command('publish')
    .argument('<file...>', "files or a folder: Florida's extract, CSV, TSV, Parquet or DuckDB")
    .requiredOption('--state <code>', 'two letters')
    .option('--format <format>', 'auto, florida or table', 'auto')
    .option('--table <name>', 'table of a DuckDB file')
    .option('--map <map>', 'field=Header,… or a JSON file of that')
    .option('--as-of <date>', 'date the file stands for, YYYY-MM-DD')
    .action((files: string[], flags: PublishFlags) =>
      withContext(async (context) => {
        const result = await publishFile(context, files, flags)
        const text = [
          `${result.state} ${result.voterFile}`,
          `${result.rows} voters, ${result.masked} of them masked, ${result.rejected} rows rejected`,
          ...(result.rejectedFile === undefined ? [] : [`rejected rows, with reasons: ${result.rejectedFile}`]),
          `${result.seconds.toFixed(1)} s, ${result.indexBytesPerVoter.toFixed(0)} index bytes a voter`,
        ]
        context.output.result(result, text.join('\n'))
      }),
    )
  voters
    .command('withdraw')
    .argument('<hash>')
    .action((hash: string) =>
      withContext(async (context) => {
        const result = await withdrawVoterFile(context, hash)
        context.output.result(result, `withdrew ${result.state} ${result.voterFile}`)
      }),
    )
  voters.command('list').action(() =>
    withContext(async (context) => {
      const files = await listVoterFiles(context)
      const rows = files.map((f) => [
        f.state,
        f.voterFile.slice(0, 12),
        f.rows,
        f.asOf ?? '',
        timeText(f.publishedAt),
        f.current ? 'current' : '',
      ])
      context.output.result(files, tableText(['state', 'voter file', 'rows', 'as of', 'published', ''], rows))
    }),
  )
}

import type { Command } from 'commander'
import { orThrow } from '../../errors.js'
import { importList } from '../../lists/import-list.js'
import { openList } from '../../lists/open-list.js'
import { readMap } from '../../lists/parse-map.js'
import { type RejectedReport, reportRejected } from '../../lists/report-rejected.js'
import { currentVoterFiles } from '../../rules/rules-in-force.js'
import type { Commands, Context } from '../context.js'
import { stateOf } from '../state-option.js'
import { matchPersons, workersOption } from './match.js'

export interface ImportFlags {
  readonly source?: string
  readonly batch?: string
  readonly map?: string
  readonly sheet?: string
  readonly state?: string
  readonly match?: boolean
  readonly workers?: boolean
}

interface Outcomes {
  readonly linked: number
  readonly duplicate: number
  readonly review: number
  readonly unmatched: number
}

/** From so many persons on, their entries are found faster by reading the whole book once than one by one. */
const manyPersons = 20_000

/** How the persons that this batch brought stand now; `persons`: how many about. */
const outcomesOf = async ({ db, tenant }: Context, batch: string, persons: number): Promise<Outcomes> => {
  const rows = await orThrow(
    db.transaction(async (client) => {
      // right after an import the planner's statistics know of no persons yet: 0.3 s instead of 1.2 for 200,000
      if (persons >= manyPersons) await client.query('set local enable_nestloop = off')
      const found = await client.query<{ outcome: keyof Outcomes; persons: number }>(
        `select b.outcome, count(*)::int8 as persons
           from matchbook.person p join matchbook.book b on b.tenant = p.tenant and b.person_id = p.id
          where p.tenant = $1 and p.import_batch_id = $2 and b.outcome is not null
          group by b.outcome`,
        [tenant, batch],
      )
      return found.rows
    }),
  )
  const counts = { linked: 0, duplicate: 0, review: 0, unmatched: 0 }
  for (const { outcome, persons } of rows) counts[outcome] = persons
  return counts
}

const nothingRejected = { rejectedFile: null, rejections: [] }

const reportOn = (context: Context, batch: string): Promise<RejectedReport> =>
  reportRejected({ ...context, dataDir: context.config.dataDir, batch })

const workersOf = ({ workers }: ImportFlags) => (workers === undefined ? {} : { workers })

/** Reads a list, imports it, decides its persons. */
export const importFile = async (context: Context, file: string, flags: ImportFlags) => {
  const began = performance.now()
  const mapping = flags.map === undefined ? undefined : await orThrow(readMap(flags.map))
  const list = await orThrow(
    openList({
      file,
      signal: context.signal,
      ...(mapping === undefined ? {} : { mapping }),
      ...(flags.sheet === undefined ? {} : { sheet: flags.sheet }),
      ...(flags.state === undefined ? {} : { defaultState: stateOf(flags.state) }),
    }),
  )
  for (const note of list.notes) context.output.note(note)
  const progress = context.output.progress('importing')
  const workplace = { ...context, meta: (id: string) => context.metaOf('import', id) }
  const imported = await importList(workplace, list, {
    signal: context.signal,
    onProgress: progress.update,
    ...(flags.batch === undefined ? {} : { batch: flags.batch }),
    ...(flags.source === undefined ? {} : { source: flags.source }),
    ...(flags.sheet === undefined ? {} : { sheet: flags.sheet }),
    ...(flags.state === undefined ? {} : { defaultState: stateOf(flags.state) }),
  }).finally(progress.stop)
  const canMatch = flags.match !== false && (await currentVoterFiles(context)).length > 0
  const [report, decided] = await Promise.all([
    imported.rejected === 0 ? nothingRejected : reportOn(context, imported.batch),
    canMatch ? matchPersons(context, 'import', workersOf(flags)).then(({ persons }) => persons) : 0,
  ])
  if (!canMatch && flags.match !== false) {
    context.output.note('no voter file is published, so nobody was matched: publish one, then run matchbook match')
  }
  const seconds = (performance.now() - began) / 1000
  return {
    ...imported,
    ...(await outcomesOf(context, imported.batch, imported.newPersons)),
    ...report,
    decided,
    seconds,
  }
}

const importText = (result: Awaited<ReturnType<typeof importFile>>, file: string): string => {
  const { batch, rows, imported, rejected, newPersons, knownPersons, decided } = result
  const { linked, duplicate, review, unmatched, rejections, rejectedFile } = result
  const outcomes = `${linked} linked, ${duplicate} duplicate, ${review} to review, ${unmatched} unmatched`
  const report = rejectedFile === null ? [] : [`rejected rows, with reasons: ${rejectedFile}`]
  const counts = `${rows} rows: ${imported} imported, ${rejected} rejected`
  if (result.alreadyImported) {
    const changed = decided === 0 ? 'nothing changed' : `${decided} persons that waited were decided`
    const persons = `it brought ${newPersons} persons, that stand now as ${outcomes}`
    return [`batch ${batch} is already imported, ${changed}`, counts, ...report, persons].join('\n')
  }
  return [
    `batch ${batch}${result.resumed ? ' (resumed)' : ''}`,
    counts,
    ...rejections.map(({ row, reason }) => `  row ${row} of ${file}: ${reason}`),
    ...report,
    `${newPersons} new persons, ${knownPersons} contacts of persons already known`,
    `of the new persons: ${outcomes}`,
  ].join('\n')
}

export const addImport = (program: Command, { withContext }: Commands): void => {
  program
    .command('import')
    .description('import a contact list (CSV or XLSX) and decide its persons')
    .argument('<file>')
    .option('--source <name>', 'where the list comes from; the file name unless given')
    .option('--batch <id>', 'name of this import; derived from the list unless given')
    .option('--map <map>', 'field=Header,… or a JSON file of that')
    .option('--sheet <name>', 'sheet of a workbook; the first unless given')
    .option('--state <code>', 'state of contacts that give none')
    .option('--no-match', 'only import')
    .addOption(workersOption())
    .action((file: string, flags: ImportFlags) =>
      withContext((context) =>
        context.withTenant(async () => {
          const result = await importFile(context, file, flags)
          context.output.result(result, importText(result, file))
        }),
      ),
    )
}

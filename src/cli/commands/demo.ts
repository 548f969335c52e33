import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { orThrow } from '../../errors.js'
import { generateCounty } from '../../generate/county.js'
import type { DemoList } from '../../generate/demo-list.js'
import type { Commands, Context } from '../context.js'
import { explanationText } from '../explanation-text.js'
import { tableText } from '../table-text.js'
import { explainPerson } from './explain.js'
import { importFile } from './import.js'
import { publishFile } from './voters.js'

const seed = 2026

interface Score {
  readonly list: string
  /** rows that point at a voter, linked or duplicate */
  readonly pointing: number
  readonly correct: number
  readonly truePairs: number
  readonly precision: number
  readonly recall: number
}

/** Which voter each row of a batch points at, by row number. */
const votersByRow = async ({ db, tenant }: Context, batch: string): Promise<ReadonlyMap<number, string>> => {
  const rows = await orThrow(
    db.query<{ row: number; svid: string }>(
      `select (c ->> 'row')::int as row, b.svid
         from matchbook.person p
         cross join json_array_elements(p.contacts) c
         join matchbook.book b on b.tenant = p.tenant and b.person_id = p.id and b.outcome in ('linked', 'duplicate')
        where p.tenant = $1 and c ->> 'batch' = $2`,
      [tenant, batch],
    ),
  )
  return new Map(rows.map(({ row, svid }) => [row, svid]))
}

const scoreOf = async (context: Context, name: string, batch: string, list: DemoList): Promise<Score> => {
  const lines = (await readFile(list.truth, 'utf8')).trim().split('\n').slice(1)
  const truth = new Map(lines.map((line) => line.split(',')).map(([row, , voter]) => [Number(row), voter]))
  const found = await votersByRow(context, batch)
  const correct = [...found].filter(([row, svid]) => truth.get(row) === svid).length
  const { truePairs } = list
  const precision = found.size === 0 ? 1 : correct / found.size
  return { list: name, pointing: found.size, correct, truePairs, precision, recall: correct / truePairs }
}

interface Tally {
  readonly outcome: string
  readonly reason: string
  readonly tier: string | null
  readonly persons: number
}

const tallies = ({ db, tenant }: Context): Promise<readonly Tally[]> =>
  orThrow(
    db.query<Tally & Record<string, unknown>>(
      `select outcome, reason, match_type as tier, count(*)::int8 as persons
         from matchbook.book where tenant = $1 and outcome is not null
        group by 1, 2, 3 order by array_position(array['linked', 'duplicate', 'review', 'unmatched'], outcome), 4 desc`,
      [tenant],
    ),
  )

/** One linked, one ambiguous and one below the threshold: what a manager asks about first. */
const worthExplaining = async ({ db, tenant }: Context): Promise<readonly string[]> => {
  const wanted = [
    ['linked', 'match'],
    ['review', 'ambiguous'],
    ['review', 'below_threshold'],
  ]
  const pids: string[] = []
  for (const [outcome, reason] of wanted) {
    const [row] = await orThrow(
      db.query<{ pid: string }>(
        `select p.pid from matchbook.book b join matchbook.person p on p.tenant = b.tenant and p.id = b.person_id
          where b.tenant = $1 and b.outcome = $2 and b.reason = $3 order by p.position limit 1`,
        [tenant, outcome, reason],
      ),
    )
    if (row !== undefined) pids.push(row.pid)
  }
  return pids
}

const percent = (share: number): string => `${(share * 100).toFixed(1)}%`

const runDemo = async (context: Context) => {
  const { output, config } = context
  const folder = join(config.dataDir, 'demo')
  output.note('making an invented county: 20,000 voters, a list of donors (CSV), a list of volunteers (XLSX)')
  const county = await orThrow(generateCounty({ seed, out: folder }))
  output.note('publishing the voter file')
  const published = await publishFile(context, county.voterFiles, { state: 'FL', format: 'florida' })
  output.note('importing donors, then volunteers')
  const donors = await importFile(context, county.donors.file, { source: 'donors', state: 'FL' })
  const volunteers = await importFile(context, county.volunteers.file, { source: 'volunteers', state: 'FL' })
  const scores = [
    await scoreOf(context, 'donors', donors.batch, county.donors),
    await scoreOf(context, 'volunteers', volunteers.batch, county.volunteers),
  ]
  const explanations = []
  for (const pid of await worthExplaining(context)) explanations.push(await explainPerson(context, pid))
  return { published, imports: [donors, volunteers], outcomes: await tallies(context), scores, explanations }
}

const demoText = (result: Awaited<ReturnType<typeof runDemo>>, dataDir: string): string => {
  const { published, imports, outcomes, scores, explanations } = result
  const batches = imports.map((one) => [one.rows, one.imported, one.rejected, one.newPersons, one.knownPersons])
  const named = scores.map(({ list }, i) => [list, ...(batches[i] ?? [])])
  const accuracy = scores.map((one) => [
    one.list,
    one.truePairs,
    one.correct,
    percent(one.precision),
    percent(one.recall),
  ])
  const pid = explanations[1]?.pid ?? explanations[0]?.pid ?? 'PID'
  const at = dataDir.endsWith('/.matchbook') ? '' : ` --data ${dataDir}`
  return [
    `${published.rows} voters published, ${published.masked} of them masked; ${published.rejected} rows rejected`,
    '',
    tableText(['list', 'rows', 'imported', 'rejected', 'new persons', 'known'], named),
    '',
    tableText(
      ['outcome', 'reason', 'tier', 'persons'],
      outcomes.map(({ outcome, reason, tier, persons }) => [outcome, reason, tier ?? '', persons]),
    ),
    '',
    'against the truth, which the program did not see:',
    tableText(['list', 'in the file', 'found', 'precision', 'recall'], accuracy),
    ...explanations.flatMap((one) => ['', explanationText(one)]),
    '',
    `The data lies in ${dataDir}. Try next:`,
    `  npx matchbook${at} status`,
    `  npx matchbook${at} review list`,
    `  npx matchbook${at} explain ${pid}`,
    `  npx matchbook${at} verify ${pid} --note 'looked it up'`,
    `  npx matchbook${at} replay --check`,
  ].join('\n')
}

export const addDemo = (program: Command, { withContext }: Commands): void => {
  program
    .command('demo')
    .description('an invented county: published, two lists imported, decided, explained')
    .option('--once', 'end after the results')
    .action(() =>
      withContext((context) =>
        context.withTenant(async () => {
          const result = await runDemo(context)
          context.output.result(result, demoText(result, context.config.dataDir))
        }),
      ),
    )
}

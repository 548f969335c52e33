import { createReadStream, createWriteStream, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { engineVersion } from '../../src/engine.js'
import { orThrow } from '../../src/errors.js'
import { generate } from '../../src/generate/generate.js'
import { importList } from '../../src/lists/import-list.js'
import { openList } from '../../src/lists/open-list.js'
import { simpleRuleset } from '../../src/match/ruleset.js'
import { shippedStandard } from '../../src/match/standard/standard-ruleset.js'
import { startOrAttach } from '../../src/postgres/embedded-server.js'
import { loadStandings, standingsSql, standingsValues } from '../../src/rematch/load-standings.js'
import { makePlan, type Planned } from '../../src/rematch/make-plan.js'
import { planRules, type RuleChange } from '../../src/rematch/plan-rules.js'
import { trustedRuns } from '../../src/rematch/trusted-runs.js'
import { type LoadIndex, rulesInForce } from '../../src/rules/rules-in-force.js'
import { publishRuleset } from '../../src/rules/rulesets.js'
import { setSetting } from '../../src/rules/settings.js'
import { runMatch } from '../../src/runs/run-match.js'
import { openIndex } from '../../src/voters/open-index.js'
import { publishVoterFile } from '../../src/voters/publish-voter-file.js'
import { recordPublication } from '../../src/voters/record-publication.js'
import type { Workplace } from '../../src/workplace.js'
import { temporaryFolder } from '../servers/temporary-folder.js'
import { workplaceOn } from '../servers/workplace.js'
import { type Bench, compare, timed } from './harness.js'
import { seededRandom } from './random.js'
import { report } from './report.js'

/**
 * What a plan costs: a threshold's against a bare select of the columns it needs, a ruleset's and a changed voter file's
 * against a run over everybody that has nothing to record. Indexes are loaded from disk by both sides, each time.
 */
const votersPerContact = 5
const bars = { threshold: 1 / 1.5, ruleset: 1 / 1.2, voterFile: 1 / 0.15 }

const quiet = (): void => undefined

/** A copy of a voter file in which 2% of the rows have another one's address and city. */
const writeNext = async (from: string, to: string, seed: number): Promise<void> => {
  const random = seededRandom(seed)
  const out = createWriteStream(to)
  let columns: readonly string[] = []
  let home: readonly string[] | undefined
  for await (const line of createInterface({ input: createReadStream(from) })) {
    const cells = line.split(',')
    if (columns.length === 0) columns = cells
    else if (random() < 0.02 && home !== undefined && cells.length === columns.length && !line.includes('"')) {
      for (const name of ['address1', 'city', 'zip']) cells[columns.indexOf(name)] = home[columns.indexOf(name)]!
    }
    if (cells.length === columns.length && !line.includes('"') && random() < 0.1) home = line.split(',')
    if (!out.write(`${cells.join(',')}\n`)) await new Promise<void>((resolve) => out.once('drain', () => resolve()))
  }
  await new Promise<void>((resolve) => out.end(resolve))
}

interface Place {
  readonly folder: string
  readonly dataDir: string
  readonly loadIndex: LoadIndex
}

const publish = async (deps: Workplace, { folder, dataDir }: Place, file: string): Promise<void> => {
  const request = { dataDir, files: [join(folder, file)], state: 'FL', format: 'table' } as const
  await recordPublication(deps, await orThrow(publishVoterFile(request)))
}

const decide = (deps: Workplace, { loadIndex }: Place, kind: 'match' | 'match_all') =>
  rulesInForce(deps, loadIndex).then((rules) => runMatch(deps, rules, { kind }))

const plan = async (deps: Workplace, { dataDir, loadIndex }: Place, change: RuleChange): Promise<Planned> => {
  const planned = await makePlan(deps, change, loadIndex, { dataDir })
  process.stderr.write(`  by way of ${planned.path}: ${JSON.stringify(planned.summary.changes)}\n`)
  return planned
}

/** The statement of a threshold plan, every row read and thrown away. */
const bareSelect = async (deps: Workplace): Promise<void> => {
  const { to, ruleset } = await planRules(deps, {})
  const trusted = await trustedRuns(deps, to.ruleset, to.voterFiles)
  const values = standingsValues(deps.tenant, trusted, ruleset)
  await orThrow(
    deps.db.transaction(async (client) => {
      const sql = standingsSql('contacts of who is matched')
      for await (const rows of loadStandings(client, sql, values, 1_000)) if (rows.length === 0) throw new Error('none')
    }),
  )
}

export const bench: Bench = async ({ size, contacts = size ?? 50_000, voters, seed, rounds = 3, format }) => {
  const folder = temporaryFolder('bench-rematch')
  const dataDir = join(folder, 'data')
  const place: Place = { folder, dataDir, loadIndex: (ref) => openIndex(dataDir, ref, quiet) }
  const server = await orThrow(startOrAttach(dataDir))
  const workplace = await workplaceOn(server.url, 'standard')
  const tenantOf = (tenant: string): Workplace => ({
    ...workplace.forTenant(tenant),
    meta: (id) => ({ ...workplace.meta(id), engine: engineVersion }),
  })
  const standard = tenantOf('standard')
  const tiers = tenantOf('tiers')
  try {
    const amounts = { voters: voters ?? contacts * votersPerContact, contacts }
    await orThrow(generate({ ...amounts, seed, out: folder, format: 'table' }))
    await publish(standard, place, 'voters.csv')
    await setSetting(tiers, 'match.ruleset', simpleRuleset.name)
    for (const deps of [standard, tiers]) {
      await importList(deps, await orThrow(openList({ file: join(folder, 'contacts.csv') })), {})
      await decide(deps, place, 'match')
      await deps.catchUp()
    }
    const { weights } = shippedStandard
    await publishRuleset(standard, { ...shippedStandard, name: 'other', weights: { ...weights, inFile: 0.7 } })
    await orThrow(standard.db.query('vacuum analyze'))

    const common = { amount: contacts, unit: 'persons', rounds }
    const threshold = await compare({
      ...common,
      name: 'threshold plan, bare select',
      subject: () => timed(() => plan(standard, place, { threshold: '0.9' })),
      yardstick: () => timed(() => bareSelect(standard)),
      bar: bars.threshold,
    })
    const ruleset = await compare({
      ...common,
      name: 'ruleset plan, run over everybody',
      subject: () => timed(() => plan(standard, place, { ruleset: 'other' })),
      yardstick: () => timed(() => decide(standard, place, 'match_all')),
      bar: bars.ruleset,
    })
    await writeNext(join(folder, 'voters.csv'), join(folder, 'next.csv'), seed)
    // under the file before: the run over everybody is timed first, as it would be the plan's own last run otherwise
    const full = await timed(() => decide(tiers, place, 'match_all'))
    await publish(standard, place, 'next.csv')
    const voterFile = await compare({
      ...common,
      name: 'voter file plan under tiers, run over everybody',
      subject: () => timed(() => plan(tiers, place, {})),
      yardstick: async () => full,
      bar: bars.voterFile,
    })
    report([threshold, ruleset, voterFile], { format })
  } finally {
    await workplace.drop()
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

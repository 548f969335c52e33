import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { digestNow } from '../../../projections/digest.js'
import { tables } from '../../../projections/families.js'
import { rebuild } from '../../../projections/rebuild.js'
import { reproduce } from '../../../src/audit/reproduce.js'
import { engineVersion } from '../../../src/engine.js'
import { orThrow } from '../../../src/errors.js'
import { generate } from '../../../src/generate/generate.js'
import { importList } from '../../../src/lists/import-list.js'
import { openList } from '../../../src/lists/open-list.js'
import { shippedStandard } from '../../../src/match/standard/standard-ruleset.js'
import { applyPlan } from '../../../src/rematch/apply-plan.js'
import { makePlan, type Planned } from '../../../src/rematch/make-plan.js'
import { openPlan } from '../../../src/rematch/plan-file.js'
import type { RuleChange } from '../../../src/rematch/plan-rules.js'
import { type LoadIndex, rulesInForce } from '../../../src/rules/rules-in-force.js'
import { findRuleset, publishRuleset } from '../../../src/rules/rulesets.js'
import { recordVerdict, type VerdictRequest } from '../../../src/runs/record-verdict.js'
import { runMatch } from '../../../src/runs/run-match.js'
import { openIndex } from '../../../src/voters/open-index.js'
import { publishVoterFile } from '../../../src/voters/publish-voter-file.js'
import { recordPublication } from '../../../src/voters/record-publication.js'
import type { Workplace } from '../../../src/workplace.js'
import { seededRandom } from '../../bench/random.js'
import { type TestWorkplace, workplaceForTests } from '../../servers/workplace.js'

/** A year of a tenant's: the threshold raised, lowered, a weight changed, the next quarter's voter file. */
let folder: string
let place: TestWorkplace
let deps: Workplace
const loadIndex: LoadIndex = (ref) => openIndex(join(folder, 'data'), ref, () => undefined)
const random = seededRandom(9)

const publish = async (file: string): Promise<void> => {
  const request = { dataDir: join(folder, 'data'), files: [join(folder, file)], state: 'FL', format: 'table' } as const
  await recordPublication(deps, await orThrow(publishVoterFile(request)))
  await deps.catchUp()
}

/** 2% have moved to where somebody else lives, 1% left, 1% are new. */
const writeNextQuarter = async (): Promise<void> => {
  const text = await readFile(join(folder, 'voters.csv'), 'utf8')
  const [header, ...lines] = text.trimEnd().split('\n')
  const columns = header!.split(',')
  const placeColumns = ['address1', 'address2', 'city', 'zip']
    .map((name) => columns.indexOf(name))
    .filter((at) => at >= 0)
  const plain = lines.filter((line) => !line.includes('"') && line.split(',').length === columns.length)
  const cellsOf = (): string[] => plain[Math.floor(random() * plain.length)]!.split(',')
  const next = lines.flatMap((line): readonly string[] => {
    const chance = random()
    if (chance < 0.01) return []
    const cells = line.split(',')
    if (chance >= 0.03 || cells.length !== columns.length || line.includes('"')) return [line]
    const home = cellsOf()
    for (const at of placeColumns) cells[at] = home[at]!
    return [cells.join(',')]
  })
  for (let i = 0; i < lines.length / 100; i++) {
    const cells = cellsOf()
    cells[columns.indexOf('svid')] = `99${String(i).padStart(7, '0')}`
    cells[columns.indexOf('first_name')] = cellsOf()[columns.indexOf('first_name')]!
    next.push(cells.join(','))
  }
  await writeFile(join(folder, 'next.csv'), `${[header, ...next].join('\n')}\n`)
}

/** Fifty words of humans on persons that wait, are linked, or have nobody. */
const sayFifty = async (): Promise<void> => {
  const rules = await rulesInForce(deps, loadIndex)
  const persons = await orThrow(
    deps.db.query<{ id: string; outcome: string; state: string; svid: string }>(
      `select b.person_id as id, b.outcome, b.state, b.svid from matchbook.book b
         join matchbook.person p on p.tenant = b.tenant and p.id = b.person_id
        where b.tenant = $1 and b.svid is not null order by (p.position * 7919) % 1009, p.position limit 50`,
      [deps.tenant],
    ),
  )
  for (const [i, { id, outcome, state, svid }] of persons.entries()) {
    const kind: VerdictRequest['kind'] = i % 3 === 2 ? (outcome === 'linked' ? 'unlink' : 'reject') : 'verify'
    const request = { kind, personId: id, user: 'ann', voter: { state, svid } }
    await recordVerdict(deps, rules, request).catch((error: { code?: string }) => {
      // a duplicate can't be verified while a human has given its voter to another
      if (error.code !== 'VOTER_TAKEN') throw error
    })
  }
  await deps.catchUp()
}

interface Word {
  readonly id: string
  readonly verdict: string | null
  readonly voter: string | null
  readonly reopened: { readonly why: string } | null
  readonly rejected: readonly { readonly svid: string }[]
}

const wordsOf = (): Promise<readonly Word[]> =>
  orThrow(
    deps.db.query<Word & Record<string, unknown>>(
      `select b.person_id as id, b.verdict, v.state || ':' || v.svid as voter, b.entry->'reopened' as reopened,
              b.entry->'rejected' as rejected
         from matchbook.book b
         left join matchbook.person_voter v on v.tenant = b.tenant and v.person_id = b.person_id
        where b.tenant = $1 and b.entry is not null
          and (b.verdict is not null or json_array_length(b.entry->'rejected') > 0) order by 1`,
      [deps.tenant],
    ),
  )

const plan = (change: RuleChange): Promise<Planned> =>
  makePlan(deps, change, loadIndex, { dataDir: join(folder, 'data'), threads: 1 })

/** Plans, applies, plans again. Every word of a human stands, or is reopened with a reason. */
const rematch = async (change: RuleChange): Promise<Planned> => {
  const before = await wordsOf()
  const planned = await plan(change)
  const opened = await openPlan(join(folder, 'data'), deps.tenant, planned.plan)
  await applyPlan(deps, opened, loadIndex, { threads: 1 })
  const again = await plan(change)
  expect(again.summary.changed).toBe(0)
  await deps.catchUp()
  const after = await wordsOf()
  expect(after.map(({ id, verdict }) => ({ id, verdict }))).toEqual(before.map(({ id, verdict }) => ({ id, verdict })))
  for (const [i, { verdict, voter, reopened, rejected }] of after.entries()) {
    if (verdict !== null) expect(voter).toBe(before[i]!.voter)
    if (verdict === null) expect(rejected.map(({ svid }) => `FL:${svid}`)).not.toContain(voter)
    if (reopened !== null) expect(['voter_changed', 'voter_gone']).toContain(reopened.why)
  }
  return planned
}

const digests = () => orThrow(digestNow(deps.db, tables))

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'matchbook-quarters-'))
  place = await workplaceForTests()
  deps = { ...place, meta: (id) => ({ ...place.meta(id), engine: engineVersion }) }
  await orThrow(generate({ voters: 10_000, contacts: 2_000, seed: 5, out: folder, format: 'table' }))
  await writeNextQuarter()
  await publish('voters.csv')
  await importList(deps, await orThrow(openList({ file: join(folder, 'contacts.csv') })), {})
  await runMatch(deps, await rulesInForce(deps, loadIndex), { kind: 'match' })
  await deps.catchUp()
  await sayFifty()
}, 240_000)
afterAll(async () => {
  await place.drop()
  await rm(folder, { recursive: true, force: true })
})

describe('rematch, quarter after quarter', () => {
  it('raises the threshold: links go to review', async () => {
    const { path, summary } = await rematch({ threshold: '0.95' })
    expect(path).toBe('recorded')
    expect(summary.verdicts.kept).toBeGreaterThan(25)
    expect(summary.changes).toMatchObject({ newlyLinked: 0, evidence: 0, reopened: 0 })
    expect(summary.changes['toReview']).toBeGreaterThan(0)
    const bands = summary.histogram.filter(({ from }) => from >= 0.75 && from < 0.95)
    expect(bands.reduce((sum, { before }) => sum + before, 0)).toBeGreaterThanOrEqual(summary.changes['toReview']!)
  })

  it('lowers it: they come back, and more', async () => {
    const { path, summary } = await rematch({ threshold: '0.6' })
    expect(path).toBe('recorded')
    expect(summary.changes['newlyLinked']).toBeGreaterThan(0)
    expect(summary.changes).toMatchObject({ toUnmatched: 0, unlinked: 0 })
  })

  it('changes a weight: everybody is matched, by a ruleset of the tenant’s own', async () => {
    const { weights } = shippedStandard
    const ruleset = { ...shippedStandard, name: 'cautious', margin: 0.2, weights: { ...weights, inFile: 0.6 } }
    await publishRuleset(deps, ruleset)
    const { path, summary } = await rematch({ ruleset: 'cautious' })
    expect(path).toBe('everybody')
    expect(summary.changed).toBeGreaterThan(0)
  })

  it('takes the next quarter’s file, under probabilities and then under tiers', async () => {
    await publish('next.csv')
    const { path, summary } = await rematch({})
    expect(path).toBe('everybody')
    expect(summary.verdicts.kept).toBeGreaterThan(25)
    const [first] = await orThrow(
      deps.db.query<{ voter_file: string }>(`select voter_file from matchbook.voter_file where not current`),
    )
    await rematch({ ruleset: 'simple' })
    const back = await rematch({ voterFile: first!.voter_file })
    expect(back.path).toBe('difference')
    expect(back.summary.changed).toBeGreaterThan(0)
    expect(back.summary.changed).toBeLessThan(back.summary.persons / 5)
  })

  it('and every decision, planned or not, is made again from its event', async () => {
    const rulesetOf = async (hash: string) => (await findRuleset(deps, hash)).ruleset
    const { decisions, differing, differences } = await reproduce({ ...deps, loadIndex, rulesetOf }, { kind: 'all' })
    expect(differences).toEqual([])
    expect({ differing, some: decisions > 5_000 }).toEqual({ differing: 0, some: true })
  })

  it('after all of that, the tables replayed are the tables', async () => {
    const before = await digests()
    await orThrow(deps.db.query('drop schema matchbook cascade'))
    await rebuild({ db: deps.db, store: deps.store })
    expect(await digests()).toEqual(before)
  })
})

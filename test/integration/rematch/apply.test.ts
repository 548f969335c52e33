import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { check } from '../../../projections/rebuild.js'
import { orThrow } from '../../../src/errors.js'
import { type Applied, applyPlan } from '../../../src/rematch/apply-plan.js'
import { makePlan, type Planned } from '../../../src/rematch/make-plan.js'
import { openPlan } from '../../../src/rematch/plan-file.js'
import type { RuleChange } from '../../../src/rematch/plan-rules.js'
import { rulesInForce } from '../../../src/rules/rules-in-force.js'
import { getSetting, setSetting } from '../../../src/rules/settings.js'
import { recordVerdict } from '../../../src/runs/record-verdict.js'
import { runMatch } from '../../../src/runs/run-match.js'
import type { Publication } from '../../../src/voters/publication.js'
import { listVoterFiles, withdrawVoterFile } from '../../../src/voters/record-publication.js'
import type { Workplace } from '../../../src/workplace.js'
import {
  contactCsv,
  nextQuarter,
  type SmallWorld,
  seeded,
  smallWorld,
  type VoterRow,
  voterRows,
} from './small-world.js'

let world: SmallWorld
let rows: readonly VoterRow[]
let base: Publication
let next: Publication
let tenants = 0

const random = seeded(11)

beforeAll(async () => {
  world = await smallWorld()
  rows = voterRows(150, random)
  base = await world.publish('base', rows)
  next = await world.publish('next', nextQuarter(rows, random, 0.05))
  await world.makeCurrent(next)
}, 120_000)
afterAll(() => world.drop())

/** A tenant whose list is decided by tiers under the base register. */
const decided = async (): Promise<Workplace> => {
  await world.makeCurrent(base)
  const deps = world.tenant(`tenant-${++tenants}`)
  await setSetting(deps, 'match.ruleset', 'simple')
  await world.importCsv(deps, contactCsv(rows, 80, random))
  await runMatch(deps, await rulesInForce(deps, world.loadIndex), { kind: 'match' })
  await deps.catchUp()
  return deps
}

const plan = (deps: Workplace, change: RuleChange): Promise<Planned> =>
  makePlan(deps, change, world.loadIndex, { dataDir: world.dataDir, threads: 1 })

const apply = async (deps: Workplace, { plan: name }: Planned): Promise<Applied> =>
  applyPlan(deps, await openPlan(world.dataDir, deps.tenant, name), world.loadIndex, { threads: 1 })

const storeSize = async ({ store }: Workplace): Promise<number> => orThrow(store.head())

const personsThat = (deps: Workplace, where: string) =>
  orThrow(
    deps.db.query<{ id: string; state: string; svid: string; outcome: string; verdict: string | null }>(
      `select person_id as id, state, svid, outcome, verdict from matchbook.book where tenant = $1 and ${where} order by 1`,
      [deps.tenant],
    ),
  )

const failing = async (work: Promise<unknown>): Promise<{ code: string; message: string }> => {
  try {
    await work
  } catch (error) {
    return error as { code: string; message: string }
  }
  throw new Error('this was expected to fail')
}

/** A recorder that dies in the middle of a plan's persons, with half of them written. */
const dying = (deps: Workplace): Workplace => ({
  ...deps,
  recorder: {
    ...deps.recorder,
    recordAhead: async (stream, events, expected) => {
      await deps.recorder.record(stream, events.slice(0, events.length / 2), expected)
      throw new Error('killed')
    },
  },
})

describe('a plan that is applied', () => {
  it('puts its rules in force, and applied twice changes nothing', async () => {
    const deps = await decided()
    const planned = await plan(deps, { threshold: '0.5', voterFile: next.voterFile })
    expect(planned.summary.changes).toMatchObject({ reopened: 0 })
    expect(planned.summary.changed).toBeGreaterThan(0)
    expect((await getSetting(deps, 'match.threshold')).value).toBe(0.75)
    const applied = await apply(deps, planned)
    expect(applied).toMatchObject({ recorded: planned.summary.changed, alreadyApplied: false, resumed: false })
    expect((await getSetting(deps, 'match.threshold')).value).toBe(0.5)
    const current = (await listVoterFiles(deps)).find((file) => file.current)
    expect(current?.voterFile).toBe(next.voterFile)
    const size = await storeSize(deps)
    expect(await apply(deps, planned)).toMatchObject({ alreadyApplied: true, recorded: 0, digest: applied.digest })
    expect(await storeSize(deps)).toBe(size)
    expect((await check({ db: deps.db, store: deps.store })).differences).toEqual([])
  })

  it('killed half-way goes on when applied again, and takes in the verdict that came meanwhile', async () => {
    const deps = await decided()
    const planned = await plan(deps, { threshold: '0.96' })
    expect(planned.summary.changes['toReview']).toBeGreaterThan(3)
    await expect(apply(dying(deps), planned)).rejects.toThrow('killed')
    await deps.catchUp()
    const rules = await rulesInForce(deps, world.loadIndex)
    expect(rules.threshold).toBe(0.96)
    const waiting = await personsThat(deps, `outcome = 'review' and reason = 'below_threshold' and threshold = 0.96`)
    const linked = await personsThat(deps, `outcome = 'linked' and score < 0.96`)
    expect(waiting.length).toBeGreaterThan(0)
    expect(linked.length).toBeGreaterThan(0)
    for (const { id } of [waiting[0]!, linked[0]!]) {
      await recordVerdict(deps, rules, { kind: 'verify', personId: id, user: 'ann' })
    }
    expect(await apply(deps, planned)).toMatchObject({ resumed: true, alreadyApplied: false })
    expect((await personsThat(deps, `verdict = 'verified' and outcome = 'linked'`)).map(({ id }) => id).sort()).toEqual(
      [waiting[0]!.id, linked[0]!.id].sort(),
    )
    expect((await plan(deps, {})).summary.changed).toBe(0)
    expect(await runMatch(deps, rules, { kind: 'match_all' })).toMatchObject({ recorded: 0 })
    const runs = await orThrow(
      deps.db.query(`select 1 from matchbook.run where tenant = $1 and kind = 'rematch'`, [deps.tenant]),
    )
    expect(runs).toHaveLength(1)
  })

  it('killed half-way is stale once somebody has set other rules', async () => {
    const deps = await decided()
    const planned = await plan(deps, { threshold: '0.96' })
    await expect(apply(dying(deps), planned)).rejects.toThrow('killed')
    await setSetting(deps, 'match.threshold', '0.8')
    expect(await failing(apply(deps, planned))).toMatchObject({
      code: 'PLAN_STALE',
      message: expect.stringContaining('match.threshold went from 0.75 to 0.8'),
    })
  })
})

describe('a stale plan', () => {
  const moves: Readonly<Record<string, readonly [(deps: Workplace) => Promise<unknown>, string]>> = {
    'a verdict': [
      async (deps) => {
        const [one] = await personsThat(deps, `outcome = 'linked'`)
        await recordVerdict(deps, await rulesInForce(deps, world.loadIndex), {
          kind: 'verify',
          personId: one!.id,
          user: 'ann',
        })
      },
      '1 MatchVerified',
    ],
    'an import': [(deps) => world.importCsv(deps, contactCsv(rows, 3, random)), '1 more lists and 3 more rows'],
    'a setting': [(deps) => setSetting(deps, 'match.threshold', '0.7'), 'match.threshold went from 0.75 to 0.7'],
    'a ruleset': [(deps) => setSetting(deps, 'match.ruleset', 'standard'), 'the ruleset in force went from'],
    'a voter file': [() => world.makeCurrent(next), 'the current voter files went from GA'],
  }
  it.each(Object.keys(moves))('is refused after %s, and says what has moved', async (name) => {
    const [move, words] = moves[name]!
    const deps = await decided()
    const planned = await plan(deps, { threshold: '0.9' })
    await move(deps)
    await deps.catchUp()
    const size = await storeSize(deps)
    expect(await failing(apply(deps, planned))).toMatchObject({
      code: 'PLAN_STALE',
      message: expect.stringContaining(words),
    })
    expect(await storeSize(deps)).toBe(size)
  })
})

describe('a plan for a voter file that was withdrawn since', () => {
  it('is stale before anything is written', async () => {
    const extra = await world.publish('extra', voterRows(20, random))
    await world.makeCurrent(extra)
    const deps = await decided()
    const planned = await plan(deps, { voterFile: extra.voterFile })
    await withdrawVoterFile(deps, extra.voterFile)
    await deps.catchUp()
    const size = await storeSize(deps)
    expect(await failing(apply(deps, planned))).toMatchObject({
      code: 'PLAN_STALE',
      message: expect.stringContaining('was withdrawn'),
    })
    expect(await storeSize(deps)).toBe(size)
  })
})

describe('a plan that is none', () => {
  it('is refused: of another tenant, with one byte changed, or not there', async () => {
    const deps = await decided()
    const planned = await plan(deps, { threshold: '0.9' })
    const other = world.tenant('somebody-else')
    expect(await failing(openPlan(world.dataDir, other.tenant, planned.plan))).toMatchObject({ code: 'BAD_PLAN' })
    const edited = join(world.dataDir, 'plans', `${'0'.repeat(64)}.plan`)
    await copyFile(planned.file, edited)
    expect(await failing(openPlan(world.dataDir, deps.tenant, '00000000'))).toMatchObject({ code: 'BAD_PLAN' })
    const bytes = await readFile(planned.file)
    bytes[bytes.length >> 1]! ^= 1
    await writeFile(planned.file, bytes)
    expect(await failing(openPlan(world.dataDir, deps.tenant, planned.plan))).toMatchObject({ code: 'BAD_PLAN' })
    expect(await failing(openPlan(world.dataDir, deps.tenant, 'feedbeef'))).toMatchObject({ code: 'PLAN_NOT_FOUND' })
  })

  it('is not made from a threshold of 1.2, an unknown ruleset, an unknown or a withdrawn voter file', async () => {
    const deps = await decided()
    const bad = await world.publish('bad', voterRows(5, random))
    await world.makeCurrent(bad)
    await withdrawVoterFile(deps, bad.voterFile)
    await deps.catchUp()
    const size = await storeSize(deps)
    for (const [change, code] of [
      [{ threshold: '1.2' }, 'BAD_VALUE'],
      [{ ruleset: 'nobody' }, 'RULESET_NOT_FOUND'],
      [{ voterFile: 'feedbeef' }, 'VOTER_FILE_NOT_FOUND'],
      [{ voterFile: bad.voterFile }, 'VOTER_FILE_WITHDRAWN'],
    ] as const) {
      expect(await failing(plan(deps, change))).toMatchObject({ code })
    }
    expect(await storeSize(deps)).toBe(size)
  })
})

describe('a verdict', () => {
  it('stays when the rules would not have come to it, and comes back to a human when its voter leaves the file', async () => {
    const deps = await decided()
    const rules = await rulesInForce(deps, world.loadIndex)
    const [linked] = await personsThat(deps, `outcome = 'linked'`)
    const [other] = await personsThat(deps, `outcome in ('unmatched', 'review')`)
    const free = rows.find(({ svid }) => svid !== linked!.svid)!
    await recordVerdict(deps, rules, { kind: 'verify', personId: linked!.id, user: 'ann' })
    const voter = { state: 'GA', svid: free.svid }
    await recordVerdict(deps, rules, { kind: 'link', personId: other!.id, user: 'ann', voter })
    const without = await world.publish(
      'without',
      rows.filter(({ svid }) => svid !== linked!.svid),
    )
    await world.makeCurrent(without)
    const planned = await plan(deps, {})
    expect(planned.summary.verdicts).toMatchObject({ kept: 2, inTheWay: 2, reopened: 1 })
    expect(planned.summary.examples['reopened']).toMatchObject([
      { personId: linked!.id, why: 'the voter is no longer in the file' },
    ])
    await apply(deps, planned)
    expect(await personsThat(deps, 'verdict is not null')).toMatchObject(
      [
        { id: linked!.id, svid: linked!.svid, outcome: 'review' },
        { id: other!.id, svid: free.svid, outcome: 'linked' },
      ].sort((a, b) => (a.id < b.id ? -1 : 1)),
    )
    expect((await plan(deps, {})).summary.changed).toBe(0)
  })
})

import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { orThrow } from '../../../src/errors.js'
import { simpleRuleset, type TierRuleset } from '../../../src/match/ruleset.js'
import { shippedStandard } from '../../../src/match/standard/standard-ruleset.js'
import { applyPlan } from '../../../src/rematch/apply-plan.js'
import { makePlan, type Planned } from '../../../src/rematch/make-plan.js'
import { openPlan } from '../../../src/rematch/plan-file.js'
import type { RuleChange } from '../../../src/rematch/plan-rules.js'
import { rulesInForce } from '../../../src/rules/rules-in-force.js'
import { publishRuleset } from '../../../src/rules/rulesets.js'
import { setSetting } from '../../../src/rules/settings.js'
import { runMatch } from '../../../src/runs/run-match.js'
import type { Publication } from '../../../src/voters/publication.js'
import type { Workplace } from '../../../src/workplace.js'
import {
  contactCsv,
  nextQuarter,
  randomVerdicts,
  type SmallWorld,
  seeded,
  smallWorld,
  type VoterRow,
  voterRows,
} from './small-world.js'

/** Invariant: whichever way is shorter, the plan is that of matching everybody, byte for byte. */
interface Quarters {
  readonly rows: readonly VoterRow[]
  readonly base: Publication
  readonly next: Publication
}

let world: SmallWorld
const registers: Quarters[] = []

beforeAll(async () => {
  world = await smallWorld()
  for (const seed of [1, 2, 3]) {
    const random = seeded(seed)
    const rows = voterRows(120, random)
    const base = await world.publish(`base-${seed}`, rows)
    const nextRows = nextQuarter(rows, random, [0.01, 0.04, 0.15][seed - 1]!)
    // several candidates are listed in the order of the file: one file has another
    const next = await world.publish(`next-${seed}`, seed === 2 ? [...nextRows].reverse() : nextRows)
    await world.makeCurrent(next)
    registers.push({ rows, base, next })
  }
}, 240_000)
afterAll(() => world.drop())

const score = fc.constantFrom(0, 0.3, 0.5, 0.6, 0.65, 0.66, 0.7, 0.75, 0.8, 0.9, 0.95, 0.96, 0.9999, 1)

/** Rulesets that have every way to end: ambiguous below and above the floor, vetoes, no margin, other orders of tiers. */
const strictStandard = { ...shippedStandard, name: 'strict', margin: 0.4, reviewFloor: 0.3, listed: 3 }
const looseStandard = { ...shippedStandard, name: 'loose', margin: 0, reviewFloor: 0.6, vetoes: [{ sex: 'different' }] }
const otherTiers: TierRuleset = {
  ...simpleRuleset,
  name: 'other-tiers',
  reviewFloor: 0.65,
  listed: 2,
  tiers: [...simpleRuleset.tiers].reverse(),
}
const rulesets = ['simple', 'standard', strictStandard.name, looseStandard.name, otherTiers.name] as const

const scenario = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  register: fc.integer({ min: 0, max: 2 }),
  began: fc.record({ ruleset: fc.constantFrom(...rulesets), threshold: score }),
  verdicts: fc.integer({ min: 0, max: 8 }),
  undecided: fc.integer({ min: 0, max: 5 }),
  published: fc.boolean(),
  // one after the other: the next rests on what the one before has left
  changes: fc.array(
    fc.record({
      threshold: fc.option(score, { nil: undefined }),
      ruleset: fc.option(fc.constantFrom(...rulesets), { nil: undefined, freq: 3 }),
      voterFile: fc.constantFrom('base', 'next', undefined),
    }),
    { minLength: 1, maxLength: 3 },
  ),
})
type Scenario = typeof scenario extends fc.Arbitrary<infer A> ? A : never

let tenants = 0

/** A tenant whose list was decided under the base register, with verdicts, and persons who were not decided yet. */
const given = async ({ seed, register, began, verdicts, undecided, published }: Scenario): Promise<Workplace> => {
  const { rows, base, next } = registers[register]!
  const random = seeded(seed)
  const deps = world.tenant(`tenant-${++tenants}`)
  await world.makeCurrent(base)
  for (const ruleset of [strictStandard, looseStandard, otherTiers]) await publishRuleset(deps, ruleset)
  await setSetting(deps, 'match.ruleset', began.ruleset)
  await setSetting(deps, 'match.threshold', String(began.threshold))
  await world.importCsv(deps, contactCsv(rows, 60, random))
  await runMatch(deps, await rulesInForce(deps, world.loadIndex), { kind: 'match' })
  await randomVerdicts(world, deps, rows, verdicts, random)
  if (undecided > 0) await world.importCsv(deps, contactCsv(rows, undecided, random))
  if (published) await world.makeCurrent(next)
  await deps.catchUp()
  return deps
}

const changesOf = ({ changes, register }: Scenario): readonly RuleChange[] =>
  changes.map(({ threshold, ruleset, voterFile }) => ({
    ...(threshold === undefined ? {} : { threshold: String(threshold) }),
    ...(ruleset === undefined ? {} : { ruleset }),
    ...(voterFile === undefined ? {} : { voterFile: registers[register]![voterFile].voterFile }),
  }))

const plan = (deps: Workplace, change: RuleChange, path: 'shortest' | 'everybody'): Promise<Planned> =>
  makePlan(deps, change, world.loadIndex, { dataDir: world.dataDir, path, threads: 1 })

const verdictsOf = (deps: Workplace) =>
  orThrow(
    deps.db.query(
      `select b.person_id, b.verdict, v.state, v.svid, b.reason = 'reopened' as reopened
         from matchbook.book b join matchbook.person_voter v on v.tenant = b.tenant and v.person_id = b.person_id
        where b.tenant = $1 and b.verdict is not null order by 1`,
      [deps.tenant],
    ),
  )

const paths = new Set<string>()

/** Plans a change by both ways, applies it, and compares what it leaves with a run over everybody. */
const checkChange = async (deps: Workplace, change: RuleChange): Promise<void> => {
  const before = await verdictsOf(deps)
  const shortest = await plan(deps, change, 'shortest')
  const whole = await plan(deps, change, 'everybody')
  paths.add(shortest.path)
  expect(shortest.summary).toEqual(whole.summary)
  expect(shortest.plan).toBe(whole.plan)

  const opened = await openPlan(world.dataDir, deps.tenant, shortest.plan)
  const applied = await applyPlan(deps, opened, world.loadIndex, { threads: 1 })
  const again = await plan(deps, change, 'shortest')
  expect(again.summary.changed).toBe(0)
  expect(again.summary.verdicts.kept).toBe(before.length)
  const full = await runMatch(deps, await rulesInForce(deps, world.loadIndex), { kind: 'match_all', threads: 1 })
  expect(full).toMatchObject({ recorded: 0, digest: applied.digest })
  expect(withoutReopening(await verdictsOf(deps))).toEqual(withoutReopening(before))
}

const withoutReopening = (verdicts: readonly Record<string, unknown>[]) =>
  verdicts.map(({ reopened: _, ...verdict }) => verdict)

describe('a plan', () => {
  it('is the same by every way, and applied it leaves what a run over everybody leaves', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (one) => {
        const deps = await given(one)
        for (const change of changesOf(one)) await checkChange(deps, change)
      }),
      { numRuns: Number(process.env['RUNS'] ?? 40), seed: Number(process.env['SEED'] ?? 5) },
    )
    expect([...paths].sort()).toEqual(['difference', 'everybody', 'recorded'])
  }, 600_000)
})

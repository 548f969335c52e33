import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reproduce } from '../../../src/audit/reproduce.js'
import { rulesInForce } from '../../../src/rules/rules-in-force.js'
import { findRuleset } from '../../../src/rules/rulesets.js'
import { setSetting } from '../../../src/rules/settings.js'
import { runMatch } from '../../../src/runs/run-match.js'
import type { Workplace } from '../../../src/workplace.js'
import {
  contactCsv,
  randomVerdicts,
  type SmallWorld,
  seeded,
  smallWorld,
  type VoterRow,
  voterRows,
} from '../rematch/small-world.js'

let world: SmallWorld
let rows: readonly VoterRow[]
let tenants = 0

beforeAll(async () => {
  world = await smallWorld()
  rows = voterRows(60, seeded(4))
  await world.makeCurrent(await world.publish('register', rows))
}, 240_000)
afterAll(() => world.drop())

const decided = async (seed: number, ruleset: string, threshold: number): Promise<Workplace> => {
  const deps = world.tenant(`tenant-${++tenants}`)
  await setSetting(deps, 'match.ruleset', ruleset)
  await setSetting(deps, 'match.threshold', String(threshold))
  await world.importCsv(deps, contactCsv(rows, 80, seeded(seed)))
  await runMatch(deps, await rulesInForce(deps, world.loadIndex), { kind: 'match', threads: 1 })
  return deps
}

const scenario = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  ruleset: fc.constantFrom('simple', 'standard'),
  threshold: fc.constantFrom(0.5, 0.65, 0.75),
})

describe('a verdict', () => {
  it('decides again whoever it touches: a run over everybody changes nothing, and every decision is reproduced', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ seed, ruleset, threshold }) => {
        const deps = await decided(seed, ruleset, threshold)
        const random = seeded(seed + 1)
        for (let i = 0; i < 12; i++) {
          await randomVerdicts(world, deps, rows, 1, random)
          const rules = await rulesInForce(deps, world.loadIndex)
          expect(await runMatch(deps, rules, { kind: 'match_all', threads: 1 })).toMatchObject({ recorded: 0 })
        }
        const rulesetOf = async (hash: string) => (await findRuleset(deps, hash)).ruleset
        const again = await reproduce({ ...deps, loadIndex: world.loadIndex, rulesetOf }, { kind: 'all' })
        expect(again.differences).toEqual([])
      }),
      { numRuns: Number(process.env['RUNS'] ?? 8), seed: Number(process.env['SEED'] ?? 7) },
    )
  }, 300_000)
})

import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reproduce } from '../../../src/audit/reproduce.js'
import { orThrow } from '../../../src/errors.js'
import { rulesInForce } from '../../../src/rules/rules-in-force.js'
import { findRuleset } from '../../../src/rules/rulesets.js'
import { setSetting } from '../../../src/rules/settings.js'
import { recordVerdict } from '../../../src/runs/record-verdict.js'
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
          expect(await runMatch(deps, rules, { kind: 'match', threads: 1 })).toMatchObject({ run: null })
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

describe('a verdict that is cut off behind its event', () => {
  /** Dies when what follows from the verdict is to be written. */
  const cutOff = (deps: Workplace): Workplace => ({
    ...deps,
    recorder: {
      ...deps.recorder,
      recordAhead: async () => {
        throw new Error('killed')
      },
    },
  })
  const holderWithDuplicates = async ({ db, tenant }: Workplace): Promise<string> => {
    const [holder] = await orThrow(
      db.query<{ id: string }>(
        `select duplicate_of as id from matchbook.book where tenant = $1 and outcome = 'duplicate' order by 1 limit 1`,
        [tenant],
      ),
    )
    return holder!.id
  }
  const freeVoter = async ({ db, tenant }: Workplace): Promise<string> => {
    const held = await orThrow(
      db.query<{ svid: string }>(`select svid from matchbook.person_voter where tenant = $1`, [tenant]),
    )
    return rows.find((row) => !held.some(({ svid }) => svid === row.svid))!.svid
  }

  it('leaves nobody behind as a duplicate of who gave the voter up: the next run decides them', async () => {
    const deps = await decided(3, 'simple', 0.65)
    const rules = await rulesInForce(deps, world.loadIndex)
    const personId = await holderWithDuplicates(deps)
    const voter = { state: 'GA', svid: await freeVoter(deps) }
    const link = recordVerdict(cutOff(deps), rules, { kind: 'link', personId, voter, user: 'ann' })
    await expect(link).rejects.toThrow('killed')
    expect(await holderWithDuplicates(deps)).toBe(personId)
    expect((await runMatch(deps, rules, { kind: 'match', threads: 1 })).recorded).toBeGreaterThan(0)
    expect(await runMatch(deps, rules, { kind: 'match', threads: 1 })).toMatchObject({ run: null })
    expect(await runMatch(deps, rules, { kind: 'match_all', threads: 1 })).toMatchObject({ recorded: 0 })
  })
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { check } from '../../../projections/rebuild.js'
import { orThrow } from '../../../src/errors.js'
import { generate } from '../../../src/generate/generate.js'
import { importList } from '../../../src/lists/import-list.js'
import { openList } from '../../../src/lists/open-list.js'
import { rulesInForce } from '../../../src/rules/rules-in-force.js'
import { setSetting } from '../../../src/rules/settings.js'
import { recordVerdict } from '../../../src/runs/record-verdict.js'
import type { RulesInForce } from '../../../src/runs/rules-of-run.js'
import { runMatch } from '../../../src/runs/run-match.js'
import { openIndex } from '../../../src/voters/open-index.js'
import { publishVoterFile } from '../../../src/voters/publish-voter-file.js'
import { recordPublication } from '../../../src/voters/record-publication.js'
import type { Workplace } from '../../../src/workplace.js'
import { type TestWorkplace, workplaceForTests } from '../../servers/workplace.js'

let folder: string
let place: TestWorkplace
const rules = (): Promise<RulesInForce> =>
  rulesInForce(place, (ref) => openIndex(join(folder, 'data'), ref, () => undefined))

interface Standing {
  readonly person_id: string
  readonly outcome: string
  readonly voter: string | null
  readonly verdict: string | null
}
const standings = (where: string): Promise<readonly Standing[]> =>
  orThrow(
    place.db.query<Standing & Record<string, unknown>>(
      `select person_id, outcome, state || ':' || svid as voter, verdict from matchbook.book where ${where} order by person_id`,
    ),
  )
const standingOf = async (id: string): Promise<Standing> => (await standings(`person_id = '${id}'`))[0]!

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'matchbook-run-'))
  place = await workplaceForTests()
  await orThrow(generate({ voters: 15_000, contacts: 6_000, seed: 3, out: folder, format: 'table' }))
  const request = {
    dataDir: join(folder, 'data'),
    files: [join(folder, 'voters.csv')],
    state: 'FL',
    format: 'table',
  } as const
  await recordPublication(place, await orThrow(publishVoterFile(request)))
  await importList(place, await orThrow(openList({ file: join(folder, 'contacts.csv') })), {})
}, 240_000)
afterAll(async () => {
  await place.drop()
  await rm(folder, { recursive: true, force: true })
})

describe('a run', () => {
  it('invariant 4: gives the same digest on one thread, two and five, and records nothing that is in force', async () => {
    const first = await runMatch(place, await rules(), { kind: 'match', threads: 1 })
    expect(first.recorded).toBe(first.persons)
    expect(first.linked + first.duplicate + first.review + first.unmatched).toBe(first.persons)
    for (const threads of [2, 5]) {
      const again = await runMatch(place, await rules(), { kind: 'match_all', threads })
      expect(again).toMatchObject({ digest: first.digest, recorded: 0, persons: first.persons })
    }
  })

  it('takes in a verdict that comes half-way, and never overrules it', async () => {
    const [one] = await standings(`outcome = 'review'`)
    await setSetting(place, 'match.threshold', '0.99')
    const strict = await rules()
    let said: Promise<void> | undefined
    const verify = (): void => {
      said ??= recordVerdict(place, strict, { kind: 'verify', personId: one!.person_id, user: 'ann' })
    }
    await runMatch(place, strict, { kind: 'match_all', onProgress: verify })
    await said
    await place.catchUp()
    expect(await standingOf(one!.person_id)).toMatchObject({
      outcome: 'linked',
      verdict: 'verified',
      voter: one!.voter,
    })
    expect(await standings(`outcome = 'linked' and verdict is null and score < 0.99`)).toEqual([])
  })

  it('takes in a verdict that comes just before it starts', async () => {
    const strict = await rules()
    const [one] = await standings(`outcome = 'review'`)
    let said = false
    // behind the look at the ledger, before the first word
    const catchUp: Workplace['catchUp'] = async () => {
      await place.catchUp()
      if (said) return
      said = true
      await recordVerdict(place, strict, { kind: 'verify', personId: one!.person_id, user: 'ann' })
    }
    const run = await runMatch({ ...place, catchUp }, strict, { kind: 'match_all' })
    expect(run.persons).toBeGreaterThan(0)
    expect(await standingOf(one!.person_id)).toMatchObject({ outcome: 'linked', verdict: 'verified' })
  })

  it('invariant 3: a verdict outlives every threshold; a rejected pair does not come back until it is undone', async () => {
    const [verified] = await standings(`verdict = 'verified'`)
    await setSetting(place, 'match.threshold', '0.6')
    const loose = await rules()
    await runMatch(place, loose, { kind: 'match_all' })
    await place.catchUp()
    expect(await standingOf(verified!.person_id)).toMatchObject({ voter: verified!.voter, verdict: 'verified' })
    const [linked] = await standings(`outcome = 'linked' and verdict is null`)
    const [state, svid] = linked!.voter!.split(':') as [string, string]
    const request = { personId: linked!.person_id, user: 'ann' }
    await recordVerdict(place, loose, { ...request, kind: 'reject', voter: { state, svid } })
    await runMatch(place, loose, { kind: 'match_all' })
    await place.catchUp()
    expect((await standingOf(linked!.person_id)).voter).not.toBe(linked!.voter)
    await recordVerdict(place, loose, { ...request, kind: 'undo' })
    await place.catchUp()
    expect(await standingOf(linked!.person_id)).toMatchObject({ outcome: 'linked', voter: linked!.voter })
  })

  it('gives a voter that is given up to its duplicate', async () => {
    const [duplicate] = await orThrow(
      place.db.query<{ id: string; holder: string; voter: string }>(
        `select person_id as id, duplicate_of as holder, state || ':' || svid as voter
           from matchbook.book where outcome = 'duplicate' limit 1`,
      ),
    )
    expect(duplicate).toBeDefined()
    await recordVerdict(place, await rules(), { kind: 'unlink', personId: duplicate!.holder, user: 'ann' })
    await place.catchUp()
    expect(await standingOf(duplicate!.id)).toMatchObject({ outcome: 'linked', voter: duplicate!.voter })
  })

  it('invariant 2: links no voter twice, and the tables are what their events say', async () => {
    const twice = await orThrow(
      place.db.query(`select state, svid from matchbook.person_voter group by tenant, state, svid having count(*) > 1`),
    )
    expect(twice).toEqual([])
    expect((await check({ db: place.db, store: place.store })).differences).toEqual([])
  })

  it('cut off half-way, goes on as the same run', async () => {
    await setSetting(place, 'match.threshold', '0.97')
    const other = await rules()
    const stop = new AbortController()
    const cut = runMatch(place, other, { kind: 'match_all', signal: stop.signal, onProgress: () => stop.abort() })
    await expect(cut).rejects.toBeDefined()
    const done = await runMatch(place, other, { kind: 'match_all' })
    const runs = await orThrow(
      place.db.query<{ run_id: string }>(`select run_id from matchbook.run where completed_position is null`),
    )
    await place.catchUp()
    expect(runs.map(({ run_id }) => run_id).filter((id) => id !== done.run)).toEqual([])
    const started = await orThrow(
      place.db.query<{ n: number }>(`select count(*)::int as n from matchbook.run where threshold = 0.97`),
    )
    expect(started[0]!.n).toBe(1)
  })
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canonicalJson, type Json } from '../../../events/canonical-json.js'
import { ledgerStream } from '../../../events/streams.js'
import { showPerson } from '../../../projections/person/show-person.js'
import { personAsOf } from '../../../src/audit/as-of.js'
import { personHistory } from '../../../src/audit/person-history.js'
import { type ReproduceDeps, reproduce } from '../../../src/audit/reproduce.js'
import { orThrow } from '../../../src/errors.js'
import { generate } from '../../../src/generate/generate.js'
import { importList } from '../../../src/lists/import-list.js'
import { openList } from '../../../src/lists/open-list.js'
import { rulesInForce } from '../../../src/rules/rules-in-force.js'
import { findRuleset } from '../../../src/rules/rulesets.js'
import { setSetting } from '../../../src/rules/settings.js'
import { recordVerdict } from '../../../src/runs/record-verdict.js'
import type { RulesInForce } from '../../../src/runs/rules-of-run.js'
import { runMatch } from '../../../src/runs/run-match.js'
import { openIndex } from '../../../src/voters/open-index.js'
import { publishVoterFile } from '../../../src/voters/publish-voter-file.js'
import { recordPublication } from '../../../src/voters/record-publication.js'
import { type TestWorkplace, workplaceForTests } from '../../servers/workplace.js'

let folder: string
let place: TestWorkplace
let deps: ReproduceDeps

const dataDir = (): string => path.join(folder, 'data')
const rules = (): Promise<RulesInForce> => rulesInForce(place, deps.loadIndex)

/** The page of a person, and how far the store reached when it was read. */
interface Seen {
  readonly id: string
  readonly position: number
  readonly page: Awaited<ReturnType<typeof showPerson>>
}
const seen: Seen[] = []

const see = async (ids: readonly string[]): Promise<void> => {
  await place.catchUp()
  const position = await orThrow(place.store.head())
  for (const id of ids) seen.push({ id, position, page: await showPerson(place.db, place.tenant, id) })
}

const importFile = async (file: string): Promise<void> => {
  await importList(place, await orThrow(openList({ file, today: '2026-03-01' })), {
    batch: path.basename(path.dirname(file)),
  })
}

const personsBy = async (outcome: string, count: number): Promise<readonly string[]> => {
  const sql = `select person_id as id from matchbook.book where tenant = $1 and outcome = $2 order by person_id limit $3`
  return (await orThrow(place.db.query<{ id: string }>(sql, [place.tenant, outcome, count]))).map(({ id }) => id)
}

const say = async (kind: 'verify' | 'reject' | 'unlink' | 'undo', personId: string): Promise<void> => {
  const best = (await showPerson(place.db, place.tenant, personId)).candidates[0] as { state: string; svid: string }
  const voter = kind === 'reject' ? { voter: { state: best.state, svid: best.svid } } : {}
  await recordVerdict(place, await rules(), { kind, personId, user: 'ann', note: `${kind}, said Ann`, ...voter })
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'matchbook-history-'))
  place = await workplaceForTests()
  deps = {
    ...{ db: place.db, store: place.store, tenant: place.tenant },
    loadIndex: (ref) => openIndex(dataDir(), ref, () => undefined),
    rulesetOf: async (hash) => (await findRuleset(place, hash)).ruleset,
  }
  for (const [name, contacts] of [['one', 1_500] as const, ['two', 2_000] as const]) {
    const out = path.join(folder, name)
    await orThrow(generate({ voters: 4_000, contacts, seed: 23, out, format: 'table' }))
  }
  const files = [path.join(folder, 'one', 'voters.csv')]
  await recordPublication(
    place,
    await orThrow(publishVoterFile({ dataDir: dataDir(), files, state: 'FL', format: 'auto' })),
  )
  await importFile(path.join(folder, 'one', 'contacts.csv'))
  await runMatch(place, await rules(), { kind: 'match' })
  const [inReview, linked, duplicates] = [
    await personsBy('review', 4),
    await personsBy('linked', 4),
    await personsBy('duplicate', 2),
  ]
  const watched = [...inReview, ...linked, ...duplicates]
  await see(watched)
  await say('verify', inReview[0]!)
  await say('reject', inReview[1]!)
  await say('unlink', linked[0]!)
  await see(watched)
  await say('undo', inReview[0]!)
  await say('undo', linked[0]!)
  await say('reject', linked[1]!)
  await see(watched)
  // another list of the same persons' lists, in part: some persons are known and get new data
  await importFile(path.join(folder, 'two', 'contacts.csv'))
  await runMatch(place, await rules(), { kind: 'match' })
  await see(watched)
  await setSetting(place, 'match.threshold', '0.9')
  await runMatch(place, await rules(), { kind: 'match_all' })
  await see(watched)
  await setSetting(place, 'match.ruleset', 'simple')
  await runMatch(place, await rules(), { kind: 'match_all' })
  await see(watched)
}, 240_000)
afterAll(async () => {
  await place.drop()
  await rm(folder, { recursive: true, force: true })
})

const json = (value: unknown): string => canonicalJson(JSON.parse(JSON.stringify(value ?? null)) as Json)

describe('a person as of a position', () => {
  it('is what the tables said then, whatever has happened since', async () => {
    for (const { id, position, page } of seen) {
      const then = personAsOf(await personHistory(place, id), { position })
      const where = `${id} at ${position}`
      expect([where, json(then.candidates)]).toEqual([where, json(page.candidates)])
      expect([where, json(then.contacts)]).toEqual([where, json(page.contacts)])
      expect([where, json(then.verdict), json(then.rejected)]).toEqual([where, json(page.verdict), json(page.rejected)])
      const { outcome, reason, svid, score } = page.standing ?? {}
      expect([where, then.standing?.outcome ?? null, then.standing?.reason ?? null]).toEqual([where, outcome, reason])
      if (outcome !== null) {
        expect([where, then.standing?.svid ?? null, then.standing?.score ?? null]).toEqual([where, svid, score])
      }
      expect([where, then.link?.svid]).toEqual([where, page.link?.['svid']])
      for (const field of ['first_name', 'last_name', 'address1', 'city', 'zip', 'email', 'cell_phone'] as const) {
        expect([where, field, then.person[field]]).toEqual([where, field, page.person[field]])
      }
    }
    // the test has teeth: persons did change
    const pages = new Map<string, Set<string>>()
    for (const { id, page } of seen) pages.set(id, (pages.get(id) ?? new Set()).add(json(page.standing)))
    expect([...pages.values()].filter((standings) => standings.size > 2).length).toBeGreaterThan(3)
  })

  it('tells what humans said, and nobody before the first contact', async () => {
    const [{ id }] = seen as [Seen, ...Seen[]]
    const history = await personHistory(place, id)
    expect(personAsOf(history, null).history.map(({ note }) => note)).toContain('verify, said Ann')
    expect(() => personAsOf(history, { position: history.contacts[0]!.position - 1 })).toThrow(/not known then/)
  })
})

describe('deciding again', () => {
  it('gives every decision of two rulesets, three runs and six verdicts byte for byte', async () => {
    const all = await reproduce(deps, { kind: 'all' })
    expect(all).toMatchObject({ differing: 0, differences: [], engines: { test: all.decisions } })
    const recorded = await orThrow(
      place.db.query<{ n: number }>(`select count(*)::int as n from store.event where type = 'MatchDecided'`),
    )
    expect(all.decisions).toBe(recorded[0]!.n)
    const runs = await orThrow(place.db.query<{ id: string }>(`select run_id as id from matchbook.run`))
    let ofRuns = 0
    for (const { id } of runs) ofRuns += (await reproduce(deps, { kind: 'run', runId: id })).decisions
    expect(runs.length).toBeGreaterThan(3)
    // the rest followed from verdicts
    expect(all.decisions - ofRuns).toBeGreaterThan(0)
  })

  it('names the field of a decision that was changed afterwards', async () => {
    const sql = `select position, body from store.event
                  where stream = $1 and type = 'MatchDecided' and body like '%"outcome":"linked"%' limit 1`
    const [found] = await orThrow(place.db.query<{ position: number; body: string }>(sql, [ledgerStream(place.tenant)]))
    const { position, body } = found!
    const forged = body.replace(
      /"score":0\.\d+,"state":"FL","svid":"(\d+)"\}/,
      '"score":0.1234,"state":"FL","svid":"$1"}',
    )
    expect(forged).not.toBe(body)
    const put = (text: string) =>
      orThrow(place.db.query(`update store.event set body = $2 where position = $1`, [position, text]))
    await put(forged)
    try {
      const again = await reproduce(deps, { kind: 'all' })
      expect(again.differing).toBe(1)
      expect(again.differences[0]).toMatchObject({ position, fields: [{ recorded: 0.1234 }] })
      expect(again.differences[0]!.fields[0]!.path).toMatch(/score$/)
    } finally {
      await put(body)
    }
  })
})

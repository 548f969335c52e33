import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Worker } from 'node:worker_threads'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { EventOf } from '../../../events/catalogue.js'
import type { Decision } from '../../../events/matchbook.js'
import { importStream, ledgerStream } from '../../../events/streams.js'
import { orThrow, rightOrThrow } from '../../../src/errors.js'
import { evaluate } from '../../../src/evaluate/evaluate.js'
import { runEngine } from '../../../src/evaluate/run-engine.js'
import { generate } from '../../../src/generate/generate.js'
import { decodeContact } from '../../../src/lists/decode-contact.js'
import { importList } from '../../../src/lists/import-list.js'
import { openList } from '../../../src/lists/open-list.js'
import { shippedStandard } from '../../../src/match/standard/standard-ruleset.js'
import { rulesInForce } from '../../../src/rules/rules-in-force.js'
import type { ScoredPlace } from '../../../src/runs/build-decision.js'
import { conclude } from '../../../src/runs/conclude.js'
import { loadScope, type ScopePerson } from '../../../src/runs/load-scope.js'
import { matchChunk } from '../../../src/runs/match-job.js'
import { matchOne } from '../../../src/runs/match-one.js'
import { personColumns } from '../../../src/runs/person-columns.js'
import type { RulesInForce } from '../../../src/runs/rules-of-run.js'
import { type RunResult, runMatch } from '../../../src/runs/run-match.js'
import { runOutcomes } from '../../../src/runs/run-outcomes.js'
import { decodeStored } from '../../../src/store/decode-stored.js'
import { openIndex } from '../../../src/voters/open-index.js'
import { publishVoterFile } from '../../../src/voters/publish-voter-file.js'
import { recordPublication } from '../../../src/voters/record-publication.js'
import { type TestWorkplace, workplaceForTests } from '../../servers/workplace.js'

const today = '2026-03-01'
const hard = ['typo', 'twin', 'repeat', 'junior', 'shared_phone', 'not_in_file']

let folder: string
let place: TestWorkplace
let rules: RulesInForce
let first: RunResult
/** the one contact of each person that has one, and what was decided for that person */
let alone: readonly { readonly imported: EventOf<'ContactImported'>; readonly decision: Decision }[]

const eventsOf = async (stream: string) => {
  const events = []
  for await (const some of place.store.readStream(stream)) events.push(...some.map(decodeStored))
  return events
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'matchbook-alike-'))
  place = await workplaceForTests()
  await orThrow(generate({ voters: 12_000, contacts: 6_000, seed: 17, out: folder, format: 'florida' }))
  const request = { dataDir: path.join(folder, 'data'), files: [path.join(folder, 'voters')], state: 'FL' }
  await recordPublication(place, await orThrow(publishVoterFile({ ...request, format: 'florida' })))
  const list = await orThrow(openList({ file: path.join(folder, 'contacts.csv'), today }))
  const { batch } = await importList(place, list, {})
  rules = await rulesInForce(place, (ref) => openIndex(request.dataDir, ref, () => undefined))
  first = await runMatch(place, rules, { kind: 'match', threads: 1 })
  const decisions = new Map<string, Decision>()
  for (const event of await eventsOf(ledgerStream(place.tenant))) {
    if (event.type === 'MatchDecided') decisions.set(event.data.personId, event.data.decision)
  }
  const contacts = (await eventsOf(importStream(place.tenant, batch))).filter((e) => e.type === 'ContactImported')
  const counts = new Map<string, number>()
  for (const { data } of contacts) counts.set(data.personId, (counts.get(data.personId) ?? 0) + 1)
  alone = contacts
    .filter(({ data }) => counts.get(data.personId) === 1)
    .map((imported) => ({ imported, decision: decisions.get(imported.data.personId)! }))
}, 240_000)
afterAll(async () => {
  await place.drop()
  await rm(folder, { recursive: true, force: true })
})

describe('a run under the standard ruleset', () => {
  it('is over a list that has what makes deciding hard', async () => {
    const kinds = parse(await readFile(path.join(folder, 'errors.csv')), { columns: true }) as { kind: string }[]
    for (const kind of hard) expect([kind, kinds.some((one) => one.kind === kind)]).toEqual([kind, true])
    expect(rules.ruleset.name).toBe('standard')
    const { persons, linked, duplicate, review, unmatched } = first
    expect(persons).toBeGreaterThan(4_000)
    expect(Math.min(linked, duplicate, review, unmatched)).toBeGreaterThan(20)
    expect(alone.length).toBeGreaterThan(4_000)
    expect(alone.length).toBeLessThan(persons)
  })

  it('invariant 4: has one digest on one thread, two and eight', async () => {
    for (const threads of [2, 8]) {
      const again = await runMatch(place, rules, { kind: 'match_all', threads })
      expect(again).toMatchObject({ digest: first.digest, recorded: 0, persons: first.persons })
    }
  })

  it.each([1, 300, 10_000])(
    'invariant 4: has one digest in chunks of %i, in any order of persons',
    async (chunkSize) => {
      const persons = await everybody()
      const all = { minLength: persons.length, maxLength: persons.length }
      const [shuffled] = fc.sample(fc.shuffledSubarray([...persons], all), { numRuns: 1, seed: chunkSize })
      expect(digestOf(shuffled!, chunkSize)).toBe(first.digest)
    },
  )

  it('goes on when workers die, one before its first chunk and one in the middle of another, to the same digest', async () => {
    const workers = killing([
      (worker) => worker.once('online', kill(worker)),
      (worker) => worker.once('message', kill(worker)),
    ])
    expect(await runMatch(place, rules, { kind: 'match_all', threads: 2 })).toMatchObject({ digest: first.digest })
    expect(workers).toHaveLength(4)
  })

  it('ends when every worker dies, and is gone on with', async () => {
    const workers = killing(Array.from({ length: 100 }, () => (worker) => worker.once('online', kill(worker))))
    const run = runMatch(place, rules, { kind: 'match_all', threads: 2 })
    await expect(run).rejects.toThrow('a match worker ended with code 1')
    expect(workers.length).toBeLessThan(10)
    process.removeAllListeners('worker')
    expect(await runMatch(place, rules, { kind: 'match_all', threads: 2 })).toMatchObject({ digest: first.digest })
  })
})

/** Has the next workers of this process killed, each in its way, until the test ends; answers all that start. */
const killing = (ways: readonly ((worker: Worker) => unknown)[]): readonly Worker[] => {
  const workers: Worker[] = []
  process.on('worker', (worker) => ways[workers.push(worker) - 1]?.(worker))
  onTestFinished(() => void process.removeAllListeners('worker'))
  return workers
}

/** Not by the pool's own hand: from outside, while the worker has something to do. */
const kill = (worker: Worker) => () => void worker.terminate()

const everybody = (): Promise<readonly ScopePerson[]> =>
  orThrow(
    place.db.transaction(async (client) => {
      const all: ScopePerson[] = []
      for await (const some of loadScope(client, place.tenant, { kind: 'all' }, 1_000)) all.push(...some)
      return all
    }),
  )

/** Scores and concludes persons in this order, in chunks of this size. */
const digestOf = (persons: readonly ScopePerson[], chunkSize: number): string => {
  const indexes = rules.indexes.map(({ index }) => index)
  const columns = personColumns()
  const places: ScoredPlace[] = []
  for (let from = 0; from < persons.length; from += chunkSize) {
    const some = persons.slice(from, from + chunkSize)
    const raw = some.map(({ contacts }) => ({ contacts, excluded: [] }))
    const chunk = matchChunk(raw, indexes, rules)
    some.forEach((person, i) => {
      places[columns.add(person)] = { chunk, place: i }
    })
  }
  const outcomes = runOutcomes()
  const scored = { columns, places, judged: [], heldByVerdict: new Map<string, string>() }
  for (const { personId, decision, sha } of conclude(scored, rules)) outcomes.note(personId, decision.outcome, sha)
  return outcomes.settle().digest
}

/** What a contact would be decided as if no other wanted its voter: what one contact alone can be told. */
const unshared = ({ duplicateOf: _, ...decision }: Decision): Decision =>
  decision.outcome === 'duplicate' ? { ...decision, outcome: 'linked', reason: 'match' } : decision

describe('the same decisions as the run', () => {
  it('come of evaluate, over the same files', async () => {
    const out = path.join(folder, 'out.csv')
    await evaluate(runEngine, {
      ...{ voters: path.join(folder, 'voters'), contacts: path.join(folder, 'contacts.csv') },
      ...{ truth: path.join(folder, 'truth.csv'), state: 'FL', ruleset: shippedStandard, out, threads: 2 },
      ...{ threshold: rules.threshold, voterKeeps: 'every contact', signal: new AbortController().signal },
      note: () => undefined,
      watch: (_, work) => work(() => undefined),
    })
    const rows = parse(await readFile(out), { columns: true }) as Record<string, string>[]
    const evaluated = new Map(rows.map(({ contact, ...row }) => [contact, row]))
    for (const { imported, decision } of alone) {
      const { outcome, reason, candidates } = unshared(decision)
      const [best] = candidates
      const { id } = imported.pii.contact
      expect([id, evaluated.get(id!)]).toEqual([
        id,
        {
          ...{ outcome, reason, svid: best?.svid ?? '' },
          ...{ match_type: best?.matchType ?? '', score: best === undefined ? '' : String(best.score) },
        },
      ])
    }
  })

  it('come of matching one contact, which is explained as the candidates say', () => {
    for (const { imported, decision } of alone) {
      const { contact, original } = imported.pii
      const asked = rightOrThrow(decodeContact(original, today))
      expect(asked).toEqual(contact)
      const { explanation, threshold, ruleset, contact: understood, ...matched } = matchOne(asked, rules)
      expect([contact.id, matched]).toEqual([contact.id, unshared(decision)])
      expect([understood, threshold, ruleset]).toEqual([contact, rules.threshold, rules.rulesetHash])
      const [best, next] = decision.candidates
      const level = (field: string): string =>
        best?.levels[field] ?? (field === 'place' ? 'missing/missing' : 'missing')
      for (const { field, level: explained } of explanation?.fields ?? []) expect(explained).toBe(level(field))
      expect(explanation?.voter).toBe(best === undefined ? undefined : `FL:${best.svid}`)
      expect(explanation?.score).toBe(best?.score)
      expect(explanation?.runnerUp?.voter).toBe(next === undefined ? undefined : `FL:${next.svid}`)
      if (decision.reason === 'veto') expect(explanation?.vetoes).toEqual(['suffix different'])
    }
  })
})

describe('a contact of nothing but blanks', () => {
  it.each([{ first_name: '', last_name: '  ' }, { zip: null, 'First Name': 'n/a' }, { city: 'Miami' }])(
    'matches nobody: %j',
    (values) => {
      const contact = rightOrThrow(decodeContact(values, today))
      expect(matchOne(contact, rules)).toMatchObject({
        ...{ contact: {}, outcome: 'unmatched', reason: 'no_candidate', candidates: [], explanation: null },
      })
    },
  )
})

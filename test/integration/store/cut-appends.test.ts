import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importStream, ledgerStream } from '../../../events/streams.js'
import { check } from '../../../projections/rebuild.js'
import { orThrow } from '../../../src/errors.js'
import { generate } from '../../../src/generate/generate.js'
import { importList } from '../../../src/lists/import-list.js'
import { openList } from '../../../src/lists/open-list.js'
import { rulesInForce } from '../../../src/rules/rules-in-force.js'
import { recordVerdict } from '../../../src/runs/record-verdict.js'
import { runMatch } from '../../../src/runs/run-match.js'
import { decodeStored } from '../../../src/store/decode-stored.js'
import type { EventStore } from '../../../src/store/event-store.js'
import { eventStoreDbStore } from '../../../src/store/eventstoredb/eventstoredb-store.js'
import { openIndex } from '../../../src/voters/open-index.js'
import { publishVoterFile } from '../../../src/voters/publish-voter-file.js'
import { recordPublication } from '../../../src/voters/record-publication.js'
import type { Workplace } from '../../../src/workplace.js'
import { type EventStoreDouble, startEventStoreDouble } from '../../doubles/eventstoredb.js'
import { postgresForTests } from '../../servers/postgres.js'
import { type TestWorkplace, workplaceOn } from '../../servers/workplace.js'

/** A large append to EventStoreDB may be cut in two: what its writers make of that. */
let folder: string
let double: EventStoreDouble
let postgres: Awaited<ReturnType<typeof postgresForTests>>
let place: TestWorkplace

const openPlace = (change: (store: EventStore) => EventStore = (store) => store): Promise<TestWorkplace> =>
  workplaceOn(
    postgres.url,
    'acme',
    async () => undefined,
    async () => change(eventStoreDbStore(double.url)),
  )

const rules = (of: Workplace) => rulesInForce(of, (ref) => openIndex(join(folder, 'data'), ref, () => undefined))
const importContacts = async (of: Workplace) =>
  importList(of, await orThrow(openList({ file: join(folder, 'contacts.csv') })), { batch: 'cut' })

const eventsIn = async (stream: string) => {
  const events = []
  for await (const batch of place.store.readStream(stream)) events.push(...batch.map(decodeStored))
  return events
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'matchbook-cut-'))
  double = await startEventStoreDouble()
  postgres = await postgresForTests()
  place = await openPlace()
  await orThrow(generate({ voters: 6_000, contacts: 6_000, seed: 11, out: folder, format: 'table' }))
  const files = [join(folder, 'voters.csv')]
  const published = await orThrow(
    publishVoterFile({ dataDir: join(folder, 'data'), files, state: 'FL', format: 'table' }),
  )
  await recordPublication(place, published)
}, 120_000)
afterAll(async () => {
  await place.drop()
  await double.stop()
  await postgres.drop()
  await rm(folder, { recursive: true, force: true })
})

describe('an append that EventStoreDB cut in two', () => {
  it('by a connection that broke: an import goes on behind it when it is run again, and every row is there once', async () => {
    const broken = await openPlace((store) => ({
      ...store,
      append: (stream, events, expected) => {
        if (events.length > 2_000) double.dropNextAnswer()
        return store.append(stream, events, expected)
      },
    }))
    await expect(importContacts(broken)).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' })
    const written = double.log.stream(importStream('acme', 'cut'))!.length
    expect(written).toBeGreaterThan(1)
    expect(written).toBeLessThan(6_000)
    await broken.store.close()
    await broken.db.close()
    const result = await importContacts(place)
    expect(result).toMatchObject({ rows: 6_000, resumed: true })
    const events = await eventsIn(importStream('acme', 'cut'))
    expect(events).toHaveLength(6_002)
    expect(new Set(events.map(({ id }) => id)).size).toBe(6_002)
    expect((await check({ db: place.db, store: place.store, fewEvents: 0 })).differences).toEqual([])
  }, 120_000)

  it('by a human’s verdict: a run writes what is left behind it, nobody is decided twice, and the verdict stands', async () => {
    let personId = ''
    let cuts = 0
    const cutting = await openPlace((store) => ({
      ...store,
      append: (stream, events, expected) => {
        if (stream !== ledgerStream('acme') || events.length < 1_000 || cuts > 0)
          return store.append(stream, events, expected)
        cuts++
        const half = events.length >> 1
        return async () => {
          const { revision } = await orThrow(store.append(stream, events.slice(0, half), expected))
          // a person of the half that is not written yet
          personId = (JSON.parse(events.at(-1)!.body) as { data: { personId: string } }).data.personId
          const voter = { state: 'FL', svid: await freeSvid() }
          await recordVerdict(place, await rules(place), { kind: 'link', personId, voter, user: 'ann' })
          return store.append(stream, events.slice(half), revision)()
        }
      },
    }))
    /** of a voter that nobody holds */
    const freeSvid = async (): Promise<string> => {
      const held = await orThrow(
        place.db.query<{ svid: string }>(`select svid from matchbook.person_voter where tenant = 'acme'`),
      )
      const rows = (await readFile(join(folder, 'voters.csv'), 'utf8')).split('\n').slice(1)
      const taken = new Set(held.map(({ svid }) => svid))
      return rows.map((row) => row.split(',')[0]!).find((svid) => svid !== '' && !taken.has(svid))!
    }
    const result = await runMatch(cutting, await rules(cutting), { kind: 'match' })
    await place.catchUp()
    expect(cuts).toBe(1)
    const decided = (await eventsIn(ledgerStream('acme'))).flatMap((event) =>
      event.type === 'MatchDecided' && event.meta.correlationId === result.run ? [event.data.personId] : [],
    )
    expect(new Set(decided).size).toBe(decided.length)
    expect(result.recorded).toBe(decided.length)
    const book = await orThrow(
      place.db.query<{ verdict: string | null }>(
        `select verdict from matchbook.book where tenant = 'acme' and person_id = $1`,
        [personId],
      ),
    )
    expect(book[0]?.verdict).not.toBeNull()
    expect((await check({ db: place.db, store: place.store })).differences).toEqual([])
    await cutting.store.close()
    await cutting.db.close()
  }, 120_000)
})

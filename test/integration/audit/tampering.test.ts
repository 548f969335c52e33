import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { canonicalJson, type Json } from '../../../events/canonical-json.js'
import type { DomainEvent } from '../../../events/catalogue.js'
import { encodeEvent } from '../../../events/encode.js'
import { eventIdOf } from '../../../events/ids.js'
import { sha256 } from '../../../events/sha256.js'
import { importStream, ledgerStream, settingStream } from '../../../events/streams.js'
import { findingText } from '../../../src/audit/finding.js'
import type { HeadFile } from '../../../src/audit/signed-head.js'
import { verifyStore } from '../../../src/audit/verify-store.js'
import { orThrow } from '../../../src/errors.js'
import type { Client } from '../../../src/postgres/connect.js'
import { runMatch } from '../../../src/runs/run-match.js'
import type { StoredEvent } from '../../../src/store/event-store.js'
import { type ProvedPlace, provedPlace } from './proved-place.js'

let proved: ProvedPlace
let ledger: string
let list: string
let signed: HeadFile
const original = 'store_event_original'

const sql = <A extends Record<string, unknown>>(text: string, values: readonly unknown[] = []) =>
  orThrow(proved.place.db.query<A>(text, values))

beforeAll(async () => {
  proved = await provedPlace(3_000, 400)
  await runMatch(proved.place, await proved.rules(), { kind: 'import', threads: 1 })
  signed = await proved.head()
  ledger = ledgerStream(proved.place.tenant)
  list = signed.trees.find(({ stream }) => stream.startsWith('import-'))!.stream
  expect(list).toMatch(importStream(proved.place.tenant, ''))
  await sql(`create table ${original} as select * from store.event`)
}, 240_000)
afterAll(() => proved.drop())

beforeEach(async () => {
  expect((await verify()).findings).toEqual([])
})
afterEach(async () => {
  await sql('truncate store.event')
  await sql(`insert into store.event select * from ${original}`)
})

const verify = (given?: HeadFile) => {
  const { place, heads, key } = proved
  const more = given === undefined ? {} : { given }
  return verifyStore({ store: place.store, folder: heads, keyId: key.keyId, ...more })
}

const eventAt = async (stream: string, revision: number): Promise<StoredEvent> => {
  for await (const [event] of proved.place.store.readStream(stream, { from: revision, to: revision })) return event!
  throw new Error(`no event ${revision} in ${stream}`)
}

const inOneStep = (work: (client: Client) => Promise<unknown>) =>
  orThrow(
    proved.place.db.transaction(async (client) => {
      await work(client)
    }),
  )

/** Changes what an event says, and its hash with it. */
const rewrite = async (stream: string, revision: number, change: (body: string) => string): Promise<StoredEvent> => {
  const event = await eventAt(stream, revision)
  const body = canonicalJson(JSON.parse(change(event.body)) as Json)
  expect(body).not.toBe(event.body)
  await sql('update store.event set body = $1, sha256 = $2 where position = $3', [body, sha256(body), event.position])
  return event
}

/** Moves everything behind a place by one, so that no number is missing or taken twice. */
const shift = async (
  client: Client,
  stream: string,
  { revision, position }: StoredEvent,
  by: 1 | -1,
): Promise<void> => {
  const far = 1_000_000
  await client.query('update store.event set revision = revision + $1 where stream = $2 and revision >= $3', [
    far,
    stream,
    revision,
  ])
  await client.query('update store.event set revision = revision - $1 + $2 where revision >= $1', [far, by])
  await client.query('update store.event set position = position + $1 where position >= $2', [far, position])
  await client.query('update store.event set position = position - $1 + $2 where position >= $1', [far, by])
}

/** All that differs between two events of a stream, but for their places. */
const swapTexts = async (client: Client, a: StoredEvent, b: StoredEvent): Promise<void> => {
  const set = 'update store.event set id = $2, type = $3, body = $4, sha256 = $5, recorded_at = $6 where position = $1'
  const of = (event: StoredEvent) => [event.id, event.type, event.body, event.sha256, event.recordedAt]
  await client.query('update store.event set id = gen_random_uuid() where position = any($1)', [
    [a.position, b.position],
  ])
  await client.query(set, [a.position, ...of(b)])
  await client.query(set, [b.position, ...of(a)])
}

const expectNamed = async (event: Pick<StoredEvent, 'stream' | 'revision'> & Partial<StoredEvent>, fault: RegExp) => {
  const { findings } = await verify()
  const named = findings.find(({ stream, revision }) => stream === event.stream && revision === event.revision)
  expect(named, findings.map(findingText).join('\n')).toBeDefined()
  expect(named!.fault).toMatch(fault)
  if (named!.position !== undefined && event.position !== undefined) expect(named!.position).toBe(event.position)
}

describe('audit verify finds and names', () => {
  it('1: an event whose text was edited', async () => {
    const event = await eventAt(list, 7)
    await sql(`update store.event set body = replace(body, '"row":7', '"row":8') where position = $1`, [event.position])
    await expectNamed(event, /not the one that was hashed: it was edited/)
  })

  it('2: a contact whose text and hash were edited', async () => {
    const event = await rewrite(list, 9, (body) => body.replace('"isNew":true', '"isNew":false'))
    await expectNamed(event, /edited/)
  })

  it('3: a decision whose text and hash were edited', async () => {
    const event = await rewrite(ledger, 20, (body) => body.replace(/"inputVersion":"./, '"inputVersion":"e'))
    await expectNamed(event, /edited/)
  })

  it('4: an event that was dropped', async () => {
    const event = await eventAt(ledger, 30)
    await sql('delete from store.event where position = $1', [event.position])
    const { findings } = await verify()
    expect(findings.map(findingText).join('\n')).toMatch(
      new RegExp(`position ${event.position}: no event stands at position ${event.position}`),
    )
    await expectNamed({ stream: ledger, revision: 31 }, /where the event of revision 30 is due: dropped/)
  })

  it('5: an event that was dropped, and everything behind it renumbered', async () => {
    const event = await eventAt(ledger, 40)
    await inOneStep(async (client) => {
      await client.query('delete from store.event where position = $1', [event.position])
      await shift(client, ledger, event, -1)
    })
    await expectNamed(event, /dropped/)
  })

  it('6: two events that have each other’s revision', async () => {
    const [a, b] = [await eventAt(ledger, 50), await eventAt(ledger, 51)]
    await inOneStep(async (client) => {
      await client.query('update store.event set revision = 1000000 where position = $1', [a.position])
      await client.query('update store.event set revision = 50 where position = $1', [b.position])
      await client.query('update store.event set revision = 51 where position = $1', [a.position])
    })
    await expectNamed({ stream: ledger, revision: 51, position: a.position }, /out of order/)
  })

  it('7: two events that were swapped with all they have', async () => {
    const [a, b] = [await eventAt(ledger, 60), await eventAt(ledger, 65)]
    await inOneStep((client) => swapTexts(client, a, b))
    await expectNamed(a, /stood at revision 65: swapped/)
    await expectNamed(b, /stood at revision 60: swapped/)
  })

  it('8: two rows of a list that were swapped, without any head', async () => {
    const [a, b] = [await eventAt(list, 60), await eventAt(list, 65)]
    await inOneStep((client) => swapTexts(client, a, b))
    const { findings } = await verifyStore({ store: proved.place.store, folder: '/nowhere', keyId: '' })
    expect(findings).toContainEqual(
      expect.objectContaining({ stream: list, revision: 60, fault: expect.stringMatching(/another place/) }),
    )
  })

  it('9: an event that was inserted, and everything behind it renumbered', async () => {
    const event = await eventAt(ledger, 70)
    const body = event.body.replace(event.id, '11111111-2222-8333-8444-555555555555')
    await inOneStep(async (client) => {
      await shift(client, ledger, event, 1)
      await client.query('insert into store.event values ($1, $2, $3, $4, $5, $6, $7, $8)', [
        ...[event.position, ledger, 70, '11111111-2222-8333-8444-555555555555', event.type, body, sha256(body)],
        event.recordedAt,
      ])
    })
    await expectNamed(event, /inserted/)
  })

  it('10: events that were cut off at the end of the store', async () => {
    const { trees } = signed
    const { size } = trees.find(({ stream }) => stream === ledger)!
    const first = await eventAt(ledger, size - 3)
    await sql('delete from store.event where position >= $1', [first.position])
    await expectNamed(first, /cut off at the end/)
  })

  it('11: a stream that was dropped altogether', async () => {
    await sql('delete from store.event where stream = $1', [list])
    await expectNamed({ stream: list, revision: 0 }, /cut off at the end/)
  })

  it.each([
    ['id', `id = gen_random_uuid()`, /column id/],
    ['type', `type = 'PersonUnlinked'`, /column type/],
    ['recorded_at', `recorded_at = recorded_at + interval '1 day'`, /column recorded_at/],
    ['sha256', `sha256 = sha256('x')`, /not the one that was hashed/],
  ])('12: a column beside the text: %s', async (_, change, fault) => {
    const event = await eventAt(ledger, 80)
    await sql(`update store.event set ${change} where position = $1`, [event.position])
    await expectNamed(event, fault)
  })

  it('13: an event that was moved to another stream', async () => {
    const event = await eventAt(list, 90)
    await sql(`update store.event set stream = 'matchbook-other', revision = 0 where position = $1`, [event.position])
    await expectNamed({ ...event, stream: 'matchbook-other', revision: 0 }, /belongs to stream import-/)
  })

  it('14: a root that a RunCompleted carries', async () => {
    const { size } = signed.trees.find(({ stream }) => stream === ledger)!
    const event = await rewrite(ledger, size - 1, (body) => body.replace(/"root":"[0-9a-f]{8}/, '"root":"00000000'))
    await expectNamed(event, /edited/)
  })

  it('15: a text that says the same in another form', async () => {
    const event = await eventAt(list, 11)
    const body = event.body.replace('{"data"', '{ "data"')
    await sql('update store.event set body = $1, sha256 = $2 where position = $3', [body, sha256(body), event.position])
    await expectNamed(event, /not canonical/)
  })
})

describe('an older head', () => {
  it('holds when history was only added to, and not when what it covers was changed and signed anew', async () => {
    const before = signed
    await runMatch(proved.place, await proved.rules(), { kind: 'match_all', threads: 1 })
    expect(await verify(before)).toMatchObject({ findings: [], heads: 2 })
    await rewrite(ledger, 20, (body) => body.replace(/"inputVersion":"./, '"inputVersion":"e'))
    const { findings } = await verifyStore({
      ...{ store: proved.place.store, folder: '/nowhere', keyId: proved.key.keyId },
      given: before,
    })
    expect(findings[0]).toMatchObject({
      stream: ledger,
      fault: expect.stringMatching(/event from revision \d+ to \d+ was changed/),
    })
  })

  it.each([
    [
      'signature',
      (file: HeadFile) => ({ ...file, head: { ...file.head, position: file.head.position + 1 } }),
      /signature/,
    ],
    ['trees', (file: HeadFile) => ({ ...file, trees: file.trees.slice(1) }), /streams/],
  ])('is refused with another %s', async (_, change, fault) => {
    const { findings } = await verify(change(signed))
    expect(findings[0]!.fault).toMatch(fault)
  })

  it('is not signed over a log that was cut', async () => {
    await sql('delete from store.event where stream = $1 and revision > 10', [ledger])
    await expect(proved.head()).rejects.toMatchObject({ code: 'CHECK_FAILED' })
  })
})

describe('a log of many events', () => {
  it('is read and checked by several threads, with the same findings', async () => {
    const { store, tenant, meta, url } = proved.place
    const stream = settingStream(tenant)
    const revision = await orThrow(store.revision(stream))
    const events = Array.from({ length: 21_000 }, (_, i): DomainEvent => {
      const id = eventIdOf(stream, 'many', i)
      return { id, type: 'SettingChanged', v: 1, meta: meta(id), data: { tenant, key: 'match.threshold', value: 0.5 } }
    })
    await orThrow(store.append(stream, events.map(encodeEvent), revision))
    await sql(`update store.event set body = replace(body, '0.5', '0.6') where stream = $1 and revision = 15000`, [
      stream,
    ])
    await sql('delete from store.event where stream = $1 and revision = 20000', [stream])
    const of = { store, folder: proved.heads, keyId: proved.key.keyId }
    const here = await verifyStore(of)
    expect(here.findings).toMatchObject([
      { stream, revision: 15_000, fault: expect.stringMatching(/edited/) },
      { stream, fault: expect.stringMatching(/no event stands at position/) },
      { stream, revision: 20_001, fault: expect.stringMatching(/revision 20000 is due/) },
    ])
    expect(await verifyStore({ ...of, url })).toEqual(here)
  })
})

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeEvent } from '../../../events/encode.js'
import { importStream } from '../../../events/streams.js'
import { digestNow } from '../../../projections/digest.js'
import { tables } from '../../../projections/families.js'
import { orThrow } from '../../../src/errors.js'
import { importList } from '../../../src/lists/import-list.js'
import { openList } from '../../../src/lists/open-list.js'
import type { Workplace } from '../../../src/workplace.js'
import { type TestWorkplace, workplaceForTests } from '../../servers/workplace.js'

const header = 'First Name,Last Name,Address,City,State,ZIP,Phone,Email,Birth Date\n'
const streets = ['Oak St', 'Main St', 'Palm Ave']

/** A list with a bad row in ten and every fifth person for the second time. */
const listOf = (from: number, rows: number): string =>
  header +
  Array.from({ length: rows }, (_, i) => {
    const n = from + (i % 5 === 4 ? i - 4 : i)
    const born = i % 10 === 7 ? '02/31/1970' : '03/04/1970'
    const phone = `305555${String(1000 + n).slice(-4)}`
    return `Ann${n},Lee${n},${n} ${streets[n % 3]},Miami,FL,33101,${phone},ann${n}@example.org,${born}\n`
  }).join('')

let folder: string
let place: TestWorkplace
const fileOf = async (name: string, text: string): Promise<string> => {
  const file = join(folder, name)
  await writeFile(file, text)
  return file
}
const run = async (where: Workplace, file: string, batch: string, signal?: AbortSignal) =>
  importList(where, await orThrow(openList({ file })), { batch, ...(signal === undefined ? {} : { signal }) })

const eventsOf = async (where: Workplace, tenant: string, batch: string) => {
  const events = []
  for await (const stored of where.store.readStream(importStream(tenant, batch))) {
    for (const one of stored) {
      const event = decodeEvent(one.body)
      if (event._tag === 'Left') throw new Error(event.left)
      events.push(event.right)
    }
  }
  return events
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'matchbook-import-'))
  place = await workplaceForTests()
})
afterAll(async () => {
  await place.drop()
  await rm(folder, { recursive: true, force: true })
})

describe('importing a list', () => {
  it('invariant 5: makes one event of every row, and the counts add up', async () => {
    const file = await fileOf('all.csv', listOf(0, 100))
    const result = await run(place, file, 'all')
    expect(result).toMatchObject({ rows: 100, imported: 90, rejected: 10, resumed: false })
    expect(result.newPersons + result.knownPersons).toBe(90)
    const events = await eventsOf(place, 'acme', 'all')
    expect(events.map(({ type }) => type).filter((type) => !type.startsWith('Contact'))).toEqual([
      'ImportStarted',
      'ImportCompleted',
    ])
    const rows = events.flatMap((event) => ('row' in event.data ? [event.data.row] : []))
    expect(rows).toEqual(Array.from({ length: 100 }, (_, i) => i + 1))
    expect(events.at(-1)!.data).toMatchObject({ imported: 90, rejected: 10, size: 101 })
    const rejected = events.find(({ type }) => type === 'ContactRejected')!
    expect(rejected).toMatchObject({ data: { row: 8, field: 'birth_date' } })
    expect(JSON.stringify(rejected.pii)).toContain('02/31/1970')
  })

  it('run twice, changes nothing', async () => {
    const head = await orThrow(place.store.head())
    const again = await run(place, join(folder, 'all.csv'), 'all')
    expect(again).toMatchObject({ rows: 100, imported: 90, rejected: 10, resumed: false, alreadyImported: true })
    expect(await orThrow(place.store.head())).toBe(head)
  })

  it('finds a person again by phone, e-mail or address, in the list and in earlier lists', async () => {
    const text = `${header}ann0,LEE0,,,,,(305) 555-1000,,\nAnn1,Lee1,,,,,,ANN1@Example.org,\nAnn2,Lee2,2 Palm Avenue,,,33101,,,\nAnn2,Lee2,2 Palm Avenue,,,33102,,,\n`
    const result = await run(place, await fileOf('known.csv', text), 'known')
    expect(result).toMatchObject({ newPersons: 1, knownPersons: 3 })
    const events = await eventsOf(place, 'acme', 'known')
    const found = events.flatMap((event) => (event.type === 'ContactImported' ? [event.data.foundBy] : []))
    expect(found).toEqual(['phone', 'email', 'address', 'new'])
  })

  it('never takes a person of another tenant for its own', async () => {
    const result = await run(place.forTenant('other'), join(folder, 'known.csv'), 'known')
    expect(result).toMatchObject({ newPersons: 4, knownPersons: 0 })
    const pids = await orThrow(place.db.query(`select pid from matchbook.person group by pid having count(*) > 1`))
    expect(pids).toEqual([])
  })

  it('cut off after any batch and run again, leaves what a run in one go leaves', async () => {
    const file = await fileOf('long.csv', listOf(5_000, 12_000))
    const whole = await workplaceForTests()
    const cut = await workplaceForTests()
    try {
      await run(whole, file, 'long')
      for (let turn = 0; ; turn++) {
        const stop = new AbortController()
        const list = await orThrow(openList({ file }))
        const onProgress = (): void => stop.abort()
        const one = importList(cut, list, { batch: 'long', signal: stop.signal, onProgress })
        const code = await one.then(
          () => 'done',
          (error) => error.code,
        )
        if (code === 'done') break
        expect(code).toBe('INTERRUPTED')
        expect(turn).toBeLessThan(40)
      }
      const digests = (where: Workplace) => orThrow(digestNow(where.db, tables))
      expect(await digests(cut)).toEqual(await digests(whole))
      expect(await orThrow(cut.store.head())).toBe(await orThrow(whole.store.head()))
    } finally {
      await whole.drop()
      await cut.drop()
    }
  })

  it('refuses to go on with another list under the same batch name', async () => {
    const file = await fileOf('other.csv', listOf(1, 3))
    await expect(run(place, file, 'all')).rejects.toMatchObject({ code: 'BATCH_EXISTS' })
    await expect(run(place, file, '../x')).rejects.toMatchObject({ code: 'BAD_USAGE' })
  })

  it('gives every new person of every batch its own PID', async () => {
    const rows = await orThrow(
      place.db.query<{ pids: number; persons: number }>(
        `select count(distinct pid)::int as pids, count(*)::int as persons from matchbook.person`,
      ),
    )
    expect(rows[0]!.pids).toBe(rows[0]!.persons)
  })
})

import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { orThrow } from '../../../src/errors.js'
import { type Database, openDatabase } from '../../../src/postgres/connect.js'
import type { EventStore } from '../../../src/store/event-store.js'
import { appendOne } from '../../../src/store/postgres/append-one.js'
import { copyEvents } from '../../../src/store/postgres/copy-events.js'
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.js'
import { postgresForTests } from '../../servers/postgres.js'
import { someEvent, someEvents } from './some-events.js'

let server: Awaited<ReturnType<typeof postgresForTests>>
let database: Database
let store: EventStore

beforeAll(async () => {
  server = await postgresForTests()
  database = openDatabase({ url: server.url })
  store = await orThrow(openPostgresStore(database))
})

afterAll(async () => {
  await store.close()
  await database.close()
  await server.drop()
})

/** Commits only when told to, as a writer does whose disk or network is slow. */
const slowly = (stream: string, write: 'one' | 'by COPY') => {
  let commit = () => {}
  let written = () => {}
  const mayCommit = new Promise<void>((resolve) => (commit = resolve))
  const isWritten = new Promise<void>((resolve) => (written = resolve))
  const done = orThrow(
    database.transaction(async (client) => {
      const answer =
        write === 'one'
          ? await appendOne(client, stream, someEvent(stream, 0), -1)
          : await copyEvents(client, stream, someEvents(stream, 500), -1)
      written()
      await mayCommit
      return answer
    }),
  )
  return { isWritten, commit, done }
}

test.each(['one', 'by COPY'] as const)(
  'given an append (%s) that commits late, then no event at a higher position is readable before it',
  async (write) => {
    const before = await orThrow(store.head())
    const slow = slowly(`slow ${write}`, write)
    await slow.isWritten
    let isQuickDone = false
    const quick = [
      store.append(`quick ${write}`, [someEvent(`quick ${write}`, 0)], -1),
      store.append(`quick many ${write}`, someEvents(`quick many ${write}`, 20), -1),
      store.append(`quick copy ${write}`, someEvents(`quick copy ${write}`, 400), 'any'),
    ].map(async (task) => {
      const answer = await orThrow(task)
      isQuickDone = true
      return answer
    })
    await sleep(200)
    expect(isQuickDone).toBe(false)
    expect(await orThrow(store.head())).toBe(before)
    slow.commit()
    const late = await slow.done
    for (const answer of await Promise.all(quick)) expect(answer.position).toBeGreaterThan(late!.position)
    const positions: number[] = []
    for await (const batch of store.readAll({ from: before + 1 })) positions.push(...batch.map((e) => e.position))
    expect(positions).toEqual(positions.map((_, i) => before + 1 + i))
  },
)

test('given an append that fails half-way, then its positions are given to the next', async () => {
  const before = await orThrow(store.head())
  const broken = [...someEvents('fails', 500), { ...someEvent('fails', 'bad'), id: 'no uuid' }]
  await expect(orThrow(store.append('fails', broken, -1))).rejects.toThrow()
  expect(await orThrow(store.head())).toBe(before)
  const answer = await orThrow(store.append('fails', someEvents('fails', 1), -1))
  expect(answer).toEqual({ revision: 0, position: before + 1, written: true })
})

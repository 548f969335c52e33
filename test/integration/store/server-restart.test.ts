import { existsSync, readFileSync, rmSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { orThrow } from '../../../src/errors.js'
import { findPlace } from '../../../src/postgres/cluster-place.js'
import { type Database, openDatabase } from '../../../src/postgres/connect.js'
import { type EmbeddedServer, startOrAttach } from '../../../src/postgres/embedded-server.js'
import type { EventStore } from '../../../src/store/event-store.js'
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.js'
import { temporaryFolder } from '../../servers/temporary-folder.js'
import { someEvent } from './some-events.js'

let folder: string
let server: EmbeddedServer
let front: Server
let database: Database
let store: EventStore
let port = 0

/** The embedded server takes a new port whenever it starts; clients keep this one. */
const openFront = (): Promise<Server> =>
  new Promise((resolve) => {
    const listener = createServer((socket: Socket) => {
      const behind = connect(port, '127.0.0.1')
      socket.on('error', () => behind.destroy())
      behind.on('error', () => socket.destroy())
      socket.pipe(behind).pipe(socket)
    }).listen(0, '127.0.0.1', () => resolve(listener))
  })

const start = async () => {
  server = await orThrow(startOrAttach(folder))
  port = Number(new URL(server.url).port)
}

const killServer = async () => {
  const [pid] = readFileSync(join(findPlace(folder)!.cluster, 'postmaster.pid'), 'utf8').split('\n')
  process.kill(Number(pid), 'SIGKILL')
}

beforeAll(async () => {
  folder = temporaryFolder('restart')
  await start()
  front = await openFront()
  const url = new URL(server.url)
  url.port = String((front.address() as { port: number }).port)
  database = openDatabase({ url: url.href })
  store = await orThrow(openPostgresStore(database))
})

afterAll(async () => {
  await store.close()
  await database.close()
  front.close()
  await server.stop()
  const place = findPlace(folder)!.folder
  rmSync(folder, { recursive: true, force: true })
  expect(existsSync(place)).toBe(false)
})

test.each([
  ['stopped', () => server.stop()],
  ['killed', killServer],
])('given a server that is %s and started again, then a follower goes on where it was', async (how, end) => {
  const from = (await orThrow(store.head())) + 1
  const seen: number[] = []
  const abort = new AbortController()
  const following = (async () => {
    for await (const batch of store.follow({ from, signal: abort.signal })) seen.push(...batch.map((e) => e.position))
  })()
  await orThrow(store.append(how, [someEvent(how, 0)], -1))
  await expect.poll(() => seen.length).toBe(1)

  await end()
  await sleep(300)
  expect(await store.append(how, [someEvent(how, 1)], 0)()).toMatchObject({ left: { code: 'SERVER_UNREACHABLE' } })
  await start()
  await expect
    .poll(async () => (await store.append(how, [someEvent(how, 1)], 0)())._tag, { timeout: 20_000 })
    .toBe('Right')
  await orThrow(store.append(how, [someEvent(how, 2)], 1))

  await expect.poll(() => seen.length, { timeout: 20_000 }).toBe(3)
  abort.abort()
  await following
  expect(seen).toEqual([from, from + 1, from + 2])
})

test('given a server that is gone, then an aborted follower ends at once and reads fail with the catalogue’s error', async () => {
  const abort = new AbortController()
  const following = (async () => {
    for await (const _ of store.follow({ signal: abort.signal }));
  })()
  await server.stop()
  await sleep(500)
  await expect(store.readAll()[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' })
  const begun = performance.now()
  abort.abort()
  await following
  expect(performance.now() - begun).toBeLessThan(1_000)
})

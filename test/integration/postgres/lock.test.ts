import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { appError, orThrow } from '../../../src/errors.js'
import { type Database, openDatabase } from '../../../src/postgres/connect.js'
import { withAdvisoryLock } from '../../../src/postgres/lock.js'
import { postgresForTests } from '../../servers/postgres.js'

let server: Awaited<ReturnType<typeof postgresForTests>>
let database: Database

beforeAll(async () => {
  server = await postgresForTests()
  database = openDatabase({ url: server.url })
})

afterAll(async () => {
  await database.close()
  await server.drop()
})

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const silent = { onWait: () => undefined }

test('given a lock that nobody holds, then the work is done without a word', async () => {
  const onWait = vi.fn()
  expect(await withAdvisoryLock(database, 'free', { onWait }, async () => 7)()).toEqual({ _tag: 'Right', right: 7 })
  expect(onWait).not.toHaveBeenCalled()
})

test('given several at once, then one works at a time, and who waits is told so once', async () => {
  let working = 0
  let most = 0
  const onWait = vi.fn()
  const work = async () => {
    most = Math.max(most, ++working)
    await pause(30)
    working--
  }
  const one = () => orThrow(withAdvisoryLock(database, 'busy', { onWait }, work))
  await Promise.all([one(), one(), one(), one()])
  expect(most).toBe(1)
  expect(onWait).toHaveBeenCalledTimes(3)
})

test('given another key, then nobody waits', async () => {
  const onWait = vi.fn()
  const inner = () => orThrow(withAdvisoryLock(database, 'key b', { onWait }, async () => 'inner'))
  expect(await orThrow(withAdvisoryLock(database, 'key a', silent, inner))).toBe('inner')
  expect(onWait).not.toHaveBeenCalled()
})

test('given work that fails, then its AppError is the Left and the lock is free again', async () => {
  const failure = appError('BUSY', 'no')
  const failing = withAdvisoryLock(database, 'failing', silent, async () => {
    throw failure
  })
  expect(await failing()).toEqual({ _tag: 'Left', left: failure })
  const onWait = vi.fn()
  await orThrow(withAdvisoryLock(database, 'failing', { onWait }, async () => undefined))
  expect(onWait).not.toHaveBeenCalled()
})

test('given a holder that is killed, then who waits gets the lock', async () => {
  const script = `
    import { openDatabase } from './src/postgres/connect.ts'
    import { withAdvisoryLock } from './src/postgres/lock.ts'
    const database = openDatabase({ url: process.env.URL_OF_TEST })
    await withAdvisoryLock(database, 'killed', { onWait: () => undefined }, async () => {
      console.log('held')
      await new Promise((resolve) => setTimeout(resolve, 60_000))
    })()`
  const holder = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    env: { ...process.env, URL_OF_TEST: server.url },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(holder.stdout, 'data')
  const onWait = vi.fn(() => void holder.kill('SIGKILL'))
  expect(await orThrow(withAdvisoryLock(database, 'killed', { onWait }, async () => 'mine'))).toBe('mine')
  expect(onWait).toHaveBeenCalledOnce()
})

test('given a lock whose connection breaks during the work, then SERVER_UNREACHABLE', async () => {
  const result = await withAdvisoryLock(database, 'broken', silent, () =>
    orThrow(
      database.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'matchbook lock'`,
      ),
    ),
  )()
  expect(result).toMatchObject({ left: { code: 'SERVER_UNREACHABLE' } })
})

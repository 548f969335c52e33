import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { orThrow } from '../../../src/errors.js'
import { openDatabase } from '../../../src/postgres/connect.js'
import { startOrAttach } from '../../../src/postgres/embedded-server.js'
import { temporaryFolder } from '../../servers/temporary-folder.js'

// Making a cluster takes 0.4 s, and twenty times that while something else keeps the disk busy.
vi.setConfig({ testTimeout: 240_000 })

let folder: string
let commands: ChildProcess[]

beforeEach(() => {
  folder = temporaryFolder('sharing')
  commands = []
})

afterEach(async () => {
  for (const command of commands) command.kill('SIGKILL')
  if (existsSync(pidFile())) await (await orThrow(startOrAttach(folder))).stop()
  rmSync(folder, { recursive: true, force: true })
})

const pidFile = () => join(folder, 'postgres/data/postmaster.pid')

interface Line {
  readonly url: string
  readonly startedByUs: boolean
}

const command = (mode: string) => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/servers/attach-command.ts', folder, mode], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  commands.push(child)
  let printed = ''
  let complained = ''
  child.stdout.on('data', (bytes) => (printed += bytes))
  child.stderr.on('data', (bytes) => (complained += bytes))
  const attached = async (): Promise<Line> => {
    while (!printed.includes('\n')) {
      if (child.exitCode !== null) throw new Error(complained)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    return JSON.parse(printed.split('\n')[0]!)
  }
  const ended = async () => {
    if (child.exitCode === null) await once(child, 'exit')
    return { exit: child.exitCode, lines: printed.trim().split('\n').length, complained }
  }
  return { child, attached, ended, leave: () => child.stdin.write('leave\n') }
}

/** The server notices a killed process as soon as it gets to run; on a busy machine that is not at once. */
const untilLeases = async (url: string, wanted: number) => {
  const database = openDatabase({ url })
  const leases = `select 1 from pg_stat_activity where application_name = 'matchbook lease'`
  while ((await orThrow(database.query(leases))).length !== wanted)
    await new Promise((resolve) => setTimeout(resolve, 10))
  await database.close()
}

test('given no cluster yet, when four commands start at the same moment, then one starts the server and the last stops it', async () => {
  const all = [1, 2, 3, 4].map(() => command('wait'))
  const lines = await Promise.all(all.map(({ attached }) => attached()))
  expect(lines.filter(({ startedByUs }) => startedByUs)).toHaveLength(1)
  expect(new Set(lines.map(({ url }) => url)).size).toBe(1)
  const starter = lines.findIndex(({ startedByUs }) => startedByUs)
  all[starter]!.leave()
  expect(await all[starter]!.ended()).toMatchObject({ exit: 0 })
  expect(existsSync(pidFile())).toBe(true)
  for (const { leave } of all) leave()
  for (const { ended } of all) expect(await ended()).toMatchObject({ exit: 0, complained: '' })
  expect(existsSync(pidFile())).toBe(false)
})

test('given a starter that is killed, then its server is found, and stopped by the next command', async () => {
  const starter = command('wait')
  const { url } = await starter.attached()
  starter.child.kill('SIGKILL')
  await starter.ended()
  const next = command('wait')
  expect(await next.attached()).toEqual({ url, startedByUs: false })
  next.leave()
  expect(await next.ended()).toMatchObject({ exit: 0 })
  expect(existsSync(pidFile())).toBe(false)
})

test('given a starter that is killed while another is attached, then the other works on and stops the server', async () => {
  const starter = command('wait')
  await starter.attached()
  const other = command('wait')
  const { url, startedByUs } = await other.attached()
  expect(startedByUs).toBe(false)
  starter.child.kill('SIGKILL')
  await starter.ended()
  await untilLeases(url, 1)
  expect(existsSync(pidFile())).toBe(true)
  other.leave()
  expect(await other.ended()).toMatchObject({ exit: 0, complained: '' })
  expect(existsSync(pidFile())).toBe(false)
})

test('given a command killed at any moment of its first start, then the next one works', async () => {
  for (const delay of [400, 550, 700, 850, 1_000]) {
    const victim = command('wait')
    await new Promise((resolve) => setTimeout(resolve, delay))
    victim.child.kill('SIGKILL')
    await victim.ended()
    const next = command('1')
    expect(await next.ended()).toMatchObject({ exit: 0, lines: 1, complained: '' })
    rmSync(folder, { recursive: true, force: true })
  }
})

test('given three commands that come and go all the time, then none of them ever meets a server that is leaving', async () => {
  const all = [1, 2, 3].map(() => command('12'))
  for (const { ended } of all) expect(await ended()).toMatchObject({ exit: 0, lines: 12, complained: '' })
  expect(existsSync(pidFile())).toBe(false)
})

test('the password is never on a command line', async () => {
  const one = command('wait')
  const { url } = await one.attached()
  const pid = Number.parseInt(readFileSync(pidFile(), 'utf8'), 10)
  if (process.platform === 'linux')
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(new URL(url).password)
  one.leave()
  await one.ended()
})

import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { orThrow } from '../../../src/errors.js'
import { openDatabase } from '../../../src/postgres/connect.js'
import { startOrAttach } from '../../../src/postgres/embedded-server.js'
import { temporaryFolder } from '../../servers/temporary-folder.js'

// Making a cluster takes 0.4 s, and twenty times that while something else keeps the disk busy.
vi.setConfig({ testTimeout: 240_000 })

let parent: string
let folder: string
const isRoot = process.getuid?.() === 0

beforeEach(() => {
  parent = temporaryFolder('embedded')
  folder = join(parent, 'data folder')
})

afterEach(async () => {
  if (isServing()) process.kill(serverPid(), 'SIGQUIT')
  while (isServing()) await pause(10)
  // what lies behind a link too
  if (existsSync(place())) rmSync(realpathSync(place()), { recursive: true })
  rmSync(parent, { recursive: true, force: true })
})

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const place = () => join(folder, 'postgres')
const pidFile = () => join(place(), 'data/postmaster.pid')
const serverPid = () => Number.parseInt(readFileSync(pidFile(), 'utf8'), 10)
const isAlive = (pid: number) => existsSync(`/proc/${pid}`)
const isServing = () => existsSync(pidFile()) && isAlive(serverPid())
const start = (settings = {}) => orThrow(startOrAttach(folder, { settings }))

const query = async (url: string, sql: string) => {
  const database = openDatabase({ url, connections: 1 })
  try {
    return await orThrow(database.query(sql))
  } finally {
    await database.close()
  }
}

const killServer = async () => {
  const pid = serverPid()
  process.kill(pid, 'SIGKILL')
  while (isAlive(pid)) await pause(5)
}

const listens = (host: string, port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, host)
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
    socket.on('connect', () => socket.destroy())
  })

describe('first use', () => {
  test('gives a database that sorts by code point, and stops it again', async () => {
    const server = await start()
    expect(server.startedByUs).toBe(true)
    expect(await query(server.url, `select t from unnest(array['é', 'a', 'Z', 'z']) t order by t`)).toEqual(
      ['Z', 'a', 'z', 'é'].map((t) => ({ t })),
    )
    await server.stop()
    await server.stop()
    expect(existsSync(pidFile())).toBe(false)
  })

  test('keeps others out: password and data for their owners only, loopback only, no login without the password', async () => {
    const server = await start()
    const mode = (path: string) => (statSync(join(folder, 'postgres', path)).mode & 0o777).toString(8)
    expect([mode('password'), mode('data'), mode('server.log')]).toEqual(['600', '700', '600'])
    const { port } = new URL(server.url)
    const outside = Object.values(networkInterfaces()).flatMap(
      (list) => list?.filter((i) => !i.internal && i.family === 'IPv4') ?? [],
    )
    for (const { address } of outside) expect(await listens(address, Number(port))).toBe(false)
    expect(await listens('127.0.0.1', Number(port))).toBe(true)
    for (const url of [server.url.replace(/:[^:@]+@/, ':wrong@'), server.url.replace(/:[^:@]+@/, '@')]) {
      const database = openDatabase({ url })
      await expect(orThrow(database.query('select 1'))).rejects.toBeDefined()
      await database.close()
    }
    await server.stop()
  })

  test('what a killed first use left behind is removed', async () => {
    const drafts = [
      'postgres.draft-999999999-old',
      'postgres.draft-999999999-new',
      `postgres.draft-${process.pid}-alive`,
    ]
    const [old, ...others] = drafts.map((name) => join(folder, name))
    for (const draft of [old!, ...others]) mkdirSync(draft, { recursive: true })
    for (const draft of [old!, others[1]!]) utimesSync(draft, 1_700_000_000, 1_700_000_000)
    await (await start()).stop()
    expect(existsSync(old!)).toBe(false)
    expect(others.filter((draft) => existsSync(draft))).toEqual(others)
  })

  test('two data folders have two servers on two ports', async () => {
    const one = await start()
    const other = await orThrow(startOrAttach(join(parent, 'other')))
    expect(new URL(other.url).port).not.toBe(new URL(one.url).port)
    await other.stop()
    await one.stop()
  })
})

describe('sharing inside one process', () => {
  test('the first leaves and the second works on; the second leaves and the server goes', async () => {
    const first = await start()
    const second = await start()
    expect([first.startedByUs, second.startedByUs]).toEqual([true, false])
    await first.stop()
    expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await second.stop()
    expect(isServing()).toBe(false)
  })

  test('both leave at once and the server goes', async () => {
    const servers = await Promise.all([start(), start(), start()])
    await Promise.all(servers.map((server) => server.stop()))
    expect(isServing()).toBe(false)
  })

  test('stopping ends connections that somebody forgot to close', async () => {
    const server = await start()
    const forgotten = openDatabase({ url: server.url })
    await orThrow(forgotten.query('select 1'))
    await server.stop()
    expect(isServing()).toBe(false)
    expect(await forgotten.query('select 1')()).toMatchObject({ left: { code: 'SERVER_UNREACHABLE' } })
    await forgotten.close()
  })
})

describe('after a kill', () => {
  test('given a server that was killed, then the next start has every committed row', async () => {
    const server = await start()
    await query(server.url, 'create table kept as select generate_series(1, 10000) as n')
    await killServer()
    await server.stop()
    const again = await start()
    expect(again.startedByUs).toBe(true)
    expect(await query(again.url, 'select count(*) as n from kept')).toEqual([{ n: 10_000 }])
    await again.stop()
  })

  test('given a server that was killed, when several start at once, then one starts it', async () => {
    await start()
    await killServer()
    const servers = await Promise.all([start(), start(), start()])
    expect(servers.filter(({ startedByUs }) => startedByUs)).toHaveLength(1)
    await Promise.all(servers.map((server) => server.stop()))
    expect(isServing()).toBe(false)
  })

  test('given a pid file whose pid is now another program, then it is seen through', async () => {
    await (await start()).stop()
    const lines = [process.pid, join(folder, 'postgres/data'), 1_700_000_000, 1, '', '127.0.0.1', '', 'ready']
    writeFileSync(pidFile(), `${lines.join('\n')}\n`)
    const server = await start()
    expect(server.startedByUs).toBe(true)
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await server.stop()
  })

  test.each(['', 'garbage\n'])(
    'given a pid file with %j, as a power cut leaves it, then it is seen through',
    async (content) => {
      await (await start()).stop()
      writeFileSync(pidFile(), content)
      utimesSync(pidFile(), 1_700_000_000, 1_700_000_000)
      const server = await start()
      expect(server.startedByUs).toBe(true)
      await server.stop()
    },
  )
})

describe('what it refuses', () => {
  test('a cluster of another major version: WRONG_SERVER_VERSION with both', async () => {
    await (await start()).stop()
    writeFileSync(join(folder, 'postgres/data/PG_VERSION'), '17\n')
    expect(await startOrAttach(folder)()).toMatchObject({
      left: { code: 'WRONG_SERVER_VERSION', details: { found: '17', ours: '18' } },
    })
  })

  test('a folder that is no cluster: WRONG_SERVER_VERSION, and it is left alone', async () => {
    mkdirSync(join(folder, 'postgres'), { recursive: true })
    writeFileSync(join(folder, 'postgres/precious'), 'x')
    expect(await startOrAttach(folder)()).toMatchObject({ left: { code: 'WRONG_SERVER_VERSION' } })
    expect(readFileSync(join(folder, 'postgres/precious'), 'utf8')).toBe('x')
  })

  test('a server that does not start: SERVER_UNREACHABLE with the reason from its log', async () => {
    expect(await startOrAttach(folder, { settings: { shared_buffers: 'plenty' } })()).toMatchObject({
      left: { code: 'SERVER_UNREACHABLE', message: expect.stringContaining('shared_buffers') },
    })
  })

  test('a data folder that is a file: BAD_USAGE', async () => {
    writeFileSync(folder, '')
    expect(await startOrAttach(folder)()).toMatchObject({
      left: { code: 'BAD_USAGE', message: expect.stringContaining(folder) },
    })
  })

  test.each([
    ['is gone', () => rmSync(join(folder, 'postgres/password'))],
    ['is empty', () => writeFileSync(join(folder, 'postgres/password'), '')],
  ])('a cluster whose password %s: BAD_FILE that says what to do, and no server is started', async (_, spoil) => {
    await (await start()).stop()
    spoil()
    expect(await startOrAttach(folder)()).toMatchObject({
      left: { code: 'BAD_FILE', message: expect.stringMatching(/postgres\/password, .* put it back from a backup/) },
    })
    expect(isServing()).toBe(false)
  })

  test('a link to a cluster that is gone: BAD_FILE that says what to do', async () => {
    mkdirSync(folder)
    symlinkSync(join(parent, 'gone'), join(folder, 'postgres'))
    expect(await startOrAttach(folder)()).toMatchObject({
      left: { code: 'BAD_FILE', message: expect.stringContaining('remove it') },
    })
  })
})

/** A disk of 96 MB in memory, if we may mount one. */
const mountDisk = (at: string): boolean =>
  isRoot && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=96m,mode=755', 'none', at]).status === 0

describe.runIf(isRoot)('as root', () => {
  test('given a disk without a byte left, not even for the server to say so, then DISK_FULL and at once', async (context) => {
    mkdirSync(folder)
    if (!mountDisk(folder)) return context.skip()
    try {
      await (await start()).stop()
      rmSync(join(folder, 'postgres/server.log'))
      const fill = openSync(join(folder, 'fill'), 'w')
      const write = () => writeSync(fill, Buffer.alloc(4096))
      expect(() => {
        for (;;) write()
      }).toThrow('ENOSPC')
      closeSync(fill)
      const began = Date.now()
      expect(await startOrAttach(folder)()).toMatchObject({ left: { code: 'DISK_FULL' } })
      expect(Date.now() - began).toBeLessThan(10_000)
    } finally {
      spawnSync('umount', [folder])
    }
  })

  test('given a data folder that no other user can reach, then the cluster lies where its user can, behind a link', async () => {
    chmodSync(parent, 0o700)
    const server = await start()
    const target = realpathSync(place())
    expect(lstatSync(place()).isSymbolicLink()).toBe(true)
    expect(target.startsWith(parent)).toBe(false)
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await server.stop()
    const again = await start()
    expect(realpathSync(place())).toBe(target)
    await again.stop()
    expect(dirname(target)).toMatch(/matchbook$/)
    expect(readFileSync(join(target, 'data-folder'), 'utf8')).toBe(`${folder}\n`)
  })

  test('the server does not run as root', async () => {
    const server = await start()
    expect(statSync(`/proc/${serverPid()}`).uid).not.toBe(0)
    await server.stop()
  })
})

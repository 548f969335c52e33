import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EventStoreDouble, startEventStoreDouble } from '../doubles/eventstoredb.js'
import { postgresForTests } from '../servers/postgres.js'
import { type Cli, createCli, finish } from './run-cli.js'

interface Replayed {
  readonly events: number
  readonly tables: readonly { readonly table: string; readonly rows: number; readonly digest: string }[]
}

interface Status {
  readonly store: { readonly kind: string; readonly url: string; readonly events: number }
  readonly projections: readonly { readonly lag: number }[]
}

let double: EventStoreDouble
let remote: Cli
let own: Cli

const ourEvents = (server: EventStoreDouble): number =>
  server.log.records.filter(({ stream }) => !stream.startsWith('$') && stream !== 'matchbook.streams').length

const digestsOf = async (cli: Cli) =>
  (await cli.json<Replayed>('replay', '--check')).tables.map(({ table, rows, digest }) => ({ table, rows, digest }))

/** A register, a list, a verdict and a change of the threshold. */
const work = async (cli: Cli): Promise<void> => {
  const folder = join(own.dataDir, 'in')
  await cli.json('voters', 'publish', join(folder, 'voters.csv'), '--state', 'FL')
  await cli.json('import', join(folder, 'contacts.csv'))
  const [first] = await cli.json<readonly { readonly pid: string }[]>('review', 'list')
  await cli.json('verify', first!.pid, '--note', 'asked by phone')
  await cli.json('settings', 'set', 'match.threshold', '0.8')
}

beforeAll(async () => {
  double = await startEventStoreDouble()
  const url = double.url.replace('esdb://', 'esdb://ann:secret@')
  remote = await createCli({ EVENTSTORE_URL: url })
  own = await createCli()
  await own.json('generate', '--voters', '6000', '--contacts', '4000', '--seed', '5', '--out', join(own.dataDir, 'in'))
}, 120_000)
afterAll(async () => {
  await remote.drop()
  await own.drop()
  await double.stop()
})

describe('with the events in EventStoreDB', () => {
  it('does the main job, and the tables are what the events say', async () => {
    await work(remote)
    await work(own)
    expect(await digestsOf(remote)).toEqual(await digestsOf(own))
    const { events } = await remote.json<Replayed>('replay')
    expect(events).toBe(ourEvents(double))
  }, 180_000)

  it('says in its status where they are, without the password', async () => {
    const { store, projections } = await remote.json<Status>('status')
    expect(store).toEqual({
      kind: 'eventstoredb',
      url: double.url.replace('esdb://', 'esdb://ann@'),
      events: ourEvents(double),
    })
    expect(projections.every(({ lag }) => lag <= 0)).toBe(true)
    const here = await own.json<Status>('status')
    expect(here.store).toMatchObject({ kind: 'postgres', events: store.events })
  }, 60_000)

  it('proves and reproduces what happened', async () => {
    const verified = await remote.json<{ events: number; heads: number; findings: readonly unknown[] }>(
      'audit',
      'verify',
    )
    expect(verified).toMatchObject({ events: ourEvents(double), heads: 1, findings: [] })
    const reproduce = async (cli: Cli) => {
      const { stdout } = await cli.run('--json', 'audit', 'reproduce', '--all')
      const { decisions, differing } = JSON.parse(stdout) as { decisions: number; differing: number }
      return { decisions, differing }
    }
    const there = await reproduce(remote)
    expect(there.decisions).toBeGreaterThan(1_000)
    expect(there).toEqual(await reproduce(own))
    const first = join(remote.dataDir, 'bundle.zip')
    await remote.json('audit', 'export', first)
    expect((await remote.run('audit', 'check', first)).code).toBe(0)
  }, 180_000)

  it('exits 5 when the server is away, and goes on when it is back', async () => {
    await double.stop()
    const { code, stderr } = await remote.run('status')
    expect(code).toBe(5)
    expect(stderr).toContain('EventStoreDB')
    expect(stderr).not.toContain('secret')
    await double.start()
    expect((await remote.run('status')).code).toBe(0)
  }, 60_000)

  it('exits 2 for a URL that is none, which it does not repeat', async () => {
    const { code, stderr } = await finish(remote.startWith({ EVENTSTORE_URL: 'esdb://ann:secret@host:x' }, 'status'))
    expect(code).toBe(2)
    expect(stderr).not.toContain('secret')
  })
})

describe('store copy', () => {
  it('killed at random moments and run again, copies all; the tables made from the copy are the same', async () => {
    const target = await startEventStoreDouble()
    const before = await digestsOf(own)
    const { store } = await own.json<Status>('status')
    const flags = ['store', 'copy', '--from', 'embedded', '--to', target.url] as const
    const head = join(own.dataDir, 'head.json')
    await own.json('audit', 'head', '--out', head)
    for (const share of [0.05, 0.3, 0.6, 0.85]) {
      const child = own.start(...flags)
      const ended = finish(child)
      await expect.poll(() => ourEvents(target), { interval: 1, timeout: 30_000 }).toBeGreaterThan(store.events * share)
      child.kill('SIGKILL')
      await ended
    }
    expect(ourEvents(target)).toBeLessThanOrEqual(store.events)
    const copied = await own.json(...flags)
    expect(copied).toMatchObject({ from: 'embedded', to: target.url, events: store.events })
    expect(copied['roots']).toBe(copied['streams'])
    expect(ourEvents(target)).toBe(store.events)

    const moved = await finish(own.startWith({ EVENTSTORE_URL: target.url }, '--json', 'replay', '--check'))
    expect(moved.stderr).toContain('made from the events of another store')
    const { tables } = JSON.parse(moved.stdout) as Replayed
    expect(tables.map(({ table, rows, digest }) => ({ table, rows, digest }))).toEqual(before)
    const verified = await finish(own.startWith({ EVENTSTORE_URL: target.url }, 'audit', 'verify', '--head', head))
    expect(verified.code).toBe(0)
    expect(verified.stdout).toContain('1 signed heads hold')
    // and back to the database's own events, which are still there
    const back = await own.run('status')
    expect(back.stderr).toContain('made from the events of another store')
    expect(await digestsOf(own)).toEqual(before)
    await target.stop()
  }, 300_000)

  it('brings the events into another database, and refuses one with other events', async () => {
    const { url, drop } = await postgresForTests()
    const copied = await own.json('store', 'copy', '--from', double.url, '--to', url)
    expect(copied).toMatchObject({ events: ourEvents(double) })
    const moved = await finish(own.startWith({ DATABASE_URL: url }, '--json', 'replay', '--check'))
    expect(moved.code).toBe(0)
    const other = await own.run('store', 'copy', '--from', 'embedded', '--to', url)
    expect(other.code).toBe(3)
    expect(other.stderr).toMatch(/holds other events: stream \S+, revision \d+/)
    expect((await own.run('store', 'copy', '--from', 'embedded', '--to', 'embedded')).code).toBe(2)
    expect((await own.run('store', 'copy', '--from', 'embedded', '--to', 'mysql://ann:secret@h/db')).code).toBe(2)
    await drop()
  }, 180_000)
})

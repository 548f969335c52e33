import { spawn } from 'node:child_process'
import { createReadStream, createWriteStream, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { orThrow } from '../../src/errors.js'
import { generate } from '../../src/generate/generate.js'
import { startOrAttach } from '../../src/postgres/embedded-server.js'
import { temporaryFolder } from '../servers/temporary-folder.js'
import { type Bench, timed } from './harness.js'

/**
 * A list from file to last projection, matching included, through the command line; the yardstick is a bare COPY, in the
 * same run and server, of the very event and table rows that the import left, into tables with the same indexes.
 */
const program = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url))

const votersPerContact = 5
const bar = 3

interface Ran {
  readonly seconds: number
  readonly peakRssMiB: number
  readonly result: Readonly<Record<string, unknown>>
}

const peakOf = (pid: number): number => {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    // the process has just ended
    return 0
  }
}

const matchbook = async (dataDir: string, ...args: readonly string[]): Promise<Ran> => {
  const began = performance.now()
  const child = spawn(program, ['--data', dataDir, '--json', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let stdout = ''
  let peakRssMiB = 0
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  const watch = setInterval(() => {
    peakRssMiB = Math.max(peakRssMiB, peakOf(child.pid!))
  }, 50)
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  clearInterval(watch)
  if (code !== 0) throw new Error(`matchbook ${args.join(' ')} exited ${code}: ${stdout}`)
  return { seconds: (performance.now() - began) / 1000, peakRssMiB, result: JSON.parse(stdout) }
}

/** Copies every row that the import left into twins of its tables, and answers the seconds of the COPYs in. */
const bareCopy = async (dataDir: string, folder: string): Promise<{ seconds: number; rows: number; mib: number }> => {
  const server = await orThrow(startOrAttach(dataDir))
  const client = new pg.Client(server.url)
  await client.connect()
  let seconds = 0
  let rows = 0
  let mib = 0
  try {
    const tables = await client.query<{ schema: string; name: string }>(
      `select schemaname as schema, tablename as name from pg_tables
        where schemaname = 'matchbook' or (schemaname = 'store' and tablename = 'event') order by 1 desc, 2`,
    )
    await client.query('drop schema if exists bare cascade; create schema bare')
    for (const { schema, name } of tables.rows) {
      const file = join(folder, `${name}.copy`)
      await pipeline(client.query(copyTo(`copy ${schema}.${name} to stdout (format binary)`)), createWriteStream(file))
      await client.query(`create table bare.${name} (like ${schema}.${name} including all)`)
      await client.query('checkpoint')
      const target = client.query(copyFrom(`copy bare.${name} from stdin (format binary)`))
      seconds += await timed(() => pipeline(createReadStream(file, { highWaterMark: 262_144 }), target))
      rows += target.rowCount
      mib += statSync(file).size / 2 ** 20
      rmSync(file)
    }
  } finally {
    await client.end()
    await server.stop()
  }
  return { seconds, rows, mib }
}

const measure = async (contacts: number, voters: number, seed: number) => {
  const folder = temporaryFolder('bench-import')
  const dataDir = join(folder, 'data')
  try {
    await orThrow(generate({ voters, contacts, seed, out: folder, format: 'table' }))
    const keepServer = await orThrow(startOrAttach(dataDir))
    try {
      const published = await matchbook(dataDir, 'voters', 'publish', join(folder, 'voters.csv'), '--state', 'FL')
      const imported = await matchbook(dataDir, 'import', join(folder, 'contacts.csv'))
      const copied = await bareCopy(dataDir, folder)
      return { contacts, voters, publishSeconds: published.seconds, imported, copied }
    } finally {
      // before its folder goes, and also when something failed, which would be hidden behind that
      await keepServer.stop()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export const bench: Bench = async ({ size = 200_000, seed, format }) => {
  const voters = size * votersPerContact
  const quarter = await measure(Math.round(size / 4), voters, seed)
  const whole = await measure(size, voters, seed)
  const summary = [quarter, whole].map(({ imported, copied, ...rest }) => ({
    ...rest,
    seconds: imported.seconds,
    contactsPerSecond: Math.round(rest.contacts / imported.seconds),
    peakRssMiB: Math.round(imported.peakRssMiB),
    copySeconds: copied.seconds,
    copyRows: copied.rows,
    copyMiB: Math.round(copied.mib),
    ratio: imported.seconds / copied.seconds,
    bar,
    result: imported.result,
  }))
  const growth = whole.imported.seconds / quarter.imported.seconds / 4
  // against the same voters, so that their index counts in neither
  const memoryGrowth = (whole.imported.peakRssMiB - quarter.imported.peakRssMiB) / (size - quarter.contacts)
  if (whole.imported.seconds / whole.copied.seconds > bar) process.exitCode = 6
  if (format === 'json') {
    process.stdout.write(
      `${JSON.stringify({ imports: summary, growth, memoryGrowthKiB: memoryGrowth * 1024 }, null, 2)}\n`,
    )
    return
  }
  for (const one of summary) {
    process.stdout.write(
      `${one.contacts} contacts × ${one.voters} voters: ${one.seconds.toFixed(1)} s (${one.contactsPerSecond}/s), ` +
        `bare COPY of ${one.copyRows} rows, ${one.copyMiB} MiB: ${one.copySeconds.toFixed(1)} s, ` +
        `ratio ${one.ratio.toFixed(2)} (bar ${bar}), peak RSS ${one.peakRssMiB} MiB\n`,
    )
  }
  process.stdout.write(`time per contact at ${size} against a quarter of it: ${growth.toFixed(2)} (1: linear)\n`)
  process.stdout.write(`peak memory: ${(memoryGrowth * 1024).toFixed(1)} KiB more for each contact more (0: flat)\n`)
}

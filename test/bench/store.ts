import { randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { orThrow } from '../../src/errors.js'
import { openDatabase } from '../../src/postgres/connect.js'
import { startOrAttach } from '../../src/postgres/embedded-server.js'
import type { EventStore } from '../../src/store/event-store.js'
import { encodeCopy } from '../../src/store/postgres/encode-copy.js'
import { openPostgresStore } from '../../src/store/postgres/postgres-store.js'
import { temporaryFolder } from '../servers/temporary-folder.js'
import { type Bench, compare, type Measured, type Side, timed } from './harness.js'
import { report } from './report.js'
import { makeEvents, recordedAt } from './sides/made-events.js'

/** An import appends chunks of this size. */
const chunkEvents = 10_000
const stream = 'import-bench.list'

interface Place {
  readonly url: string
  readonly store: EventStore
  readonly client: pg.Client
  /** all events as one COPY file */
  readonly file: string
}

const truncate = async (client: pg.Client, table: string): Promise<void> => {
  await client.query(`truncate ${table}`)
  await client.query('checkpoint')
}

const writeCopyFile = async (file: string, seed: number, size: number): Promise<void> => {
  const header = 19
  const trailer = 2
  const rows = function* () {
    for (let from = 0; from < size; from += chunkEvents) {
      const events = makeEvents(seed, from, Math.min(chunkEvents, size - from))
      const bytes = Buffer.concat([...encodeCopy(events, stream, from, from)])
      const isLast = from + chunkEvents >= size
      yield bytes.subarray(from === 0 ? 0 : header, isLast ? bytes.length : bytes.length - trailer)
    }
  }
  await pipeline(Readable.from(rows(), { objectMode: false }), createWriteStream(file))
}

/** Chunks are made outside the clock, appends are inside it. */
const bulkAppend =
  ({ store, client }: Place, seed: number, size: number): Side =>
  async () => {
    await truncate(client, 'store.event')
    let seconds = 0
    for (let from = 0; from < size; from += chunkEvents) {
      const events = makeEvents(seed, from, Math.min(chunkEvents, size - from))
      seconds += await timed(() => orThrow(store.append(stream, events, from - 1)))
    }
    return seconds
  }

/** One COPY of bytes that were encoded beforehand, in the same format, into the same table with the same indexes. */
const bareCopy =
  ({ client, file }: Place): Side =>
  async () => {
    await truncate(client, 'bare.event')
    const target = 'copy bare.event from stdin (format binary)'
    return timed(() => pipeline(createReadStream(file, { highWaterMark: 262_144 }), client.query(copyFrom(target))))
  }

const readBack =
  ({ store }: Place, size: number): Side =>
  () =>
    timed(async () => {
      let count = 0
      for await (const batch of store.readAll()) count += batch.length
      if (count !== size) throw new Error(`read ${count} events of ${size}`)
    })

/** One select, whose rows are parsed by pg as they come and dropped. */
const bareRead =
  ({ client }: Place, size: number): Side =>
  () =>
    timed(async () => {
      let count = 0
      await new Promise<void>((resolve, reject) => {
        const query = new pg.Query('select * from bare.event')
        query.on('row', () => count++)
        query.on('end', () => resolve())
        query.on('error', reject)
        client.query(query)
      })
      if (count !== size) throw new Error(`read ${count} rows of ${size}`)
    })

const singles = 200
/** Short rounds in turn: what else the machine does then hits both sides. */
const singleRounds = 25

const singleAppends = ({ store }: Place, seed: number): Side => {
  const own = 'matchbook-bench'
  return async (round) => {
    const events = makeEvents(seed + 1, round * singles, singles)
    const first = await orThrow(store.revision(own))
    return timed(async () => {
      for (const [i, event] of events.entries()) await orThrow(store.append(own, [event], first + i))
    })
  }
}

/** One autocommitted, prepared insert of the same columns after the other. */
const bareInserts = ({ client }: Place, seed: number): Side => {
  const own = 'matchbook-bench'
  return async (round) => {
    const events = makeEvents(seed + 1, round * singles, singles)
    const { rows } = await client.query<{ next: string }>(
      'select coalesce(max(position), -1) + 1 as next from bare.event',
    )
    const first = Number(rows[0]!.next)
    return timed(async () => {
      for (const [i, { id, type, body, sha256 }] of events.entries()) {
        await client.query({
          name: 'bare insert',
          text: 'insert into bare.event values ($1, $2, $3, $4, $5, $6, $7, $8)',
          values: [first + i, own, first + i, id, type, body, sha256, recordedAt],
        })
      }
    })
  }
}

/** Both tables hold the same rows, or the comparison is void. */
const checkSameRows = async ({ client }: Place): Promise<void> => {
  const digest = (table: string) =>
    client.query(
      `select count(*), bit_xor(hashtextextended(e::text, 0)) as rows, pg_total_relation_size('${table}') as bytes
      from ${table} e`,
    )
  const [ours, bare] = [(await digest('store.event')).rows[0], (await digest('bare.event')).rows[0]]
  if (ours.count !== bare.count || ours.rows !== bare.rows) throw new Error('the two tables differ')
  process.stderr.write(`${ours.count} rows on both sides, ${Math.round(ours.bytes / ours.count)} bytes each on disk\n`)
}

const measure = async (place: Place, seed: number, size: number, rounds: number): Promise<readonly Measured[]> => {
  const events = { amount: size, unit: 'events', rounds }
  const bulk = await compare({
    ...events,
    name: 'bulk append',
    subject: bulkAppend(place, seed, size),
    yardstick: bareCopy(place),
    bar: 0.5,
  })
  await checkSameRows(place)
  await place.client.query('vacuum analyze store.event')
  await place.client.query('vacuum analyze bare.event')
  const read = await compare({
    ...events,
    name: 'read all',
    subject: readBack(place, size),
    yardstick: bareRead(place, size),
    bar: 0.5,
  })
  const single = await compare({
    name: 'single append',
    amount: singles,
    unit: 'appends',
    rounds: singleRounds,
    bar: 0.7,
    subject: singleAppends(place, seed),
    yardstick: bareInserts(place, seed),
  })
  return [bulk, read, single]
}

export const bench: Bench = async (options) => {
  const size = options.size ?? 1_000_000
  const folder = temporaryFolder('bench')
  const given = process.env['DATABASE_URL']
  const server = given ? { url: given, stop: async () => undefined } : await orThrow(startOrAttach(folder))
  const name = `bench_${randomBytes(4).toString('hex')}`
  const admin = new pg.Client(server.url)
  await admin.connect()
  await admin.query(`create database ${name}`)
  const url = new URL(server.url)
  url.pathname = `/${name}`
  const database = openDatabase({ url: url.href })
  const client = new pg.Client(url.href)
  try {
    const store = await orThrow(openPostgresStore(database))
    await client.connect()
    await client.query('create schema bare; create table bare.event (like store.event including all)')
    const file = join(folder, 'events.copy')
    await writeCopyFile(file, options.seed, size)
    report(await measure({ url: url.href, store, client, file }, options.seed, size, options.rounds ?? 3), options)
  } finally {
    await client.end()
    await database.close()
    await admin.query(`drop database ${name} with (force)`)
    await admin.end()
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

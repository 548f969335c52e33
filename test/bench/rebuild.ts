import { createReadStream, createWriteStream, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { rebuild } from '../../projections/rebuild.js'
import { type Bench, compare, timed } from './harness.js'
import { type Figure, report } from './report.js'
import { type Imported, withImported } from './sides/imported.js'
import type { Read } from './sides/reading-side.js'
import { startNodeSide } from './sides/side.js'

const bar = 0.5
const slowestQuery = 50

/**
 * All tables from the first event on, beside the old ones; the yardstick is a bare COPY of the rows that come of it, in one
 * transaction, with the same indexes built behind it. Then once more while a reader asks for one person after another,
 * which takes a core to itself.
 */
export const bench: Bench = async (options) =>
  withImported(options, { contacts: 200_000, votersPerContact: 2 }, async (imported) => {
    const { workplace, contacts } = imported
    const bare = await bareTables(imported)
    const rebuilding = () => timed(() => rebuild({ db: workplace.db, store: workplace.store }))
    const measured = await compare({
      ...{
        name: 'rebuild, bare COPY and indexes',
        amount: contacts,
        unit: 'persons',
        rounds: options.rounds ?? 3,
        bar,
      },
      subject: rebuilding,
      yardstick: () => bare.copy(),
    })
    await bare.close()
    const { queries, slowest } = await readMeanwhile(imported.url, rebuilding)
    const figure: Figure = {
      ...{
        name: 'slowest query meanwhile, ms',
        subject: `${queries} queries`,
        yardstick: '',
      },
      ...{ value: slowest, bar: { atMost: slowestQuery } },
    }
    report([measured, figure], options)
  })

/** What a reader in a process of its own meets while `work` goes on. */
const readMeanwhile = async (url: string, work: () => Promise<number>): Promise<Read> => {
  const reader = startNodeSide('./reading-side.ts')
  await reader.ask({ do: 'begin', url })
  const seconds = await work()
  const read = await reader.ask<Read>({ do: 'end' })
  await reader.close()
  process.stderr.write(`${seconds.toFixed(1)} s with a reader beside it\n`)
  return read
}

/** Every projected row in files, and how their tables are made. */
const bareTables = async ({ url, dataDir }: Imported) => {
  const client = new pg.Client(url)
  await client.connect()
  const tables = await client.query<{ name: string; indexes: readonly string[] }>(
    `select t.tablename as name, array_agg(i.indexdef) as indexes
       from pg_tables t join pg_indexes i on i.schemaname = t.schemaname and i.tablename = t.tablename
      where t.schemaname = 'matchbook' group by 1 order by 1`,
  )
  const fileOf = (name: string): string => join(dataDir, `${name}.copy`)
  for (const { name } of tables.rows) {
    const out = client.query(copyTo(`copy matchbook.${name} to stdout (format binary)`))
    await pipeline(out, createWriteStream(fileOf(name)))
  }
  const copyAll = async (): Promise<void> => {
    await client.query('begin')
    await client.query('create schema bare')
    for (const { name, indexes } of tables.rows) {
      await client.query(`create table bare.${name} (like matchbook.${name} including defaults)`)
      const target = client.query(copyFrom(`copy bare.${name} from stdin (format binary)`))
      await pipeline(createReadStream(fileOf(name), { highWaterMark: 262_144 }), target)
      for (const index of indexes) await client.query(index.replace(' ON matchbook.', ' ON bare.'))
    }
    await client.query('commit')
  }
  return {
    copy: async (): Promise<number> => {
      const seconds = await timed(copyAll)
      await client.query('drop schema bare cascade')
      return seconds
    },
    close: async (): Promise<void> => {
      for (const { name } of tables.rows) rmSync(fileOf(name))
      await client.end()
    },
  }
}

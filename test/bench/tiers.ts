import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { readContacts } from '../../src/evaluate/read-contacts.js'
import { runEngine } from '../../src/evaluate/run-engine.js'
import { unpackContacts } from '../../src/match/packed-contacts.js'
import { simpleRuleset, type TierRuleset } from '../../src/match/ruleset.js'
import { proposals } from '../../src/match/scored-chunk.js'
import { matchTypes, type ScoredContacts } from '../../src/match/scored-contacts.js'
import type { BegunMatching } from '../../src/runs/match-pool.js'
import { type DuckDb, literal, openDuckDb } from '../../src/voters/open-duckdb.js'
import { openIndex } from '../../src/voters/open-index.js'
import { type Bench, compare, timed } from './harness.js'
import { report } from './report.js'
import { florida } from './sides/florida.js'
import { writeContactRows, writeVoterRows } from './sides/normalised-rows.js'
import { withPublished } from './sides/published.js'

const bar = 5

const exactTiers: TierRuleset = {
  ...simpleRuleset,
  name: 'exact tiers',
  tiers: simpleRuleset.tiers.filter(({ key }) => key === 'name_address' || key === 'name_city'),
}

/** Below the score of name_city, so that a single hit of either tier is a link. */
const threshold = 0.5

/** The pairs of each tier. A unit may be missing but must not differ. */
const joins = {
  name_address: `select c.row as contact, v.row as voter
    from contacts c join voters v using (first, last, number, street, zip)
    where v.unit = '' or c.unit = '' or v.unit = c.unit`,
  name_city: `select c.row as contact, v.row as voter from contacts c join voters v using (first, last, city)`,
}

/**
 * The two exact tiers over a list in memory; the yardstick is DuckDB's two hash joins of the same normalised values, as
 * tables in memory, on as many threads. That both find the same single hits is checked outside the clock.
 */
export const bench: Bench = async (options) => {
  const { voters = 8_200_000, contacts = 1_000_000 } = options
  const files = await florida(voters, contacts, options)
  await withPublished(files.voters, async (published) => {
    const loaded = await openIndex(published.dataDir, published, (note) => process.stderr.write(`${note}\n`))
    const { signal } = new AbortController()
    const { packed } = await readContacts({ file: files.contacts, signal }, () => undefined)
    const spillDir = join(published.dataDir, 'spill')
    const threads = availableParallelism()
    const db = await openDuckDb({ threads, spillDir, memoryShare: 0.4 })
    try {
      await writeVoterRows(join(published.dataDir, 'voters.csv'), loaded.index)
      await writeContactRows(join(published.dataDir, 'contacts.csv'), unpackContacts(packed))
      for (const table of ['voters', 'contacts']) await loadRows(db, table, join(published.dataDir, `${table}.csv`))
      let scored: ScoredContacts | undefined
      const measured = await compare({
        ...{ name: 'exact tiers', amount: contacts, unit: 'contacts', rounds: options.rounds ?? 3, bar },
        yardstick: () => timed(() => joinTiers(db)),
        subject: async () => {
          // as in `evaluate`, threads begin while the list is read: so it is read for each run, outside the clock
          let begun: BegunMatching | undefined
          const onCounted = (count: number): void => {
            begun = runEngine.begin(loaded, count, { ruleset: exactTiers, threshold }, threads)
          }
          await readContacts({ file: files.contacts, signal, onCounted }, () => undefined)
          return timed(async () => {
            const untold = { threshold, threads, voterKeeps: 'every contact', onProgress: () => undefined } as const
            const options = begun === undefined ? untold : { ...untold, begun }
            scored = await runEngine.match(loaded, packed, exactTiers, options)
          })
        },
      })
      await checkSameHits(db, scored!)
      report([measured], options)
    } finally {
      db.close()
    }
  })
}

/** A missing value is null and meets nothing; only a house number or a unit that is missing is a value. */
const loadRows = (db: DuckDb, table: string, file: string): Promise<void> =>
  db.run(`create table ${table} as
    select row::integer as row, nullif(first, '') as first, nullif(last, '') as last, number, nullif(street, '') as street,
      unit, nullif(city, '') as city, nullif(zip, '') as zip
    from read_csv(${literal(file)}, all_varchar = true, header = true, quote = '"', nullstr = '\\N')`)

const joinTiers = async (db: DuckDb): Promise<void> => {
  for (const [tier, sql] of Object.entries(joins)) await db.run(`create or replace table ${tier} as ${sql}`)
}

/** A single hit at the first tier decides, else one at the second: contact for contact the same voter, or the comparison is void. */
const checkSameHits = async (db: DuckDb, { best, outcome, matchType }: ScoredContacts): Promise<void> => {
  const single = (tier: string) =>
    `select contact, any_value(voter) as voter from ${tier} group by contact having count(*) = 1`
  const rows = await db.rows(`with a as (${single('name_address')}), c as (${single('name_city')})
    select contact, coalesce(a.voter, c.voter), a.voter is not null from a full join c using (contact)`)
  const isSame = ([contact, voter, isAddress]: readonly string[]): boolean => {
    const i = Number(contact)
    const tier = isAddress === 'true' ? 'name_address' : 'name_city'
    return best[i] === Number(voter) && isLinked(outcome[i]!) && matchTypes[matchType[i]!] === tier
  }
  const linked = outcome.reduce((sum, code) => sum + Number(isLinked(code)), 0)
  const differing = rows.filter((row) => !isSame(row)).length
  if (differing > 0 || linked !== rows.length) {
    throw new Error(`${differing} of ${rows.length} single hits differ; ${linked} contacts are linked`)
  }
  process.stderr.write(`${linked} contacts have a single hit on both sides\n`)
}

const isLinked = (code: number): boolean => proposals[code] === 'linked'

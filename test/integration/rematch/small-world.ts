import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { VoterFileRef } from '../../../events/matchbook.js'
import { engineVersion } from '../../../src/engine.js'
import { orThrow } from '../../../src/errors.js'
import { importList } from '../../../src/lists/import-list.js'
import { openList } from '../../../src/lists/open-list.js'
import type { LoadIndex } from '../../../src/rules/rules-in-force.js'
import { rulesInForce } from '../../../src/rules/rules-in-force.js'
import { recordVerdict } from '../../../src/runs/record-verdict.js'
import type { LoadedIndex } from '../../../src/voters/load-index.js'
import { openIndex } from '../../../src/voters/open-index.js'
import type { Publication } from '../../../src/voters/publication.js'
import { publishVoterFile } from '../../../src/voters/publish-voter-file.js'
import { recordPublication } from '../../../src/voters/record-publication.js'
import type { Workplace } from '../../../src/workplace.js'
import { seededRandom } from '../../bench/random.js'
import { type TestWorkplace, workplaceForTests } from '../../servers/workplace.js'

/** A register so small in its values that persons come near many voters, and several persons near one. */
const pools = {
  first: ['Ann', 'Anne', 'Bob', 'Robert', 'Cy', 'Dee', 'Eve', 'Xochitl'],
  last: ['Lee', 'Leigh', 'Smith', 'Smyth', 'Ortiz', 'Wojciechowski', 'Li', 'Park'],
  birth: ['1970-03-04', '1970-04-03', '1981-12-30', '1955-07-01', '1990-01-15'],
  street: ['12 Oak St', '14 Oak St', '7 Elm Ave', '900 Main St Apt 3', '900 Main St Apt 4'],
  place: ['Macon,31201', 'Macon,31204', 'Athens,30601', 'Dalton,30720'],
} as const

export interface VoterRow {
  readonly svid: string
  readonly first: string
  readonly last: string
  readonly birth: string
  readonly street: string
  readonly place: string
}

type Random = () => number

const pick = <A>(random: Random, from: readonly A[]): A => from[Math.floor(random() * from.length)]!

const someone = (random: Random): Omit<VoterRow, 'svid'> => ({
  first: pick(random, pools.first),
  last: pick(random, pools.last),
  birth: pick(random, pools.birth),
  street: pick(random, pools.street),
  place: pick(random, pools.place),
})

export const voterRows = (count: number, random: Random): readonly VoterRow[] =>
  Array.from({ length: count }, (_, i) => ({ svid: String(1000 + i), ...someone(random) }))

/** The next quarter's register: some rows moved or changed their name, some left, some are new. */
export const nextQuarter = (rows: readonly VoterRow[], random: Random, share: number): readonly VoterRow[] => {
  const kept = rows.flatMap((row): readonly VoterRow[] => {
    const chance = random()
    if (chance < share) return []
    if (chance < share * 2) return [{ ...row, street: pick(random, pools.street), place: pick(random, pools.place) }]
    if (chance < share * 3) return [{ ...row, last: pick(random, pools.last) }]
    return [row]
  })
  const added = Math.ceil(rows.length * share)
  const newcomers = voterRows(added, random).map((row, i) => ({ ...row, svid: String(5000 + rows.length + i) }))
  return [...kept, ...newcomers]
}

/** A list in which people of the register come with errors, and strangers among them. */
export const contactCsv = (rows: readonly VoterRow[], count: number, random: Random): string => {
  const lines = ['First Name,Last Name,Birth Date,Address,City,ZIP,Voter ID']
  for (let i = 0; i < count; i++) {
    const known = random() < 0.75 ? pick(random, rows) : { ...someone(random), svid: '' }
    const other = someone(random)
    const or = (given: string, wrong: string): string => {
      const chance = random()
      return chance < 0.7 ? given : chance < 0.85 ? '' : wrong
    }
    const svid = random() < 0.08 ? known.svid : ''
    const place = or(known.place, other.place)
    lines.push(
      [
        or(known.first, other.first) || 'Ann',
        known.last,
        or(known.birth, other.birth),
        or(known.street, other.street),
        place === '' ? ',' : place,
        svid,
      ].join(','),
    )
  }
  return `${lines.join('\n')}\n`
}

export interface SmallWorld {
  readonly place: TestWorkplace
  readonly dataDir: string
  readonly loadIndex: LoadIndex
  /** A tenant whose decisions this engine makes, so that a plan may rest on them. */
  readonly tenant: (name: string) => Workplace
  /** Publishes rows as a file of a state, without making it current. */
  readonly publish: (name: string, rows: readonly VoterRow[], state?: string) => Promise<Publication>
  /** Makes a published file the state's current one. */
  readonly makeCurrent: (publication: Publication) => Promise<void>
  readonly importCsv: (deps: Workplace, csv: string) => Promise<void>
  readonly drop: () => Promise<void>
}

export const smallWorld = async (): Promise<SmallWorld> => {
  const folder = await mkdtemp(join(tmpdir(), 'matchbook-rematch-'))
  const dataDir = join(folder, 'data')
  const place = await workplaceForTests()
  const loaded = new Map<string, Promise<LoadedIndex>>()
  let files = 0
  return {
    place,
    dataDir,
    loadIndex: (ref: VoterFileRef) => {
      const key = `${ref.state}:${ref.voterFile}`
      const known = loaded.get(key) ?? openIndex(dataDir, ref, () => undefined)
      loaded.set(key, known)
      return known
    },
    tenant: (name) => ({ ...place.forTenant(name), meta: (id) => ({ ...place.meta(id), engine: engineVersion }) }),
    publish: async (name, rows, state = 'GA') => {
      const file = join(folder, `${name}.csv`)
      const lines = rows.map((row) => [row.svid, row.first, row.last, row.birth, row.street, row.place].join(','))
      await writeFile(file, `svid,first_name,last_name,birth_date,address1,city,zip\n${lines.join('\n')}\n`)
      return orThrow(publishVoterFile({ dataDir, files: [file], state, format: 'table' }))
    },
    makeCurrent: (publication) => recordPublication(place, publication),
    importCsv: async (deps, csv) => {
      const file = join(folder, `list-${++files}.csv`)
      await writeFile(file, csv)
      await importList(deps, await orThrow(openList({ file })), {})
    },
    drop: async () => {
      await place.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Humans verify, reject, link and unlink at random; what can't be done is left. */
export const randomVerdicts = async (
  { loadIndex }: SmallWorld,
  deps: Workplace,
  rows: readonly VoterRow[],
  count: number,
  random: Random,
): Promise<void> => {
  const rules = await rulesInForce(deps, loadIndex)
  const persons = await orThrow(
    deps.db.query<{ id: string; candidate: string | null }>(
      `select p.id, b.decision->'candidates'->0->>'svid' as candidate
         from matchbook.person p join matchbook.book b on b.tenant = p.tenant and b.person_id = p.id
        where p.tenant = $1 order by p.position`,
      [deps.tenant],
    ),
  )
  for (let i = 0; i < count; i++) {
    const { id, candidate } = pick(random, persons)
    const kind = pick(random, ['verify', 'reject', 'link', 'unlink', 'undo'] as const)
    const svid = kind === 'link' || candidate === null ? pick(random, rows).svid : candidate
    const voter = { state: 'GA', svid }
    try {
      const request = { kind, personId: id, user: 'ann' } as const
      await recordVerdict(deps, rules, kind === 'undo' || kind === 'unlink' ? request : { ...request, voter })
    } catch (error) {
      if ((error as { tag?: string }).tag !== 'AppError') throw error
    }
  }
}

export { seededRandom as seeded }

import type { Entry } from '../decide/entry.js'
import { orThrow } from '../errors.js'
import type { Client, Database } from '../postgres/connect.js'

/** A person that a run decides, as the projections know it. */
export interface ScopePerson {
  readonly id: string
  readonly version: string
  /** position of the person's first contact */
  readonly order: number
  /** JSON of the person's contacts */
  readonly contacts: string
  /** SHA-256 of the decision in force, null: none, or made for other data of the person */
  readonly inForce: Buffer | null
  /** the voters it holds or wants now, or gave up by a human's word, as `FL:123` */
  readonly voters: readonly string[]
  /** the whole entry, for persons of whom a human has said something */
  readonly entry: Entry | null
}

/**
 * Which persons: those whose data was not considered yet (and those this very run decided before it was cut off, and
 * duplicates of somebody who no longer holds the voter: what follows from a verdict is cut off at times), all, or some.
 * `voters` (`FL:123`) were given up: whoever wants one is decided, too.
 */
export type Scope =
  | { readonly kind: 'undecided'; readonly runId: string }
  | { readonly kind: 'all' }
  | { readonly kind: 'persons'; readonly ids: readonly string[]; readonly voters?: readonly string[] }

const conditions: Record<Scope['kind'], string> = {
  undecided: `b.input_version is distinct from p.version or b.run_id = $2
    or (b.outcome = 'duplicate' and not exists (
      select from matchbook.person_voter v
       where v.tenant = p.tenant and v.state = b.state and v.svid = b.svid and v.person_id = b.duplicate_of))`,
  all: '$2::text is null',
  persons: 'p.id = any($2::uuid[])',
}

const parameterOf = (scope: Scope): unknown => {
  if (scope.kind === 'undecided') return scope.runId
  return scope.kind === 'all' ? null : scope.ids
}

const fromWhere = (scope: Scope): string =>
  `from matchbook.person p
   left join matchbook.book b on b.tenant = p.tenant and b.person_id = p.id
   where p.tenant = $1 and (${conditions[scope.kind]})`

export const countScope = async (db: Database, tenant: string, scope: Scope): Promise<number> => {
  const sql = `select count(*)::int8 as persons ${fromWhere(scope)}`
  const [row] = await orThrow(db.query<{ persons: number }>(sql, [tenant, parameterOf(scope)]))
  return row?.persons ?? 0
}

interface Row {
  readonly id: string
  readonly version: string
  readonly position: number
  readonly contacts: string
  readonly decision_sha: Buffer | null
  readonly input_version: string | null
  readonly outcome: string | null
  readonly voter: string | null
  readonly entry: Entry | null
}

/** The scope's persons, earliest first, in batches pulled from one cursor over one snapshot. */
export async function* loadScope(
  client: Client,
  tenant: string,
  scope: Scope,
  batchSize: number,
): AsyncGenerator<readonly ScopePerson[]> {
  await client.query(
    `declare scope cursor for
     select p.id, p.version, p.position, p.contacts::text as contacts, b.decision_sha, b.input_version, b.outcome,
            b.state || ':' || b.svid as voter, b.entry
     ${fromWhere(scope)}
     order by p.position`,
    [tenant, parameterOf(scope)],
  )
  for (;;) {
    const { rows } = await client.query<Row>(`fetch ${batchSize} from scope`)
    if (rows.length === 0) break
    yield rows.map(scopePerson)
  }
  await client.query('close scope')
}

const scopePerson = (row: Row): ScopePerson => ({
  id: row.id,
  version: row.version,
  order: row.position,
  contacts: row.contacts,
  inForce: row.input_version === row.version ? row.decision_sha : null,
  voters: votersOf(row),
  entry: row.entry,
})

/** Also those that a person gave up by a verdict: whoever was its duplicate may have them now. */
const votersOf = ({ outcome, voter, entry }: Row): readonly string[] => {
  const voters = new Set<string>()
  if (voter !== null && (outcome === 'linked' || outcome === 'duplicate' || entry?.verdict != null)) voters.add(voter)
  const { state, svid } = entry?.decided?.decision ?? {}
  if (state !== undefined && svid !== undefined) voters.add(`${state}:${svid}`)
  for (const pair of entry?.rejected ?? []) voters.add(`${pair.state}:${pair.svid}`)
  return [...voters]
}

/** Persons that hold or want one of these voters now. `verdict`: a human has given it to them. */
export interface Claimant {
  readonly id: string
  readonly voter: string
  readonly order: number
  readonly verdict: boolean
}

export const loadClaimants = async (
  db: Database,
  tenant: string,
  voters: readonly string[],
): Promise<readonly Claimant[]> => {
  const states = voters.map((voter) => voter.slice(0, 2))
  const svids = voters.map((voter) => voter.slice(3))
  return orThrow(
    db.query<{ id: string; voter: string; order: number; verdict: boolean }>(
      `select b.person_id as id, b.state || ':' || b.svid as voter, p.position as order, b.verdict is not null as verdict
         from unnest($2::text[], $3::text[]) as wanted (state, svid)
         join matchbook.book b on b.tenant = $1 and b.state = wanted.state and b.svid = wanted.svid
         join matchbook.person p on p.tenant = b.tenant and p.id = b.person_id
        where b.outcome in ('linked', 'duplicate') or b.verdict is not null`,
      [tenant, states, svids],
    ),
  )
}

/** True when the tenant's book holds anything, so that the first import need not ask who else wants its voters. */
export const bookHasEntries = async (db: Database, tenant: string): Promise<boolean> => {
  const [row] = await orThrow(
    db.query<{ some: boolean }>(`select exists (select from matchbook.book where tenant = $1) as some`, [tenant]),
  )
  return row?.some === true
}

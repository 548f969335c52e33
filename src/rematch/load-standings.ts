import type { Outcome, Reason } from '../../events/matchbook.js'
import type { Entry } from '../decide/entry.js'
import type { Ruleset } from '../match/ruleset.js'
import type { Client } from '../postgres/connect.js'
import type { TrustedRuns } from './trusted-runs.js'

/** A person as a plan reads it: how it stands, and what it takes to decide it again. */
export interface StandingRow {
  readonly id: string
  readonly version: string
  /** of the person's first contact: the lower, the earlier */
  readonly position: number
  readonly outcome: Outcome | null
  readonly reason: Reason | null
  /** `FL:123`: the link, the voter wanted, or the best candidate in review */
  readonly voter: string | null
  readonly score: number | null
  readonly duplicate_of: string | null
  /** the decision in force is what matching finds, threshold aside */
  readonly recorded: boolean
  /** the decision in force, for the reasons whose columns don't say what a threshold needs to know */
  readonly decision: string | null
  /** of persons who are not `recorded`, or of all when asked for */
  readonly contacts: string | null
  /** SHA-256 of the decision in force; null: none, or made for other data of the person */
  readonly sha: Buffer | null
  /** the whole entry, for persons of whom a human has said something */
  readonly entry: Entry | null
}

/** Reasons that say too little: the second best score is not a column, nor is the best one of who is unmatched. */
const needsDecision: Readonly<Record<Ruleset['kind'], Reason>> = {
  fellegi_sunter: 'below_threshold',
  tiers: 'below_floor',
}

/** The statement that a plan reads persons by, earliest first; what a threshold plan is measured against. */
export const standingsSql = (contacts: 'all contacts' | 'contacts of who is matched'): string => {
  const recorded = `coalesce(b.entry is null and b.input_version = p.version
                             and (b.run_id = any($2::uuid[]) or b.decided_position < $3), false)`
  const isMatched = contacts === 'all contacts' ? 'true' : `not ${recorded}`
  return `select p.id, p.version, p.position, b.outcome, b.reason, b.state || ':' || b.svid as voter, b.score,
                 b.duplicate_of, ${recorded} as recorded,
                 case when b.reason = $4 then b.decision::text end as decision,
                 case when ${isMatched} then p.contacts::text end as contacts,
                 case when ${isMatched} and b.input_version = p.version then b.decision_sha end as sha, b.entry
            from matchbook.person p
            left join matchbook.book b on b.tenant = p.tenant and b.person_id = p.id
           where p.tenant = $1
           order by p.position`
}

export const standingsValues = (tenant: string, { runs, before }: TrustedRuns, ruleset: Ruleset): unknown[] => [
  tenant,
  runs,
  before,
  needsDecision[ruleset.kind],
]

/** Batches pulled from one cursor over the transaction's snapshot. */
export async function* loadStandings(
  client: Client,
  sql: string,
  values: readonly unknown[],
  batchSize: number,
): AsyncGenerator<readonly StandingRow[]> {
  await client.query(`declare standings cursor for ${sql}`, [...values])
  for (;;) {
    const { rows } = await client.query<StandingRow>(`fetch ${batchSize} from standings`)
    if (rows.length === 0) break
    yield rows
  }
  await client.query('close standings')
}

import type { Outcome } from '../../events/matchbook.js'
import type { Entry } from '../decide/entry.js'
import { orThrow } from '../errors.js'
import type { Run } from '../runs/run.js'
import type { Workplace } from '../workplace.js'
import type { Change, ReopenedVerdict } from './plan.js'

/** The run that applies a plan, when it was started; `digest` null: it was cut off. */
export const findRun = async (
  { db, tenant }: Workplace,
  runId: string,
): Promise<{ readonly digest: string | null } | undefined> => {
  const sql = `select digest from matchbook.run where tenant = $1 and run_id = $2`
  const [row] = await orThrow(db.query<{ digest: string | null }>(sql, [tenant, runId]))
  return row
}

interface InForce {
  /** of the person's data now, and as it was considered last */
  readonly version: string
  readonly considered: string | null
  readonly sha: Buffer | null
  readonly entry: Entry | null
}

/** Of these persons, what the tables say now. */
export const standNow = async (
  { deps: { db, tenant } }: Run,
  lines: readonly (Change | ReopenedVerdict)[],
): Promise<ReadonlyMap<string, InForce>> => {
  const rows = await orThrow(
    db.query<InForce & { readonly id: string }>(
      `select p.id, p.version, b.input_version as considered, b.decision_sha as sha, b.entry
         from matchbook.person p
         left join matchbook.book b on b.tenant = p.tenant and b.person_id = p.id
        where p.tenant = $1 and p.id = any($2::uuid[])`,
      [tenant, lines.map(({ personId }) => personId)],
    ),
  )
  return new Map(rows.map((row) => [row.id, row]))
}

const batchSize = 5_000

/** Notes what is in force for everybody whom the rules decide, so that the run's counts and digest are over all of them. */
export const noteEverybody = async ({ deps, outcomes }: Run): Promise<void> => {
  await deps.catchUp()
  await orThrow(
    deps.db.transaction(async (client) => {
      await client.query(
        `declare in_force cursor for select person_id as id, outcome, decision_sha as sha from matchbook.book
          where tenant = $1 and verdict is null and outcome is not null`,
        [deps.tenant],
      )
      for (;;) {
        const { rows } = await client.query<{ id: string; outcome: Outcome; sha: Buffer }>(
          `fetch ${batchSize} from in_force`,
        )
        if (rows.length === 0) return
        for (const { id, outcome, sha } of rows) outcomes.note(id, outcome, sha)
      }
    }),
  )
}

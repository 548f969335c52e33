import type { RejectedPair, Reopened, Verdict } from '../../src/decide/entry.js'
import { orThrow } from '../../src/errors.js'
import type { Database } from '../../src/postgres/connect.js'

/** Everything that a person's page shows; rows as the tables have them, null where there is none. */
export interface PersonPage {
  readonly person: Readonly<Record<string, unknown>>
  readonly pid: { readonly pid: string; readonly canonical_pid: string }
  readonly link: Readonly<Record<string, unknown>> | null
  readonly review: Readonly<Record<string, unknown>> | null
  readonly standing: Readonly<Record<string, unknown>> | null
  /** why a human's verdict is to be looked at again; `standing` and `candidates` are what was found before that */
  readonly reopened: Pick<Reopened, 'why' | 'since'> | null
  /** the human's word that the person stands by, in force or reopened */
  readonly verdict: Verdict | null
  /** voters that a human said the person is not, the newest last */
  readonly rejected: readonly RejectedPair[]
  readonly candidates: readonly unknown[]
  readonly contacts: readonly unknown[]
  readonly customFields: Readonly<Record<string, string>>
}

type Row = Readonly<Record<string, unknown>>

const one = async (db: Database, sql: string, values: readonly unknown[]): Promise<Row | null> =>
  (await orThrow(db.query<Row>(sql, values)))[0] ?? null

const reopenedOf = (reopened: unknown): PersonPage['reopened'] => {
  if (reopened === null || reopened === undefined) return null
  const { why, since } = reopened as Reopened
  return { why, since }
}

/** The page of a person that is known to exist. */
export const showPerson = async (db: Database, tenant: string, id: string): Promise<PersonPage> => {
  const key = [tenant, id]
  const row = await one(db, `select * from matchbook.person where tenant = $1 and id = $2`, key)
  const { contacts, ...person } = row ?? {}
  const pid = await one(db, `select pid, canonical_pid from matchbook.pid where tenant = $1 and person_id = $2`, key)
  const link = await one(db, `select * from matchbook.person_voter where tenant = $1 and person_id = $2`, key)
  const review = await one(db, `select * from matchbook.review where tenant = $1 and person_id = $2`, key)
  const book = await one(
    db,
    `select outcome, reason, state, svid, match_type, score, duplicate_of, verdict, ruleset, threshold, voter_files,
            run_id, decided_at, decision, entry -> 'reopened' as reopened,
            entry -> 'verdict' as said, entry -> 'rejected' as rejected
       from matchbook.book where tenant = $1 and person_id = $2`,
    key,
  )
  const { decision, reopened, said, rejected, ...standing } = book ?? {}
  const custom = await orThrow(
    db.query<{ field: string; value: string }>(
      `select field, value from matchbook.person_custom_field where tenant = $1 and person_id = $2 order by field`,
      key,
    ),
  )
  return {
    person,
    pid: pid as PersonPage['pid'],
    link,
    review,
    standing: book === null ? null : standing,
    reopened: reopenedOf(reopened),
    verdict: (said as Verdict | null | undefined) ?? null,
    rejected: (rejected as readonly RejectedPair[] | null | undefined) ?? [],
    candidates: (decision as { candidates?: readonly unknown[] } | undefined)?.candidates ?? [],
    contacts: (contacts as readonly unknown[] | undefined) ?? [],
    customFields: Object.fromEntries(custom.map(({ field, value }) => [field, value])),
  }
}

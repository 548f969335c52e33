import type { Json } from '../../events/canonical-json.js'
import type { EventOf } from '../../events/catalogue.js'
import type { Decision } from '../../events/matchbook.js'
import type { Placed } from '../../projections/family.js'
import { type Contribution, versionOf } from '../../projections/person/contributions.js'
import { settled } from '../decide/assign.js'
import { emptyEntry, evolve } from '../decide/entry.js'
import { orThrow } from '../errors.js'
import type { VoterIndex } from '../match/voter-index.js'
import { voterVersion } from '../match/voter-version.js'
import type { RawPerson } from '../runs/prepare-person.js'
import type { Workplace } from '../workplace.js'
import { type JsonDifference, jsonDifferences } from './json-differences.js'
import { placedAt } from './person-history.js'

export type Decided = Placed<EventOf<'MatchDecided'>>

export interface DecisionDifference {
  readonly position: number
  readonly personId: string
  readonly runId: string
  /** that made the decision */
  readonly engine: string
  readonly fields: readonly JsonDifference[]
}

/** What a decision rested on of the person. */
export interface Evidence {
  readonly person: RawPerson
  /** hex; the version of the data that was found, which is the recorded one unless data is gone */
  readonly version: string
}

type Deps = Pick<Workplace, 'db' | 'store' | 'tenant'>

/** The person's data and pins behind each decision, by the decision's position. */
export const evidenceOf = async (deps: Deps, batch: readonly Decided[]): Promise<ReadonlyMap<number, Evidence>> => {
  const ids = [...new Set(batch.map(({ event }) => event.data.personId))]
  const rows = await orThrow(
    deps.db.query<{ id: string; contacts: string }>(
      `select id, contacts::text as contacts from matchbook.person where tenant = $1 and id = any($2::uuid[])`,
      [deps.tenant, ids],
    ),
  )
  const contacts = new Map(rows.map((row) => [row.id, row.contacts]))
  const spoken = await ledgersOf(deps, ids)
  return new Map(
    batch.map(({ position, event: { data } }): [number, Evidence] => {
      const { personId, inputVersion } = data
      const found = contactsOfVersion(contacts.get(personId) ?? '[]', inputVersion)
      const ledger = spoken.get(personId) ?? []
      const before = ledger.filter((one) => one.position < position)
      const entry = before.reduce((at, one) => evolve(at, one.event, one.position), emptyEntry)
      const excluded = entry.rejected.filter((pair) => pair.inputVersion === inputVersion)
      return [position, { person: { contacts: found.contacts, excluded }, version: found.version }]
    }),
  )
}

/** The contacts as they were at a version; as they are now when they never were. */
const contactsOfVersion = (text: string, version: string): { readonly contacts: string; readonly version: string } => {
  const all = JSON.parse(text) as readonly Contribution[]
  const now = versionOf(all)
  if (now === version) return { contacts: text, version }
  for (let count = all.length - 1; count > 0; count--) {
    const some = all.slice(0, count)
    if (versionOf(some) === version) return { contacts: JSON.stringify(some), version }
  }
  return { contacts: text, version: now }
}

/** The ledger of those persons of whom a human has said something; the others have no pins. */
const ledgersOf = async (
  { db, store, tenant }: Deps,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly Placed[]>> => {
  const rows = await orThrow(
    db.query<{ person_id: string; positions: readonly number[] }>(
      `select person_id, array_agg(position::float8 order by position) as positions
         from matchbook.match_history
        where tenant = $1 and person_id = any($2::uuid[])
        group by person_id
       having bool_or(event_type in ('CandidateRejected', 'PersonUnlinked'))`,
      [tenant, ids],
    ),
  )
  const ledgers = new Map<string, readonly Placed[]>()
  for (const { person_id: id, positions } of rows) ledgers.set(id, await placedAt(store, positions))
  return ledgers
}

const claimOf = (personId: string, { state, svid }: Decision): string => `${personId} ${state}:${svid}`

/** Who has ever been linked to the voter that a duplicate was told it holds, of those that these decisions name. */
export const holdersOf = async ({ db, tenant }: Deps, batch: readonly Decided[]): Promise<ReadonlySet<string>> => {
  const duplicates = batch.flatMap(({ event: { data } }) => (data.decision.duplicateOf === undefined ? [] : [data]))
  if (duplicates.length === 0) return new Set()
  const rows = await orThrow(
    db.query<{ person_id: string; state: string; svid: string }>(
      `select distinct h.person_id, h.state, h.svid
         from unnest($2::uuid[], $3::text[], $4::text[]) as wanted (person_id, state, svid)
         join matchbook.match_history h
           on h.tenant = $1 and h.person_id = wanted.person_id and h.state = wanted.state and h.svid = wanted.svid
        where h.outcome = 'linked'`,
      [
        tenant,
        duplicates.map(({ decision }) => decision.duplicateOf),
        duplicates.map(({ decision }) => decision.state),
        duplicates.map(({ decision }) => decision.svid),
      ],
    ),
  )
  return new Set(rows.map(({ person_id: id, state, svid }) => `${id} ${state}:${svid}`))
}

interface Again {
  /** what matching proposes, before voters are shared out */
  readonly proposal: Decision
  /** of the proposal's best candidate */
  readonly index: VoterIndex | undefined
  readonly row: number
  readonly known: Evidence
  readonly holders: ReadonlySet<string>
}

/** How a recorded decision differs from what is decided now; undefined when not a byte does. */
export const differencesOf = (
  { position, event }: Decided,
  { proposal, index, row, known, holders }: Again,
): DecisionDifference | undefined => {
  const { personId, runId, decision, voterVersion: recordedVersion, inputVersion } = event.data
  const keeper = decision.duplicateOf ?? personId
  const holds = keeper === personId || holders.has(claimOf(keeper, decision))
  const again = settled(proposal, personId, keeper)
  const version = again.outcome === 'linked' && index !== undefined ? voterVersion(index, row) : undefined
  const recorded = { decision, inputVersion, holds: true, voterVersion: recordedVersion }
  const reproduced = { decision: again, inputVersion: known.version, holds, voterVersion: version }
  const fields = jsonDifferences(recorded as unknown as Json, reproduced as unknown as Json)
  return fields.length === 0 ? undefined : { position, personId, runId, engine: event.meta.engine, fields }
}

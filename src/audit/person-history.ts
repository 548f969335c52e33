import type { EventOf } from '../../events/catalogue.js'
import { importStream } from '../../events/streams.js'
import type { Placed } from '../../projections/family.js'
import type { Contribution } from '../../projections/person/contributions.js'
import type { SourcedContact } from '../../projections/person/sourced-contact.js'
import { placed } from '../../projections/read-events.js'
import { appError, orThrow } from '../errors.js'
import type { EventStore } from '../store/event-store.js'
import type { Workplace } from '../workplace.js'

/** Every event that speaks of one person, in the order of the store. */
export interface PersonHistory {
  readonly contacts: readonly SourcedContact[]
  readonly ledger: readonly Placed[]
}

/** The event of a contact: each row of a list stands at the revision of its number. Throws BAD_EVENT. */
const contactOf = async (store: EventStore, tenant: string, { batch, row, source }: Contribution) => {
  const stream = importStream(tenant, batch)
  for await (const [stored] of store.readStream(stream, { from: row, to: row })) {
    const found = stored === undefined ? undefined : placed(stored)
    if (found?.event.type !== 'ContactImported') break
    return { ...(found as Placed<EventOf<'ContactImported'>>), source }
  }
  throw appError('BAD_EVENT', `revision ${row} of stream ${stream} is no contact`, { stream, revision: row })
}

/** The ledger events at these positions, placed. */
export const placedAt = async (store: EventStore, positions: readonly number[]): Promise<readonly Placed[]> =>
  (await orThrow(store.readEvents(positions))).map(placed)

/** Reads one person's events: a handful, found through the tables. */
export const personHistory = async (
  { db, store, tenant }: Pick<Workplace, 'db' | 'store' | 'tenant'>,
  personId: string,
): Promise<PersonHistory> => {
  const [row] = await orThrow(
    db.query<{ contacts: readonly Contribution[]; positions: readonly number[] | null }>(
      `select p.contacts, (select array_agg(h.position::float8 order by h.position) from matchbook.match_history h
                            where h.tenant = p.tenant and h.person_id = p.id) as positions
         from matchbook.person p where p.tenant = $1 and p.id = $2`,
      [tenant, personId],
    ),
  )
  const contacts = await Promise.all((row?.contacts ?? []).map((one) => contactOf(store, tenant, one)))
  return { contacts, ledger: await placedAt(store, row?.positions ?? []) }
}

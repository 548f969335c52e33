import type { Contact } from '../../events/contact.js'
import { type PersonKey, personKeys } from '../../projections/person/person-keys.js'
import { orThrow } from '../errors.js'
import type { Database } from '../postgres/connect.js'

export interface KnownPerson {
  readonly personId: string
  readonly pid: string
}

export interface Found extends KnownPerson {
  readonly foundBy: PersonKey['kind']
}

/** Keys that a batch added, which may not have reached the tables yet. */
export type RecentKeys = ReadonlyMap<string, KnownPerson>

export interface PersonFinder {
  readonly find: (contact: Contact) => Found | undefined
  /** Remembers whose keys these are; the first person to have a key keeps it. */
  readonly remember: (contact: Contact, person: KnownPerson) => void
  /** The keys that this batch added, for the next one to know of. */
  readonly added: RecentKeys
}

/**
 * The duplicate rule for a batch of contacts: first and last name, and phone or e-mail or address with ZIP, on normalised
 * values. One look-up by index for the whole batch; what it adds itself, and what the batches just before it added
 * (`recent`), is kept beside it.
 */
export const findPersons = async (
  db: Database,
  tenant: string,
  contacts: readonly Contact[],
  recent: readonly RecentKeys[],
): Promise<PersonFinder> => {
  const keysOf = new Map<Contact, readonly PersonKey[]>()
  for (const contact of contacts) keysOf.set(contact, personKeys(contact))
  const wanted = [...keysOf.values()].flatMap((keys) => keys.map(({ key }) => key))
  const known = new Map<string, KnownPerson>()
  const added = new Map<string, KnownPerson>()
  for (const { key, person_id, pid } of await selectByKeys(db, tenant, wanted))
    known.set(key, { personId: person_id, pid })
  const places = [known, ...recent, added]
  const ownerOf = (key: string): KnownPerson | undefined => {
    for (const place of places) {
      const person = place.get(key)
      if (person !== undefined) return person
    }
    return undefined
  }
  return {
    added,
    find: (contact) => {
      for (const { kind, key } of keysOf.get(contact) ?? []) {
        const person = ownerOf(key)
        if (person !== undefined) return { ...person, foundBy: kind }
      }
      return undefined
    },
    remember: (contact, person) => {
      for (const { key } of keysOf.get(contact) ?? []) if (ownerOf(key) === undefined) added.set(key, person)
    },
  }
}

/** Key by key, which the LIMIT makes sure of: without it the plan goes by statistics that an import outruns. */
const selectByKeys = (db: Database, tenant: string, keys: readonly string[]) =>
  orThrow(
    db.query<{ key: string; person_id: string; pid: string }>(
      `select wanted.key, found.person_id, found.pid
         from unnest($2::uuid[]) as wanted (key)
        cross join lateral (
              select k.person_id, p.pid
                from matchbook.person_key k
                join matchbook.person p on p.tenant = k.tenant and p.id = k.person_id
               where k.tenant = $1 and k.key = wanted.key
               limit 1) as found`,
      // UUIDs need no quotes: the client library takes as long to escape them as all the rest of the look-up
      [tenant, `{${keys.join(',')}}`],
    ),
  )

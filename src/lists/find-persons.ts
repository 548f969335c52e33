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

export interface PersonFinder {
  readonly find: (contact: Contact) => Found | undefined
  /** Remembers whose keys these are; the first person to have a key keeps it. */
  readonly remember: (contact: Contact, person: KnownPerson) => void
}

/**
 * The duplicate rule for a batch of contacts: first and last name, and phone or e-mail or address with ZIP, on normalised
 * values. One look-up by index for the whole batch; what the batch itself adds is kept beside it.
 */
export const findPersons = async (
  db: Database,
  tenant: string,
  contacts: readonly Contact[],
): Promise<PersonFinder> => {
  const keysOf = new Map<Contact, readonly PersonKey[]>()
  for (const contact of contacts) keysOf.set(contact, personKeys(contact))
  const wanted = [...keysOf.values()].flatMap((keys) => keys.map(({ key }) => key))
  const known = new Map<string, KnownPerson>()
  for (const { key, person_id, pid } of await selectByKeys(db, tenant, wanted))
    known.set(key, { personId: person_id, pid })
  return {
    find: (contact) => {
      for (const { kind, key } of keysOf.get(contact) ?? []) {
        const person = known.get(key)
        if (person !== undefined) return { ...person, foundBy: kind }
      }
      return undefined
    },
    remember: (contact, person) => {
      for (const { key } of keysOf.get(contact) ?? []) if (!known.has(key)) known.set(key, person)
    },
  }
}

const selectByKeys = (db: Database, tenant: string, keys: readonly string[]) =>
  orThrow(
    db.query<{ key: string; person_id: string; pid: string }>(
      `select k.key, k.person_id, p.pid
         from matchbook.person_key k
         join matchbook.person p on p.tenant = k.tenant and p.id = k.person_id
        where k.tenant = $1 and k.key = any($2::uuid[])`,
      [tenant, keys],
    ),
  )

import { createHash } from 'node:crypto'
import { canonicalJson, type Json } from '../../events/canonical-json.js'
import type { Contact } from '../../events/contact.js'

interface ContactPlace {
  readonly contactId: string
  readonly batch: string
  readonly row: number
  readonly source: string
}

/** What one contact brought to a person: a contact, or the index of the earlier one that says the same. */
export type Contribution = ContactPlace & ({ readonly contact: Contact } | { readonly same: number })

/** Equal for contacts that say the same of a person; the list's own id and what is never compared don't count. */
const saying = ({ id: _i, custom: _c, ...compared }: Contact): string => canonicalJson(compared as Json)

export const withContribution = (
  before: readonly Contribution[],
  place: ContactPlace,
  contact: Contact,
): readonly Contribution[] => {
  if (before.length === 0) return [{ ...place, contact }]
  const said = saying(contact)
  const same = before.findIndex((one) => 'contact' in one && saying(one.contact) === said)
  return [...before, same < 0 ? { ...place, contact } : { ...place, same }]
}

/** Hex SHA-256 over the contacts that brought something new: unchanged while nothing new is said. */
export const versionOf = (contributions: readonly Contribution[]): string =>
  createHash('sha256')
    .update(contributions.flatMap((one) => ('contact' in one ? [one.contactId] : [])).join(','))
    .digest('hex')

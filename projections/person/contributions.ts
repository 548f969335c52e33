import { canonicalJson, type Json } from '../../events/canonical-json.js'
import type { Contact } from '../../events/contact.js'
import { sha256Hex } from '../../events/sha256.js'
import type { SourcedContact } from './sourced-contact.js'

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

/** What a contact brings to a person that has these already; keys in canonical order, see canonicalJson. */
export const contribution = (before: readonly Contribution[], { event, source }: SourcedContact): Contribution => {
  const { contactId, batch, row } = event.data
  const { contact } = event.pii
  if (before.length === 0) return { batch, contact, contactId, row, source }
  const said = saying(contact)
  const same = before.findIndex((one) => 'contact' in one && saying(one.contact) === said)
  return same < 0 ? { batch, contact, contactId, row, source } : { batch, contactId, row, same, source }
}

/** Hex SHA-256 over the contacts that brought something new: unchanged while nothing new is said. */
export const versionOf = (contributions: readonly Contribution[]): string =>
  sha256Hex(contributions.flatMap((one) => ('contact' in one ? [one.contactId] : [])).join(','))

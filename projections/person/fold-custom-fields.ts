import { keyText, RowSet } from '../row-set.js'
import type { SourcedContact } from './sourced-contact.js'
import { personCustomField } from './tables.js'

const none: Readonly<Record<string, string>> = {}

/** The newest value of each field that lists add: as the list names it, and `extra.NAME` for those that are compared. */
export const customFieldChanges = (contacts: readonly SourcedContact[]): RowSet => {
  const set = new RowSet(personCustomField)
  const take = ({ event }: SourcedContact, field: string, value: string | undefined): void => {
    if (value === undefined || value === '') return
    const { tenant, personId, isNew } = event.data
    const row = { tenant, person_id: personId, field, value }
    const key = keyText(tenant, personId, field)
    if (isNew) set.insert(key, row)
    else set.replace(key, row)
  }
  for (const contact of contacts) {
    const { custom = none, extra = none } = contact.event.pii.contact
    for (const name of Object.keys(custom)) take(contact, name, custom[name])
    for (const name of Object.keys(extra)) take(contact, `extra.${name}`, extra[name])
  }
  return set
}

import { RowSet } from '../row-set.js'
import { customValues } from './contact-values.js'
import type { SourcedContact } from './sourced-contact.js'
import { personCustomField } from './tables.js'

/** The newest value of each field that lists add. */
export const customFieldChanges = (contacts: readonly SourcedContact[]): RowSet => {
  const set = new RowSet(personCustomField)
  for (const { event } of contacts) {
    const { tenant, personId, isNew } = event.data
    for (const [field, value] of customValues(event.pii.contact)) {
      const row = { tenant, person_id: personId, field, value }
      if (isNew) set.insert(row)
      else set.replace(row)
    }
  }
  return set
}

import { keyText, type Row, RowSet } from '../row-set.js'
import type { RowReader } from '../rows.js'
import { personKeys } from './person-keys.js'
import type { SourcedContact } from './sourced-contact.js'
import { personKey } from './tables.js'

/** The keys that these contacts are the first to have. */
export const keyChanges = async (reader: RowReader, contacts: readonly SourcedContact[]): Promise<RowSet> => {
  const first = new Map<string, Row>()
  for (const { event } of contacts) {
    const { tenant, personId } = event.data
    for (const { key } of personKeys(event.pii.contact)) {
      const place = keyText(tenant, key)
      if (!first.has(place)) first.set(place, { tenant, key, person_id: personId })
    }
  }
  // a person that is new here may still share a key with one that another import made at the same time
  const taken = await reader.select(personKey, personKey.key, [...first.values()], personKey.key)
  for (const row of taken) first.delete(keyText(row['tenant']!, row['key']!))
  const set = new RowSet(personKey)
  for (const row of first.values()) set.add(row)
  return set
}

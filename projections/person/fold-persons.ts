import { canonicalJson, type Json } from '../../events/canonical-json.js'
import { badEvent } from '../bad-event.js'
import { keyText, RowSet } from '../row-set.js'
import type { RowReader } from '../rows.js'
import { takeContact } from './contact-values.js'
import { type Contribution, contribution, versionOf } from './contributions.js'
import { newPersonRow, type PersonRow, storedPersonRow } from './person-row.js'
import type { SourcedContact } from './sourced-contact.js'
import { person } from './tables.js'

interface FoldedPerson {
  readonly row: PersonRow
  readonly contributions: Contribution[]
  readonly isNew: boolean
}

/** The stored persons that these contacts add to; a new person has no rows yet and is not asked for. */
const loadPersons = async (
  reader: RowReader,
  contacts: readonly SourcedContact[],
): Promise<Map<string, FoldedPerson>> => {
  const keys = new Map<string, { readonly tenant: string; readonly id: string }>()
  for (const { event } of contacts) {
    const { tenant, personId, isNew } = event.data
    if (!isNew) keys.set(keyText(tenant, personId), { tenant, id: personId })
  }
  const rows = await reader.select(person, person.key, [...keys.values()])
  return new Map(
    rows.map((row) => [
      keyText(row['tenant']!, row['id']!),
      { row: storedPersonRow(row), contributions: JSON.parse(row['contacts']!) as Contribution[], isNew: false },
    ]),
  )
}

/** Each person once, as it stands after these contacts. Throws BAD_EVENT for a known person that isn't there. */
export const foldPersons = async (reader: RowReader, contacts: readonly SourcedContact[]): Promise<RowSet> => {
  const persons = await loadPersons(reader, contacts)
  for (const contact of contacts) {
    const { tenant, personId, isNew } = contact.event.data
    const key = keyText(tenant, personId)
    let folded = persons.get(key)
    if (isNew === (folded !== undefined)) {
      throw badEvent(contact, `person ${personId} ${isNew ? 'is there already' : 'has no earlier contact'}`)
    }
    if (folded === undefined) {
      folded = { row: newPersonRow(contact), contributions: [], isNew: true }
      persons.set(key, folded)
    }
    takeContact(folded.row, contact.event.pii.contact)
    folded.contributions.push(contribution(folded.contributions, contact))
  }
  return changesOf(persons)
}

const changesOf = (persons: ReadonlyMap<string, FoldedPerson>): RowSet => {
  const set = new RowSet(person)
  for (const [key, { row, contributions, isNew }] of persons) {
    row.version = versionOf(contributions)
    row.contacts = canonicalJson(contributions as unknown as Json)
    if (isNew) set.add(row)
    else set.replace(key, row)
  }
  return set
}

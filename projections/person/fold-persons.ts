import { canonicalJson, type Json } from '../../events/canonical-json.js'
import { badEvent } from '../bad-event.js'
import type { Reader } from '../in-turn.js'
import { keyText, RowSet } from '../row-set.js'
import { selectByKeys } from '../select-by-keys.js'
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
  reader: Reader,
  schema: string,
  contacts: readonly SourcedContact[],
): Promise<Map<string, FoldedPerson>> => {
  const keys = new Map<string, { readonly tenant: string; readonly id: string }>()
  for (const { event } of contacts) {
    const { tenant, personId, isNew } = event.data
    if (!isNew) keys.set(keyText(tenant, personId), { tenant, id: personId })
  }
  const rows = await selectByKeys(reader, schema, person, person.key, [...keys.values()])
  return new Map(
    rows.map((row) => [
      keyText(row['tenant']!, row['id']!),
      { row: storedPersonRow(row), contributions: JSON.parse(row['contacts']!) as Contribution[], isNew: false },
    ]),
  )
}

/** Each person once, as it stands after these contacts. Throws BAD_EVENT for a known person that isn't there. */
export const foldPersons = async (
  reader: Reader,
  schema: string,
  contacts: readonly SourcedContact[],
): Promise<RowSet> => {
  const persons = await loadPersons(reader, schema, contacts)
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

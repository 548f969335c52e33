import { canonicalJson, type Json } from '../../events/canonical-json.js'
import type { Client } from '../../src/postgres/connect.js'
import { badEvent } from '../bad-event.js'
import { keyText, type Row, RowSet } from '../row-set.js'
import { selectByKeys } from '../select-by-keys.js'
import { storable } from '../storable.js'
import { withContact } from './contact-values.js'
import { type Contribution, versionOf, withContribution } from './contributions.js'
import type { SourcedContact } from './sourced-contact.js'
import { person } from './tables.js'

interface FoldedPerson {
  /** all columns but `version` and `contacts`, which follow from the contributions */
  readonly row: Row
  readonly contributions: readonly Contribution[]
  readonly isNew: boolean
}

/** The stored persons that these contacts add to; a new person has no rows yet and is not asked for. */
const loadPersons = async (
  client: Client,
  schema: string,
  contacts: readonly SourcedContact[],
): Promise<Map<string, FoldedPerson>> => {
  const born = new Set<string>()
  const known = new Map<string, readonly string[]>()
  for (const { event } of contacts) {
    const { tenant, personId, isNew } = event.data
    const key = keyText(tenant, personId)
    if (isNew) born.add(key)
    else if (!born.has(key)) known.set(key, [tenant, personId])
  }
  const rows = await selectByKeys(client, schema, person, person.key, [...known.values()])
  return new Map(
    rows.map((row) => [
      keyText(row['tenant']!, row['id']!),
      { row, contributions: JSON.parse(row['contacts']!) as readonly Contribution[], isNew: false },
    ]),
  )
}

/** jsonb can't hold NUL, not even escaped. */
const originalJson = (original: Readonly<Record<string, string>>): string => {
  const json = JSON.stringify(original)
  if (!json.includes('\\u0000')) return json
  return JSON.stringify(Object.fromEntries(Object.entries(original).map((pair) => pair.map(storable))))
}

const newRow = ({ event, position, source }: SourcedContact): Row => ({
  tenant: event.data.tenant,
  id: event.data.personId,
  pid: event.data.pid,
  import_source: source,
  import_date: event.meta.recordedAt,
  import_batch_id: event.data.batch,
  original_data: originalJson(event.pii.original),
  position,
})

/** Each person once, as it stands after these contacts. Throws BAD_EVENT for a known person that isn't there. */
export const foldPersons = async (
  client: Client,
  schema: string,
  contacts: readonly SourcedContact[],
): Promise<RowSet> => {
  const persons = await loadPersons(client, schema, contacts)
  for (const contact of contacts) {
    const { event, source } = contact
    const { tenant, personId, isNew, contactId, batch, row } = event.data
    const key = keyText(tenant, personId)
    const before = persons.get(key)
    if (isNew === (before !== undefined)) {
      throw badEvent(contact, `person ${personId} ${isNew ? 'is there already' : 'has no earlier contact'}`)
    }
    persons.set(key, {
      row: withContact(before?.row ?? newRow(contact), event.pii.contact),
      contributions: withContribution(
        before?.contributions ?? [],
        { contactId, batch, row, source },
        event.pii.contact,
      ),
      isNew: before?.isNew ?? true,
    })
  }
  return changesOf(persons.values())
}

const changesOf = (persons: Iterable<FoldedPerson>): RowSet => {
  const set = new RowSet(person)
  for (const { row, contributions, isNew } of persons) {
    const contacts = canonicalJson(contributions as unknown as Json)
    const whole = { ...row, version: versionOf(contributions), contacts }
    if (isNew) set.insert(whole)
    else set.replace(whole)
  }
  return set
}

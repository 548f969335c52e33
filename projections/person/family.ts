import type { Client } from '../../src/postgres/connect.js'
import type { Family, Placed } from '../family.js'
import { type BatchCounts, batchCounts, type ImportEvent } from './batch-counts.js'
import { customFieldChanges } from './fold-custom-fields.js'
import { keyChanges } from './fold-keys.js'
import { foldPersons } from './fold-persons.js'
import type { SourcedContact } from './sourced-contact.js'
import { importBatch, person, personCustomField, personKey } from './tables.js'

const isImportEvent = (placed: Placed): placed is Placed<ImportEvent> => {
  const { type } = placed.event
  return (
    type === 'ContactImported' || type === 'ContactRejected' || type === 'ImportStarted' || type === 'ImportCompleted'
  )
}

const sourced = (events: readonly Placed<ImportEvent>[], batches: BatchCounts): readonly SourcedContact[] =>
  events.flatMap((placed) => {
    const source = batches.take(placed)
    const { event } = placed
    return event.type === 'ContactImported' ? [{ ...placed, event, source }] : []
  })

/** Lists and the persons folded from their contacts. */
export const personFamily: Family = {
  name: 'person',
  tables: [importBatch, person, personCustomField, personKey],
  fold: async (client: Client, schema: string, all: readonly Placed[]) => {
    const events = all.filter(isImportEvent)
    if (events.length === 0) return []
    const batches = await batchCounts(client, schema, events)
    const contacts = sourced(events, batches)
    const persons = await foldPersons(client, schema, contacts)
    return [batches.changes(), persons, customFieldChanges(contacts), await keyChanges(client, schema, contacts)]
  },
}

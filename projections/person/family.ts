import { familyOf, type Placed } from '../family.js'
import { type BatchCounts, batchCounts, type ImportEvent } from './batch-counts.js'
import { customFieldChanges } from './fold-custom-fields.js'
import { keyChanges } from './fold-keys.js'
import { foldPersons } from './fold-persons.js'
import type { SourcedContact } from './sourced-contact.js'
import { importBatch, person, personCustomField, personKey } from './tables.js'

const sourced = (events: readonly Placed<ImportEvent>[], batches: BatchCounts): readonly SourcedContact[] =>
  events.flatMap((placed) => {
    const source = batches.take(placed)
    const { event } = placed
    return event.type === 'ContactImported' ? [{ ...placed, event, source }] : []
  })

/** Lists and the persons folded from their contacts. */
export const personFamily = familyOf({
  name: 'person',
  tables: [importBatch, person, personCustomField, personKey],
  types: ['ImportStarted', 'ContactImported', 'ContactRejected', 'ImportCompleted'],
  fold: async function* (reader, events) {
    if (events.length === 0) return
    const batches = await batchCounts(reader, events)
    const contacts = sourced(events, batches)
    // asked first: the server looks the keys up while the persons are folded
    const keys = keyChanges(reader, contacts)
    keys.catch(() => undefined)
    yield batches.changes()
    yield await foldPersons(reader, contacts)
    yield customFieldChanges(contacts)
    yield await keys
  },
})

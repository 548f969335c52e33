import { type Entry, emptyEntry, evolve, isLedgerEvent, type LedgerEvent } from '../../src/decide/entry.js'
import type { Client } from '../../src/postgres/connect.js'
import type { Placed } from '../family.js'
import { keyText } from '../row-set.js'
import { isoTime, selectByKeys, type TextRow } from '../select-by-keys.js'
import { entryOf } from './entry-row.js'
import { book } from './tables.js'

/** One person's entry before and after one ledger event. */
export interface Step {
  readonly placed: Placed<LedgerEvent>
  readonly tenant: string
  readonly personId: string
  readonly before: Entry
  readonly after: Entry
}

/** An entry as it was stored before the batch. */
export interface StoredEntry {
  readonly entry: Entry
  readonly reviewSince: string | null
}

export interface FoldedEntries {
  readonly steps: readonly Step[]
  readonly stored: ReadonlyMap<string, StoredEntry>
}

const storedEntry = (row: TextRow): StoredEntry => {
  const since = row['review_since'] ?? null
  return { entry: entryOf(row), reviewSince: since === null ? null : isoTime(since) }
}

/** Folds the ledger events in order, each person from where the book has it. */
export const foldEntries = async (
  client: Client,
  schema: string,
  events: readonly Placed[],
): Promise<FoldedEntries> => {
  const own = events.filter((placed): placed is Placed<LedgerEvent> => isLedgerEvent(placed.event))
  const keys = new Map<string, readonly string[]>()
  for (const { event } of own)
    keys.set(keyText(event.data.tenant, event.data.personId), [event.data.tenant, event.data.personId])
  const rows = await selectByKeys(client, schema, book, book.key, [...keys.values()])
  const stored = new Map(rows.map((row) => [keyText(row['tenant']!, row['person_id']!), storedEntry(row)]))
  const latest = new Map<string, Entry>()
  const steps = own.map((placed): Step => {
    const { tenant, personId } = placed.event.data
    const key = keyText(tenant, personId)
    const before = latest.get(key) ?? stored.get(key)?.entry ?? emptyEntry
    const after = evolve(before, placed.event, placed.position)
    latest.set(key, after)
    return { placed, tenant, personId, before, after }
  })
  return { steps, stored }
}

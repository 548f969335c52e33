import {
  type Entry,
  emptyEntry,
  evolve,
  isLedgerEvent,
  type LedgerEvent,
  type Standing,
  standing,
} from '../../src/decide/entry.js'
import type { Placed } from '../family.js'
import { keyText, type Row } from '../row-set.js'
import type { RowReader } from '../rows.js'
import { isoTime, type TextRow } from '../select-by-keys.js'
import { entryOf } from './entry-row.js'
import { book } from './tables.js'

/** One person's entry before and after one ledger event, and how the person stood by it. */
export interface Step {
  /** tells persons apart */
  readonly key: string
  readonly placed: Placed<LedgerEvent>
  readonly tenant: string
  readonly personId: string
  readonly before: Entry
  readonly was: Standing | null
  readonly after: Entry
  readonly now: Standing | null
}

interface StoredEntry {
  readonly entry: Entry
  readonly now: Standing | null
  readonly reviewSince: string | null
}

export interface FoldedEntries {
  readonly steps: readonly Step[]
  /** as the book had them before the batch */
  readonly stored: ReadonlyMap<string, StoredEntry>
}

const storedEntry = (row: TextRow): StoredEntry => {
  const since = row['review_since'] ?? null
  const entry = entryOf(row)
  return { entry, now: standing(entry), reviewSince: since === null ? null : isoTime(since) }
}

const loadEntryRows = (reader: RowReader, events: readonly Placed<LedgerEvent>[]) => {
  const keys = new Map<string, Row>()
  for (const { event } of events) {
    const { tenant, personId } = event.data
    keys.set(keyText(tenant, personId), { tenant, person_id: personId })
  }
  return reader.select(book, book.key, [...keys.values()])
}

/** Folds the ledger events in order, each person from where the book has it. */
export const foldEntries = async (reader: RowReader, events: readonly Placed[]): Promise<FoldedEntries> => {
  const own = events.filter((placed): placed is Placed<LedgerEvent> => isLedgerEvent(placed.event))
  const stored = new Map<string, StoredEntry>()
  for (const row of await loadEntryRows(reader, own)) {
    stored.set(keyText(row['tenant']!, row['person_id']!), storedEntry(row))
  }
  const latest = new Map<string, { readonly entry: Entry; readonly now: Standing | null }>(stored)
  const steps = own.map((placed): Step => {
    const { tenant, personId } = placed.event.data
    const key = keyText(tenant, personId)
    const last = latest.get(key)
    const before = last?.entry ?? emptyEntry
    const after = evolve(before, placed.event, placed.position)
    const now = standing(after)
    latest.set(key, { entry: after, now })
    return { key, placed, tenant, personId, before, was: last?.now ?? null, after, now }
  })
  return { steps, stored }
}

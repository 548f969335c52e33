import type { EventOf } from '../../events/catalogue.js'
import { badEvent } from '../bad-event.js'
import type { EventNamed, Placed } from '../family.js'
import { keyText, type Row, RowSet } from '../row-set.js'
import type { RowReader } from '../rows.js'
import type { TextRow } from '../select-by-keys.js'
import { importBatch } from './tables.js'

export type ImportEvent = EventNamed<'ImportStarted' | 'ContactImported' | 'ContactRejected' | 'ImportCompleted'>

interface Counts {
  readonly about: Row
  readonly source: string
  completedAt: string | null
  imported: number
  rejected: number
  newPersons: number
  knownPersons: number
  lastRow: number
}

const storedCounts = (row: TextRow): Counts => ({
  about: row,
  source: row['source']!,
  completedAt: row['completed_at']!,
  imported: Number(row['imported']),
  rejected: Number(row['rejected']),
  newPersons: Number(row['new_persons']),
  knownPersons: Number(row['known_persons']),
  lastRow: Number(row['last_row']),
})

const startedCounts = ({ data, meta }: EventOf<'ImportStarted'>): Counts => ({
  about: {
    tenant: data.tenant,
    batch: data.batch,
    source: data.source,
    file_name: data.fileName,
    list_hash: data.listHash,
    started_at: meta.recordedAt,
    rows: data.rows,
  },
  source: data.source,
  completedAt: null,
  imported: 0,
  rejected: 0,
  newPersons: 0,
  knownPersons: 0,
  lastRow: 0,
})

const count = (counts: Counts, event: Exclude<ImportEvent, EventOf<'ImportStarted'>>): void => {
  if (event.type === 'ImportCompleted') {
    counts.completedAt = event.meta.recordedAt
    return
  }
  counts.lastRow = Math.max(counts.lastRow, event.data.row)
  if (event.type === 'ContactRejected') counts.rejected++
  else {
    counts.imported++
    if (event.data.isNew) counts.newPersons++
    else counts.knownPersons++
  }
}

/** The import batches that some events speak of, counted on from where the table stands. */
export interface BatchCounts {
  /** Takes an event in and answers its batch's source. Throws the AppError BAD_EVENT for a batch that never started. */
  readonly take: (placed: Placed<ImportEvent>) => string
  readonly changes: () => RowSet
}

export const batchCounts = async (reader: RowReader, events: readonly Placed<ImportEvent>[]): Promise<BatchCounts> => {
  const keys = new Map<string, Row>()
  for (const { event } of events) {
    const { tenant, batch } = event.data
    keys.set(keyText(tenant, batch), { tenant, batch })
  }
  const rows = await reader.select(importBatch, importBatch.key, [...keys.values()])
  const known = new Map(rows.map((row) => [keyText(row['tenant']!, row['batch']!), storedCounts(row)]))
  return {
    take: (placed) => {
      const { event } = placed
      const key = keyText(event.data.tenant, event.data.batch)
      const counts = known.get(key)
      if (event.type === 'ImportStarted') {
        if (counts !== undefined) throw badEvent(placed, `batch ${event.data.batch} has started before`)
        known.set(key, startedCounts(event))
        return event.data.source
      }
      if (counts === undefined) throw badEvent(placed, `batch ${event.data.batch} has no ImportStarted before it`)
      count(counts, event)
      return counts.source
    },
    changes: () => {
      const set = new RowSet(importBatch)
      for (const [key, counts] of known) {
        set.replace(key, {
          ...counts.about,
          completed_at: counts.completedAt,
          imported: counts.imported,
          rejected: counts.rejected,
          new_persons: counts.newPersons,
          known_persons: counts.knownPersons,
          last_row: counts.lastRow,
        })
      }
      return set
    },
  }
}

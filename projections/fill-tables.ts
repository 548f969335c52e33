import type { EventType } from '../events/catalogue.js'
import { appError, orThrow } from '../src/errors.js'
import type { Database } from '../src/postgres/connect.js'
import type { EventStore } from '../src/store/event-store.js'
import { impersonalTo } from './families.js'
import type { Family, Placed } from './family.js'
import { foldBatches, prepareTransaction } from './fold-batch.js'
import { freshTables } from './fresh-rows.js'
import { headsOf, readEvents } from './read-events.js'
import { nextSchema } from './swap-tables.js'

/** What is filled, and how. */
export interface Filling {
  /** last position that is folded */
  readonly to: number
  /** events folded at once */
  readonly batchSize: number
  /** rows of a table that memory holds at most */
  readonly mostHeld: number
  /** types that none of the families folds */
  readonly without: readonly EventType[]
}

export interface Watch {
  readonly signal?: AbortSignal | undefined
  /** the position up to which all is folded */
  readonly onProgress: (position: number) => void
}

/** Events folded, by type. */
export type Counts = ReadonlyMap<EventType, number>

/**
 * Creates the families' tables in `matchbook_next`, folds all events up to `to` into them and builds their indexes, in one
 * transaction: a COPY into a table that the same transaction made writes no WAL where nobody replicates. Throws
 * AppErrors: BAD_EVENT, INTERRUPTED and what database and store say.
 */
export const fillTables = (
  db: Database,
  store: EventStore,
  families: readonly Family[],
  { to, batchSize, mostHeld, without }: Filling,
  { signal, onProgress }: Watch,
): Promise<Counts> => {
  const counts = new Map<EventType, number>()
  const read = headsOf(impersonalTo(families))
  async function* batches(): AsyncGenerator<readonly Placed[]> {
    for await (const batch of readEvents(store, { to, batchSize, without }, read)) {
      if (signal?.aborted === true) throw appError('INTERRUPTED', 'interrupted while replaying')
      yield batch
      for (const { event } of batch) counts.set(event.type, (counts.get(event.type) ?? 0) + 1)
      onProgress(batch[batch.length - 1]!.position)
    }
  }
  return orThrow(
    db.transaction(async (client) => {
      await prepareTransaction(client)
      const fresh = freshTables(
        nextSchema,
        families.flatMap(({ tables }) => tables),
        mostHeld,
      )
      await fresh.create(client)
      await foldBatches(client, fresh.rows, families, batches())
      await fresh.finish(client)
      return counts
    }),
  )
}

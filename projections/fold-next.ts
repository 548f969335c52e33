import { orThrow } from '../src/errors.js'
import type { Database } from '../src/postgres/connect.js'
import { lockProjections, moveCheckpoint, readCheckpoint } from './checkpoint.js'
import { families } from './families.js'
import type { Placed } from './family.js'
import { foldBatch, prepareTransaction } from './fold-batch.js'
import { liveSchema } from './table.js'

/** Where a batch left the live tables. */
export interface Step {
  /** where the checkpoint stands now */
  readonly position: number
  /** false when the checkpoint did not stand where the batch follows: nothing was written */
  readonly folded: boolean
}

/**
 * Folds `events` when the checkpoint stands at `after`, which they follow directly in the store, and moves it: one
 * transaction, under the lock. Else writes nothing. `eventId`: see `checkpoint`.
 */
export const foldNext = async (
  db: Database,
  events: readonly Placed[],
  after: number,
  eventId: string | null = null,
): Promise<Step> =>
  orThrow(
    db.transaction(async (client) => {
      await prepareTransaction(client)
      await lockProjections(client)
      const position = await readCheckpoint(client, liveSchema)
      if (position !== after) return { position, folded: false }
      await foldBatch(client, liveSchema, families, events)
      const last = events[events.length - 1]!.position
      await moveCheckpoint(client, liveSchema, last, eventId)
      return { position: last, folded: true }
    }),
  )

/** `foldNext` for batches of a gapless store that come before the one ahead of them is done. */
export const foldInTurn = (db: Database): ((events: readonly Placed[]) => Promise<Step>) => {
  let before: Promise<unknown> = Promise.resolve()
  return (events) => {
    const turn = before.then(() => foldNext(db, events, events[0]!.position - 1))
    before = turn.catch(() => undefined)
    return turn
  }
}

import { orThrow } from '../src/errors.js'
import type { Database } from '../src/postgres/connect.js'
import { lockProjections, moveCheckpoint, readCheckpoint } from './checkpoint.js'
import { families } from './families.js'
import type { Placed } from './family.js'
import { foldBatches, prepareTransaction } from './fold-batch.js'
import { storedRows } from './stored-rows.js'
import { liveSchema } from './table.js'

/** Where a batch left the live tables. */
export interface Step {
  /** where the checkpoint stands now */
  readonly position: number
  /** false when the batch did not follow the checkpoint directly: nothing was written */
  readonly folded: boolean
}

/** Folds `events` when they follow the checkpoint directly, and moves it: one transaction, under the lock. Else writes nothing. */
export const foldNext = async (db: Database, events: readonly Placed[]): Promise<Step> =>
  orThrow(
    db.transaction(async (client) => {
      await prepareTransaction(client)
      await lockProjections(client)
      const position = await readCheckpoint(client, liveSchema)
      if (events[0]!.position !== position + 1) return { position, folded: false }
      await foldBatches(client, storedRows(liveSchema), families, [events])
      const last = events[events.length - 1]!.position
      await moveCheckpoint(client, liveSchema, last)
      return { position: last, folded: true }
    }),
  )

/** `foldNext` for batches that come before the one ahead of them is done. */
export const foldInTurn = (db: Database): ((events: readonly Placed[]) => Promise<Step>) => {
  let before: Promise<unknown> = Promise.resolve()
  return (events) => {
    const turn = before.then(() => foldNext(db, events))
    before = turn.catch(() => undefined)
    return turn
  }
}

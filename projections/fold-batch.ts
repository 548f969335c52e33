import type { Client } from '../src/postgres/connect.js'
import type { Family, Placed } from './family.js'
import { type SharedClient, shareClient } from './in-turn.js'
import type { Rows } from './rows.js'

/**
 * Look-ups go by index whatever the tables' sizes, so a batch costs the same at the first and at the last row. Times are
 * read and written in UTC. A lost last transaction is only folded again, so its commit need not wait for the disk.
 */
export const prepareTransaction = async (client: Client): Promise<void> => {
  await client.query(`
    set local enable_seqscan = off;
    set local enable_hashjoin = off;
    set local enable_mergejoin = off;
    set local jit = off;
    set local synchronous_commit = off;
    set local timezone = 'UTC';
    set local datestyle = 'ISO, YMD'`)
}

/**
 * Folds batches into the families' tables, one after the other. The families fold at once, and go on while the server
 * takes in what they have handed out: one batch is written while the next is folded. Answers when all is written. For use
 * inside a prepared transaction; throws AppErrors (BAD_EVENT).
 */
export const foldBatches = async (
  client: Client,
  rowsOf: (client: SharedClient) => Rows,
  families: readonly Family[],
  batches: AsyncIterable<readonly Placed[]> | Iterable<readonly Placed[]>,
): Promise<void> => {
  const shared = shareClient(client)
  const rows = rowsOf(shared)
  let before: Promise<unknown> = Promise.resolve()
  try {
    for await (const events of batches) {
      const writes: Promise<void>[] = []
      const folded = await Promise.allSettled(
        families.map(async ({ fold }) => {
          for await (const changes of fold(rows, events)) writes.push(rows.write(changes))
        }),
      )
      const written = Promise.all(writes)
      written.catch(() => undefined)
      for (const one of folded) if (one.status === 'rejected') throw one.reason
      await before
      before = written
    }
    await before
  } finally {
    // after a failure too: the transaction is rolled back on an idle connection
    await shared.idle()
  }
}

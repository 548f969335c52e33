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
 * Folds a batch into the families' tables. The families fold at once, and each goes on while the server takes in what it
 * has handed out. For use inside a prepared transaction; throws AppErrors (BAD_EVENT).
 */
export const foldBatch = async (
  client: Client,
  rowsOf: (client: SharedClient) => Rows,
  families: readonly Family[],
  events: readonly Placed[],
): Promise<void> => {
  const shared = shareClient(client)
  const rows = rowsOf(shared)
  const written = families.map(async ({ fold }) => {
    const writes: Promise<void>[] = []
    for await (const changes of fold(rows, events)) writes.push(rows.write(changes))
    await Promise.all(writes)
  })
  try {
    await Promise.all(written)
  } finally {
    // after a failure too: the transaction is rolled back on an idle connection
    await Promise.allSettled(written)
    await shared.idle()
  }
}

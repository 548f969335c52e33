import type { Client } from '../src/postgres/connect.js'
import type { Family, Placed } from './family.js'
import { writeChanges } from './write-changes.js'

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

/** Folds a batch into the families' tables. For use inside a prepared transaction; throws AppErrors (BAD_EVENT). */
export const foldBatch = async (
  client: Client,
  schema: string,
  families: readonly Family[],
  events: readonly Placed[],
): Promise<void> => {
  for (const family of families) {
    const changes = await family.fold(client, schema, events)
    for (const change of changes) await writeChanges(client, schema, change)
  }
}

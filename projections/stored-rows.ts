import type { SharedClient } from './in-turn.js'
import type { Rows } from './rows.js'
import { selectByKeys } from './select-by-keys.js'
import { copyChanged, deleteStale } from './write-changes.js'

/** Rows in the tables of `schema`, which have their indexes: a batch costs one DELETE by key arrays and one COPY a table. */
export const storedRows =
  (schema: string) =>
  (client: SharedClient): Rows => ({
    select: (table, by, keys, columns) => selectByKeys(client, schema, table, by, keys, columns),
    write: (changes) =>
      client.inTurn(async (own) => {
        await deleteStale(own, schema, changes.table, changes.stale)
        if (changes.size > 0) await copyChanged(own, schema, changes.table, changes.rows())
      }),
  })

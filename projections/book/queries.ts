import type { Entry } from '../../src/decide/entry.js'
import { orThrow } from '../../src/errors.js'
import type { Client, Database } from '../../src/postgres/connect.js'
import { selectByKeys, type TextRow } from '../select-by-keys.js'
import { liveSchema } from '../table.js'
import { entryOf } from './entry-row.js'
import { book } from './tables.js'

const entriesOf = (rows: readonly TextRow[]): Map<string, Entry> =>
  new Map(rows.map((row) => [row['person_id']!, entryOf(row)]))

/** Times as text in UTC, whatever the session's zone is. */
const readBook = (db: Database, select: (client: Client) => Promise<readonly TextRow[]>): Promise<readonly TextRow[]> =>
  orThrow(
    db.transaction(async (client) => {
      await client.query(`set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'`)
      return select(client)
    }),
  )

/** The entries of these persons (UUIDs) by person id; whoever the ledger has not spoken of is absent. Throws AppErrors. */
export const loadEntries = async (
  db: Database,
  tenant: string,
  personIds: readonly string[],
): Promise<Map<string, Entry>> => {
  const keys = personIds.map((id) => ({ tenant, person_id: id }))
  return entriesOf(await readBook(db, (client) => selectByKeys(client, liveSchema, book, book.key, keys)))
}

/**
 * The entries of a tenant's persons that stand at one of these voters, by person id: linked to it, a duplicate at it, or
 * in review with it as the best candidate. Throws AppErrors.
 */
export const loadEntriesByVoters = async (
  db: Database,
  tenant: string,
  voters: readonly { readonly state: string; readonly svid: string }[],
): Promise<Map<string, Entry>> => {
  const keys = voters.map(({ state, svid }) => ({ tenant, state, svid }))
  const by = ['tenant', 'state', 'svid']
  return entriesOf(await readBook(db, (client) => selectByKeys(client, liveSchema, book, by, keys)))
}

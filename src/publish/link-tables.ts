import { sha256Hex } from '../../events/sha256.js'
import { type FoldedEntries, foldEntries, type Step } from '../../projections/book/fold-entries.js'
import { personVoterChanges } from '../../projections/book/fold-person-voter.js'
import { book, personVoter } from '../../projections/book/tables.js'
import { checkpoint, moveCheckpoint, readCheckpoint } from '../../projections/checkpoint.js'
import type { Placed } from '../../projections/family.js'
import { prepareTransaction } from '../../projections/fold-batch.js'
import { shareClient } from '../../projections/in-turn.js'
import { foldPids } from '../../projections/pid/fold-pids.js'
import { pid } from '../../projections/pid/table.js'
import { type Row, RowSet } from '../../projections/row-set.js'
import type { RowReader, Rows } from '../../projections/rows.js'
import { storedRows } from '../../projections/stored-rows.js'
import { columnsOf, createKeysSql, createTableSql, type Table } from '../../projections/table.js'
import { appError, orThrow } from '../errors.js'
import type { Client, Database } from '../postgres/connect.js'
import { quoteName } from '../postgres/quote-name.js'
import { readGone, readTable } from './read-rows.js'

/**
 * The book that is only folded on, never asked: the whole entry stands in the column that `book` has for the odd ones. Its
 * JSON as text, which the server takes unread.
 */
const entry: Table = {
  ...{ name: 'entry', version: book.version, key: book.key },
  columns: columnsOf({ tenant: 'text not null', person_id: 'uuid not null', entry: 'text not null' }),
}

/**
 * The publisher's own copy of the tables whose rows it publishes, and of the book that they are folded from. It is folded
 * by the code that folds the live ones, batch by batch as Kafka takes them in, so that what changes from one published
 * position to the next is exactly what the fold says. The live tables can't tell: they may be ahead, and then show neither
 * a link that came and went nor who held a voter in between.
 */
const tables = [entry, personVoter, pid]

/** The code that the copy was folded by: another one's can't be gone on with. */
export const foldedBy = tables.map(({ name, version }) => `${name}.${version}`).join(' ')

/** Net changes of a batch to the published tables. */
export interface LinkChanges {
  readonly personVoter: RowSet
  readonly pid: RowSet
}

export interface LinkTables {
  /** Empties the copy unless it stands at `to` or before it, and answers where it stands then; −1: nowhere. */
  readonly prepare: (to: number) => Promise<number>
  /** Where the copy stands that other code has folded, and that `prepare` has put aside; undefined: there is none. */
  readonly aside: () => Promise<number | undefined>
  /** Hands on all rows, a few thousand at a time, and the key columns of those that only the copy put aside has. */
  readonly readRows: (
    each: (table: Table, rows: readonly Row[], gone: readonly Row[]) => Promise<void>,
  ) => Promise<void>
  readonly dropAside: () => Promise<void>
  /**
   * Folds `events`, which follow `after`, hands on what they change, and moves the copy to the last of them once `publish`
   * has done: Kafka may be ahead of the copy, never behind it. Throws FENCED when the copy stands elsewhere than at `after`.
   */
  readonly fold: (
    after: number,
    events: readonly Placed[],
    publish: (changes: LinkChanges) => Promise<void>,
  ) => Promise<void>
  /**
   * The same for several batches one after the other, in one transaction: `work` folds them, and the copy moves to the last
   * one when it is done. What a batch changes is known before it is written.
   */
  readonly foldSeveral: (after: number, work: (fold: FoldBatch) => Promise<void>) => Promise<void>
}

export type FoldBatch = (events: readonly Placed[]) => Promise<LinkChanges>

const asideOf = (schema: string): string => `${schema}_old`

/** One publisher at a time works on the copy; another waits until that one's batch is in, or was refused. */
const lock = async (client: Client, schema: string): Promise<void> => {
  await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [schema])
}

/** What stands in the schema, by the code that has folded it; undefined: there is no schema. */
const standing = async (client: Client, schema: string): Promise<string | undefined> => {
  const { rows } = await client.query<{ by: string | null }>(
    `select obj_description(oid, 'pg_namespace') as by from pg_namespace where nspname = $1`,
    [schema],
  )
  return rows[0] === undefined ? undefined : (rows[0].by ?? '')
}

const drop = (client: Client, schema: string) => client.query(`drop schema if exists ${quoteName(schema)} cascade`)

const putAside = async (client: Client, schema: string): Promise<void> => {
  await drop(client, asideOf(schema))
  await client.query(`alter schema ${quoteName(schema)} rename to ${quoteName(asideOf(schema))}`)
}

const create = async (client: Client, schema: string): Promise<void> => {
  await drop(client, schema)
  await client.query(`create schema ${quoteName(schema)}`)
  for (const table of [checkpoint, ...tables]) {
    await client.query(createTableSql(schema, table))
    await client.query(createKeysSql(schema, table))
  }
  await client.query(`comment on schema ${quoteName(schema)} is '${foldedBy}'`)
}

const entryChanges = ({ steps, stored }: FoldedEntries): RowSet => {
  const set = new RowSet(entry)
  const last = new Map<string, Step>()
  for (const step of steps) last.set(step.key, step)
  for (const [key, { tenant, personId, after }] of last) {
    const row = { tenant, person_id: personId, entry: JSON.stringify(after) }
    if (stored.has(key)) set.replace(key, row)
    else set.add(row)
  }
  return set
}

/** What the changes of a batch are, and the tables that they go into. */
const foldInto = async (rows: Rows, events: readonly Placed[]): Promise<LinkChanges & { readonly entry: RowSet }> => {
  const reader: RowReader = {
    select: (table, ...by) => rows.select(table === book ? entry : table, ...by),
  }
  const folded = await foldEntries(reader, events)
  return {
    entry: entryChanges(folded),
    personVoter: await personVoterChanges(reader, folded.steps),
    pid: await foldPids(reader, events, folded.steps),
  }
}

/** Folds what `work` hands it, one batch after the other, and goes on while the server writes; answers the last position. */
const foldAll = async (
  client: Client,
  schema: string,
  work: (fold: FoldBatch) => Promise<void>,
): Promise<number | undefined> => {
  const shared = shareClient(client)
  const rows = storedRows(schema)(shared)
  const writes: Promise<void>[] = []
  let last: number | undefined
  try {
    await work(async (events) => {
      const changes = await foldInto(rows, events)
      for (const one of [changes.entry, changes.personVoter, changes.pid]) writes.push(rows.write(one))
      last = events[events.length - 1]!.position
      return changes
    })
    await Promise.all(writes)
    return last
  } finally {
    // after a failure too: the transaction is rolled back on an idle connection
    await shared.idle()
  }
}

/** Answers where the copy stands, that of other code put aside and that which is ahead emptied. */
const prepareCopy = async (client: Client, schema: string, to: number): Promise<number> => {
  await lock(client, schema)
  const by = await standing(client, schema)
  if (by === foldedBy) {
    const position = await readCheckpoint(client, schema)
    if (position <= to) return position
  } else if (by !== undefined) await putAside(client, schema)
  await create(client, schema)
  return -1
}

/** Where the copy for a prefix stands. */
export const copySchema = (prefix: string): string =>
  prefix === '' ? 'matchbook_kafka' : `matchbook_kafka_${sha256Hex(prefix).slice(0, 12)}`

/** The copy for what is published under a prefix. Throws what the database says. */
export const linkTables = (db: Database, prefix: string): LinkTables => {
  const schema = copySchema(prefix)
  const aside = asideOf(schema)
  const isAside = async (client: Client) => (await standing(client, aside)) !== undefined
  const foldSeveral: LinkTables['foldSeveral'] = (after, work) =>
    orThrow(
      db.transaction(async (client) => {
        await prepareTransaction(client)
        await lock(client, schema)
        if ((await readCheckpoint(client, schema)) !== after) {
          throw appError('FENCED', 'another publisher works under the same KAFKA_TOPIC_PREFIX')
        }
        const last = await foldAll(client, schema, work)
        if (last !== undefined) await moveCheckpoint(client, schema, last)
      }),
    )
  return {
    prepare: (to) => orThrow(db.transaction((client) => prepareCopy(client, schema, to))),
    aside: () =>
      orThrow(db.transaction(async (client) => ((await isAside(client)) ? readCheckpoint(client, aside) : undefined))),
    readRows: (each) =>
      orThrow(
        db.transaction(async (client) => {
          await prepareTransaction(client)
          const from = (await isAside(client)) ? aside : undefined
          for (const table of [personVoter, pid]) {
            for await (const gone of readGone(client, schema, from, table)) await each(table, [], gone)
            for await (const rows of readTable(client, schema, table)) await each(table, rows, [])
          }
        }),
      ),
    dropAside: () => orThrow(db.transaction((client) => drop(client, aside))).then(() => undefined),
    fold: (after, events, publish) => foldSeveral(after, async (fold) => publish(await fold(events))),
    foldSeveral,
  }
}

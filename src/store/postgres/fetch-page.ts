import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { AppError } from '../../errors.js'
import type { Database } from '../../postgres/connect.js'
import { type HashedRevision, maxBatchBytes, type StoredEvent } from '../event-store.js'

/** Rows that are events as they are; times by the server, as making them from Dates would cost us a tenth of a read. */
const asEvent = `position, stream, revision, id, type, body, sha256,
  to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "recordedAt"`

/** Positions or revisions from `from` to `to`, both included. Cut short when the bodies reach the bytes allowed. */
export interface Page {
  readonly from: number
  readonly to: number
}

/** Bounds alone would do; the limit keeps the planner at the index when the table has no statistics yet. */
const rowsOf = ({ from, to }: Page): number => to - from + 1

/**
 * octet_length reads a long body's length from its TOAST pointer, without the body; the window costs a tenth of a
 * page of 1 KB events.
 */
export const fetchPage = (database: Database, page: Page): TaskEither<AppError, readonly StoredEvent[]> =>
  database.query<StoredEvent>(
    `select ${asEvent}
      from (
        select page.*, sum(octet_length(body)) over (order by position rows unbounded preceding) as bytes
        from (select * from store.event where position between $1 and $2 order by position limit $3) page
      ) summed
      where bytes <= $4 or position = $1
      order by position`,
    [page.from, page.to, rowsOf(page), maxBatchBytes],
  )

/** As fetchPage, for one stream; `from` and `to` are revisions. */
export const fetchStreamPage = (
  database: Database,
  stream: string,
  page: Page,
): TaskEither<AppError, readonly StoredEvent[]> =>
  database.query<StoredEvent>(
    `select ${asEvent}
      from (
        select page.*, sum(octet_length(body)) over (order by revision rows unbounded preceding) as bytes
        from (
          select * from store.event
          where stream = $5 and revision between $1 and $2 order by revision limit $3
        ) page
      ) summed
      where bytes <= $4 or revision = $1
      order by revision`,
    [page.from, page.to, rowsOf(page), maxBatchBytes, stream],
  )

export const fetchHashes = (
  database: Database,
  stream: string,
  page: Page,
): TaskEither<AppError, readonly HashedRevision[]> =>
  database.query<{ revision: number; sha256: Buffer }>(
    `select revision, sha256 from store.event
    where stream = $1 and revision between $2 and $3 order by revision limit $4`,
    [stream, page.from, page.to, rowsOf(page)],
  )

/** In the order asked for; positions that hold no event are left out. */
export const fetchEvents = (
  database: Database,
  positions: readonly number[],
): TaskEither<AppError, readonly StoredEvent[]> =>
  database.query<StoredEvent>(
    `select ${asEvent}
      from unnest($1::bigint[]) with ordinality as asked (at, place)
      join store.event on position = at
      order by place`,
    [positions],
  )

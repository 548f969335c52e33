import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { AppError } from '../../errors.js'
import type { Database } from '../../postgres/connect.js'
import type { StoreSizes } from '../event-store.js'

export interface StreamEnd {
  readonly revision: number
  readonly position: number
}

/** The stream's last event, −1 and −1 when it has none. */
export const findStreamEnd = (database: Database, stream: string): TaskEither<AppError, StreamEnd> =>
  TE.map((rows: readonly StreamEnd[]) => rows[0] ?? { revision: -1, position: -1 })(
    database.query<{ revision: number; position: number }>(
      'select revision, position from store.event where stream = $1 order by revision desc limit 1',
      [stream],
    ),
  )

/** Position of the store's last event, −1 when it is empty. */
export const findHead = (database: Database): TaskEither<AppError, number> =>
  TE.map((rows: readonly { head: number }[]) => rows[0]!.head)(
    database.query<{ head: number }>('select coalesce(max(position), -1) as head from store.event'),
  )

/** Steps from name to name along the index of (stream, revision): what a scan of all events would say, in a look-up each. */
export const findSizes = (database: Database): TaskEither<AppError, StoreSizes> =>
  TE.map((rows: readonly { head: number; stream: string | null; size: number | null }[]) => ({
    position: rows[0]?.head ?? -1,
    streams: rows.flatMap(({ stream, size }) => (stream === null || size === null ? [] : [{ stream, size }])),
  }))(
    database.query<{ head: number; stream: string | null; size: number | null }>(
      `with recursive named (stream) as (
        (select stream from store.event order by stream limit 1)
        union all
        select (select e.stream from store.event e where e.stream > named.stream order by e.stream limit 1)
          from named where named.stream is not null
      )
      select (select coalesce(max(position), -1) from store.event) as head, stream,
             (select max(e.revision) + 1 from store.event e where e.stream = named.stream) as size
        from named where stream is not null order by stream`,
    ),
  )

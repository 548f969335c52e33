import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { AppError } from '../../errors.js'
import type { Database } from '../../postgres/connect.js'

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
